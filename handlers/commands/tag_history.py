"""`/quay tag history`: everything that a tag has pointed at, as a picture."""

from bot.blocks.text import code
from handlers.acting.doing import do
from handlers.acts.tag_history import KIND, wanted
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek
from handlers.grammar import UsageError
from handlers.tag_words import tag_first


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Read it with the asker's own account."""
    about, rest = tag_first(ask.words, desk.quay_url)
    if rest:
        raise UsageError("Name one tag.")
    return await do(KIND, wanted(about.repository, about.tag), ask.person, ask.channel, desk)


COMMAND = Command(
    word="tag history",
    usage=("tag history acme/web:latest",),
    summary="Show everything that a tag has pointed at",
    section="Tags",
    details=(
        "Shows each step of a tag, the newest on top: which image, when and for how long, what was restored, and when "
        "the tag was deleted. Each image has a colour of its own, so going back to an earlier one is seen at once. "
        "It takes the read role; who did it takes the admin role, because it stands in Quay's usage log. "
        f"{code('/quay tag diff')} compares two images, {code('/quay restore')} brings one back."
    ),
    run=run,
    form=Form(
        "History of a tag",
        (Field("repository", "Repository", Seek.REPOSITORY), Field("tag", "Tag", Seek.PAST_TAG)),
        submit="Show",
    ),
)
