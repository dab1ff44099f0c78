"""Patterns as people write them: `*` for any characters, `?` for one. Pure, and quick whatever they are."""


def fits(pattern: str, text: str) -> bool:
    """Whether the whole text is of that pattern. `*` crosses slashes; upper and lower case differ.

    All places of the pattern at which the reading may stand are followed at once, one bit each: the time grows with the
    text, and no pattern can make it explode.
    """
    stars, anything, exactly, places = 0, 0, dict[str, int](), 0
    for place, char in enumerate(pattern):
        bit = 1 << place
        if char == "*":
            stars |= bit
        elif char == "?":
            anything |= bit
        else:
            exactly[char] = exactly.get(char, 0) | bit
        places = place + 1
    standing = _past(1, stars)
    for char in text:
        standing = _past((standing & (anything | exactly.get(char, 0))) << 1 | standing & stars, stars)
        if not standing:
            return False
    return bool(standing >> places & 1)


def _past(standing: int, stars: int) -> int:
    """Those places, and the ones behind stars that may stand for nothing."""
    while more := (standing & stars) << 1 & ~standing:
        standing |= more
    return standing


def covers(pattern: str, target: str) -> bool:
    """Whether a target is meant. A pattern without a colon means a repository with all its tags."""
    return fits(pattern, target if ":" in pattern else target.partition(":")[0])
