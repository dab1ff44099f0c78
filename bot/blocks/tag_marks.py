"""How images, sizes and ages look wherever tags are shown."""

from datetime import datetime

from bot.blocks.cards.quota import size
from bot.blocks.text import code, digest, humane, plain
from bot.domain.tag_steps import Author

_SQUARES = ("🟦", "🟧", "🟪", "🟩", "🟨", "🟫", "🟥", "⬛", "⬜")
_ROUNDS = ("🔵", "🟠", "🟣", "🟢", "🟡", "🟤", "🔴", "⚫", "⚪")
_COLOURS = (*_SQUARES, *_ROUNDS)
_NO_COLOUR = "▪️"  # more images than colours: those that came only once are the last to get one
_DID = {
    "push_repo": "pushed by",
    "create_tag": "created by",
    "move_tag": "moved here by",
    "revert_tag": "by",
    "delete_tag": "by",
}


def mark(number: int) -> str:
    """The colour of the image with that number: two images never share one."""
    return _COLOURS[number] if number < len(_COLOURS) else _NO_COLOUR


def image(sha: str) -> str:
    """The short form of a digest, as code."""
    return code(digest(sha))


def sized(number: int | None, *, is_list: bool = False) -> str:
    """How big; an index has no size of its own (Quay §3.1)."""
    return "several platforms" if is_list else size(number)


def age(then: datetime, now: datetime) -> str:
    """How long ago, in the two biggest units."""
    return f"{humane(now - then)} ago"


def author(who: Author | None) -> str:
    """What somebody did, by name: "pushed by acme+ci with skopeo". Empty for nobody."""
    if who is None:
        return ""
    through = f" with {plain(who.application, 60)}" if who.application else ""
    return f"{_DID.get(who.kind, 'by')} *{plain(who.name, 80)}*{through}"
