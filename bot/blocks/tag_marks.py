"""How images, sizes and those who changed a tag look wherever tags are shown."""

from bot.blocks.text import code, plain, size
from bot.blocks.through import unusual
from bot.domain.images import GONE
from bot.domain.said import short_digest
from bot.domain.tag_steps import Author

_SQUARES = ("🟦", "🟧", "🟪", "🟩", "🟨", "🟫", "🟥", "⬛", "⬜")
_ROUNDS = ("🔵", "🟠", "🟣", "🟢", "🟡", "🟤", "🔴", "⚫", "⚪")
_COLOURS = (*_SQUARES, *_ROUNDS)
_DID = {
    "push_repo": "pushed",
    "create_tag": "created",
    "move_tag": "moved",
    "revert_tag": "restored",
    "delete_tag": "deleted",
}


def mark(number: int) -> str:
    """The colour of the image with that number. After eighteen images they begin anew: then the digest tells."""
    return _COLOURS[number % len(_COLOURS)]


def image(sha: str) -> str:
    """The short form of a digest, as code; "nothing" for that of a tag that is not there."""
    return code(short_digest(sha)) if sha not in ("", GONE) else "nothing"


def sized(number: int | None, *, is_list: bool = False) -> str:
    """How big; an index has no size of its own (facts §3.1)."""
    return "several platforms" if is_list else size(number)


def by(author: Author | None, common: str | None = None) -> str:
    """Who it was: "by acme+ci". Empty for nobody.

    `common` is the application that goes without saying; another one is named: "by acme+ci with skopeo". None: all do.
    """
    if author is None:
        return ""
    through = "" if common is None else unusual(author.application, common)
    return f"by *{plain(author.name, 80)}*{f' with {through}' if through else ''}"


def did(author: Author | None, common: str | None = None) -> str:
    """The same with what they did to the tag: "pushed by acme+ci"."""
    return f"{_verb(author)} {by(author, common)}" if author else ""


def deed(author: Author) -> str:
    """The same as the beginning of a sentence without markup: "acme+ci pushed it"."""
    return f"{author.name} {_verb(author)} it"


def _verb(author: Author) -> str:
    return _DID.get(author.kind, "changed")
