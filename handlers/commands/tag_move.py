"""`/quay tag move`: let a tag, new or not, point at another image of the repository."""

from bot.domain.acts import Act
from handlers.acting.doing import do
from handlers.acts import tag_move
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek
from handlers.grammar import UsageError
from handlers.tag_words import named, tag_first


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Show what would happen; the button under that does it."""
    found, rest = tag_first(ask.words, desk.quay_url)
    if len(rest) != 1:
        raise UsageError("Where to? Name another tag of the repository, or a digest.")
    act = Act(tag_move.NAME, named(found), {tag_move.TO: rest[0]})
    return await do(tag_move.KIND, act, ask.person, ask.channel, desk)


COMMAND = Command(
    word="tag move",
    usage=("tag move acme/web:prod v1.2", "tag move acme/web:prod sha256:…"),
    summary="Let a tag point at another image, or create one",
    section="Tags",
    details=(
        "The tag points then at the image that the other tag has now, or at the image with that digest; some tag of "
        "the repository has to have it. A tag that does not exist is created. First I show what would happen; one "
        "click does it. Channels with alerts about pushes of this tag are told as well. It takes the role write in the "
        "repository."
    ),
    run=run,
    form=Form(
        "Move or create a tag",
        (
            Field("repository", "Repository", Seek.REPOSITORY),
            Field("tag", "Tag to move, or to create", Seek.PAST_TAG),
            Field("to", "Tag that has the image", Seek.TAG, hint="For a digest, type the command."),
        ),
    ),
)
