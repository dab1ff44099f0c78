"""`/quay tag delete`."""

from bot.domain.acts import Act
from handlers.acting.doing import do
from handlers.acts import tag_delete
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek
from handlers.grammar import UsageError
from handlers.tag_words import named, tag_first


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Show what would go; the button under that does it."""
    found, rest = tag_first(ask.words, desk.quay_url)
    if rest:
        raise UsageError("Name one tag at a time.")
    return await do(tag_delete.KIND, Act(tag_delete.NAME, named(found)), ask.person, ask.channel, desk)


COMMAND = Command(
    word="tag delete",
    usage=("tag delete acme/web:old",),
    summary="Delete a tag",
    section="Tags",
    details=(
        "First I show what the tag points at, which other tags have the same image, whether it was pulled lately, and "
        "until when it can be restored; one click deletes it. It takes the role write in the repository."
    ),
    run=run,
    form=Form(
        "Delete a tag",
        (Field("repository", "Repository", Seek.REPOSITORY), Field("tag", "Tag", Seek.TAG)),
    ),
)
