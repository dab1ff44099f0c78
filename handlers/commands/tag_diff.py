"""`/quay tag diff`: two images of a tag beside each other."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from functools import partial

from bot.blocks.text import code
from bot.domain.errors import UserError
from bot.rules.digests import beginning
from bot.rules.times import moment
from handlers.acting.doing import do
from handlers.acts.tag_diff import AT, CURRENT, KIND, PREVIOUS, wanted
from handlers.clocks import zone_of
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek
from handlers.grammar import UsageError
from handlers.tag_words import tag_first
from handlers.typed_times import kept


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Find out which two are meant, then read them with the asker's own account."""
    about, rest = tag_first(ask.words, desk.quay_url)
    now, zone = desk.clock.now(), await zone_of(ask.person, desk) if rest else UTC
    sides = [_side(word, now, zone) for word in apart(rest, partial(_is_time, now=now, zone=zone))]
    first, second = (*sides, *(PREVIOUS, CURRENT)[len(sides) :]) if len(sides) != 1 else (sides[0], CURRENT)
    return await do(KIND, wanted(about.repository, about.tag, first, second), ask.person, ask.channel, desk)


def apart(words: Sequence[str], is_time: Callable[[str], bool]) -> tuple[str, ...]:
    """The words as at most two images: what has several words is a time ("2h ago current" are two).

    Raises UsageError if they cannot be cut so.
    """
    if len(words) < 2:
        return tuple(words)
    for cut in (len(words), *range(1, len(words))):
        sides = tuple(" ".join(side) for side in (words[:cut], words[cut:]) if side)
        if all(" " not in side or is_time(side) for side in sides):
            return sides
    raise UsageError("Name one tag, and at most two images of it. A time is written like 2h ago, or yesterday 18:00.")


def _is_time(words: str, now: datetime, zone: tzinfo) -> bool:
    try:
        moment(words, now, zone, past=True)
    except UserError:
        return False
    return True


def _side(word: str, now: datetime, zone: tzinfo) -> str:
    """The word as the act takes it: a time as an instant, everything else as it is."""
    if word.lower() in (PREVIOUS, CURRENT):
        return word.lower()
    if word.startswith(":") or beginning(word):
        return word
    try:
        return f"{AT}{kept(word, moment(word, now, zone, past=True))}"
    except UserError as error:
        if " " in word:  # no tag has a blank in its name
            raise UsageError(error.say) from error
        return word


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
            Field("first", "From", Seek.DIGEST, optional=True, hint="The image before, unless you choose another one."),
            Field("second", "To", Seek.DIGEST, optional=True, hint="The present one, unless you choose another one."),
        ),
        submit="Compare",
    ),
)
