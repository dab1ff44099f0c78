"""`/quay tag diff`: two images of a tag beside each other."""

from collections.abc import Sequence

from bot.blocks.text import code
from bot.domain.errors import UserError
from bot.rules.tag_rows import looks_like_a_digest
from bot.rules.times import moment
from handlers.acts.tag_diff import AT, CURRENT, KIND, PREVIOUS, wanted
from handlers.clocks import zone_of
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek
from handlers.doing import do
from handlers.grammar import UsageError
from handlers.tag_words import tag_first

_AGO = "ago"  # "2h ago" is one thing, also without quotation marks


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Find out which two are meant, then read them with the asker's own account."""
    about, rest = tag_first(joined(ask.words), desk.quay_url)
    if len(rest) > 2:
        raise UsageError("Name one tag, and at most two images of it.")
    sides = [await _side(word, ask, desk) for word in rest]
    first, second = (*sides, *(PREVIOUS, CURRENT)[len(sides) :]) if len(sides) != 1 else (sides[0], CURRENT)
    return await do(KIND, wanted(about.repository, about.tag, first, second), ask.person, ask.channel, desk)


def joined(words: Sequence[str]) -> tuple[str, ...]:
    """The words, with "ago" put to the one before it."""
    found: list[str] = []
    for word in words:
        if word.lower() == _AGO and len(found) > 1:
            found[-1] += f" {_AGO}"
        else:
            found.append(word)
    return tuple(found)


async def _side(word: str, ask: Ask, desk: Desk) -> str:
    """The word as the act takes it: a time as an instant, everything else as it is."""
    if word.lower() in (PREVIOUS, CURRENT):
        return word.lower()
    if word.startswith(":") or looks_like_a_digest(word):
        return word
    try:
        at = moment(word, desk.clock.now(), await zone_of(ask.person, desk), past=True)
    except UserError as error:
        if " " in word:  # no tag has a blank in its name
            raise UsageError(error.say) from error
        return word
    return f"{AT}{at.isoformat()}"


COMMAND = Command(
    word="tag diff",
    usage=("tag diff acme/web:latest", "tag diff acme/web:latest 2h ago", "tag diff acme/web:latest 1a2b3c4d v1.2"),
    summary="Compare two images of a tag",
    section="Tags",
    details=(
        "Compares the image that the tag had before with the one that it has now: sizes, layers, platforms, labels, "
        "and vulnerabilities that came or went. Name one image to compare it with the present one, or two: "
        f"{code('previous')}, {code('current')}, a digest or its first seven digits, a time "
        f"({code('2h ago')}, {code('yesterday 18:00')} in quotation marks), or another tag "
        f"({code(':monday')} where it could be a time). It takes the read role. Of images that are only in the "
        "history Quay still tells the vulnerabilities, but no layers and no labels."
    ),
    run=run,
    form=Form(
        "Compare two images",
        (
            Field("repository", "Repository", Seek.REPOSITORY),
            Field("tag", "Tag", Seek.PAST_TAG),
            Field("first", "From", optional=True, placeholder="previous", hint="previous, 2h ago, a digest, or a tag"),
            Field("second", "To", optional=True, placeholder="current"),
        ),
        submit="Compare",
    ),
)
