"""Patterns as people write them: `*` for any characters, `?` for one. Pure, and quick whatever they are.

A target is "ns/repo", "ns/repo:tag", "ns", "ns+robot", or "" for the registry as a whole.
"""


def fits(pattern: str, text: str) -> bool:
    """Whether the whole text is of that pattern. `*` crosses slashes; upper and lower case differ.

    All places of the pattern at which the reading may stand are followed at once, one bit each: the time grows with the
    text, and no pattern can make it explode.
    """
    return bool(_standing(pattern, text) >> len(pattern) & 1)


def _standing(pattern: str, text: str) -> int:
    """The places of the pattern, one bit each, at which the reading may stand after the whole text."""
    stars, anything, exactly = 0, 0, dict[str, int]()
    for place, char in enumerate(pattern):
        bit = 1 << place
        if char == "*":
            stars |= bit
        elif char == "?":
            anything |= bit
        else:
            exactly[char] = exactly.get(char, 0) | bit
    standing = _past(1, stars)
    for char in text:
        standing = _past((standing & (anything | exactly.get(char, 0))) << 1 | standing & stars, stars)
        if not standing:
            break
    return standing


def _past(standing: int, stars: int) -> int:
    """Those places, and the ones behind stars that may stand for nothing."""
    while more := (standing & stars) << 1 & ~standing:
        standing |= more
    return standing


def covers(pattern: str, target: str) -> bool:
    """Whether a target is meant. A pattern without a colon means a repository with all its tags."""
    return fits(pattern, target if ":" in pattern else target.partition(":")[0])


def reaches(pattern: str, target: str) -> bool:
    """Whether a rule that takes something away is about that target: all that it covers, and what goes beyond that.

    A pattern for everything in a namespace ("ns/*") means its robot accounts and the namespace as well. What is done
    to a namespace as a whole, such as reading its log, reaches everything in it: so it is about that if the pattern
    fits anything there, a repository or a robot account. Patterns for single tags are about repositories only.
    """
    if covers(pattern, target):
        return True
    if "/" in target or ":" in pattern or not target:
        return False
    namespace, plus, _robot = target.partition("+")
    if plus:
        return _covers_all(pattern, f"{namespace}/")
    return _fits_some(pattern, f"{namespace}/") or _fits_some(pattern, f"{namespace}+")


def _fits_some(pattern: str, beginning: str) -> bool:
    """Whether the pattern fits some text that begins so and goes on."""
    return bool(_standing(pattern, beginning) & (1 << len(pattern)) - 1)


def _covers_all(pattern: str, beginning: str) -> bool:
    """Whether the pattern fits every text that begins so and goes on.

    It does if what is left of it, at one place, is stars, with one question mark at most.
    """
    standing = _standing(pattern, beginning)
    for place in range(len(pattern) - 1, -1, -1):
        rest = pattern[place:]
        if rest.strip("*?") or rest.count("?") > 1:
            break
        if "*" in rest and standing >> place & 1:
            return True
    return False
