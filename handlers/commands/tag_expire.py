"""`/quay tag expire`: let a tag end at a certain time, or never by itself."""

from bot.rules.times import moment
from handlers.acting.doing import do
from handlers.acts import tag_expire
from handlers.clocks import zone_of
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek
from handlers.grammar import UsageError
from handlers.tag_words import named, tag_first


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Show what would happen; the button under that does it."""
    found, rest = tag_first(ask.words, desk.quay_url)
    text = " ".join(rest)
    if not text.strip():
        raise UsageError("When should it end? Name a time, or never.")
    never = text.strip().lower() == tag_expire.NEVER
    now = desk.clock.now()
    at = None if never else moment(text, now, await zone_of(ask.person, desk), past=False)
    return await do(tag_expire.KIND, tag_expire.wanted(named(found), at), ask.person, ask.channel, desk)


COMMAND = Command(
    word="tag expire",
    usage=(
        "tag expire acme/web:pr-17 in 2 weeks",
        "tag expire acme/web:pr-17 2026-11-30",
        "tag expire acme/web:v1 never",
    ),
    summary="Let a tag end at a certain time, or never",
    section="Tags",
    details=(
        "Quay removes the tag at that time by itself. Times are those of your own time zone in Slack: "
        "“in 2 weeks”, “tomorrow 18:00”, “2026-11-30”. First I show what would change; one click does it. It takes the "
        "role write in the repository."
    ),
    run=run,
    form=Form(
        "Let a tag expire",
        (
            Field("repository", "Repository", Seek.REPOSITORY),
            Field("tag", "Tag", Seek.TAG),
            Field("when", "When", placeholder="in 2 weeks", hint="A time in your own time zone, or never."),
        ),
    ),
)
