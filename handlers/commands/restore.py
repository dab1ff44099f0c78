"""`/quay restore`: let a tag point at an image that it had before."""

from bot.blocks.text import code
from bot.domain.acts import Act
from bot.rules.digests import SHORTEST, beginning
from bot.rules.times import NoTime, moment
from handlers.acting.doing import do
from handlers.acts import restore
from handlers.clocks import zone_of
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek
from handlers.grammar import UsageError
from handlers.tag_words import named, tag_first
from handlers.typed_times import kept

_PREVIOUS = "previous"


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Show what would come back; the button under that does it."""
    found, rest = tag_first(ask.words, desk.quay_url)
    act = Act(restore.NAME, named(found), await _meant(" ".join(rest), ask, desk))
    return await do(restore.KIND, act, ask.person, ask.channel, desk)


async def _meant(text: str, ask: Ask, desk: Desk) -> dict[str, str]:
    if text.strip().lower() in ("", _PREVIOUS):
        return {}
    if beginning(text):
        return {restore.TO: text.strip().lower()}
    try:
        at = moment(text, desk.clock.now(), await zone_of(ask.person, desk), past=True)
    except NoTime:
        raise UsageError(
            f"I cannot tell which image “{text[:60]}” is. Give at least {SHORTEST} digits of a digest, "
            f"`{_PREVIOUS}`, or a time like 2h ago."
        ) from None
    return {restore.AT: kept(text, at)}


COMMAND = Command(
    word="restore",
    usage=(
        "restore acme/web:latest",
        "restore acme/web:latest DIGEST",
        'restore acme/web:latest "2h ago"',
        "restore acme/web:latest yesterday 18:00",
    ),
    summary="Let a tag point at an image that it had before",
    section="Tags",
    details=(
        "Without more words, the tag goes back to the image that it had before. You can also name an image by its "
        f"digest, or at least the first seven digits of it ({code('/quay tag history')} shows them), or a time: then "
        "it is the image that the tag had at that time. I only restore what this very tag has had. A tag that was "
        "deleted comes back. First I show what would happen, vulnerabilities included; one click does it, and I check "
        "that it has worked. The channel is told, and so are the channels that get alerts about pushes of this tag, "
        "because Quay itself tells nobody of a restore. It takes the role write in the repository. "
        f"{code('/quay tag restore')} is another way to type it."
    ),
    run=run,
    form=Form(
        "Restore a tag",
        (
            Field("repository", "Repository", Seek.REPOSITORY),
            Field("tag", "Tag", Seek.PAST_TAG),
            Field(
                "to",
                "Image",
                Seek.DIGEST,
                optional=True,
                hint="Without one, the tag goes back to the image that it had before.",
            ),
        ),
    ),
)
