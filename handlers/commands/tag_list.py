"""`/quay tag list`: the living tags of a repository."""

from bot.blocks.text import code
from handlers.acting.doing import do
from handlers.acts.tag_list import KIND, wanted
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek
from handlers.grammar import UsageError, reference

_LONGEST = 128  # characters of a tag


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Read them with the asker's own account."""
    if not 1 <= len(ask.words) <= 2:
        raise UsageError("Name one repository, and a part of the tags' names if you like.")
    about = reference(ask.words[0], desk.quay_url)
    like = ask.words[1] if len(ask.words) == 2 else about.tag
    if len(like) > _LONGEST or not like.isprintable() or " " in like:
        raise UsageError(f"A tag has at most {_LONGEST} characters, without blanks.")
    return await do(KIND, wanted(about.repository, like), ask.person, ask.channel, desk)


COMMAND = Command(
    word="tag list",
    usage=("tag list acme/web", "tag list acme/web v1."),
    summary="List the tags of a repository",
    section="Tags",
    details=(
        "Lists the living tags, the newest first, with image, size, age and when they expire. A second word is a part "
        f"of their names. It takes the read role. {code('/quay tag history')} shows one tag's deleted images as well."
    ),
    run=run,
    form=Form(
        "Tags of a repository",
        (
            Field("repository", "Repository", Seek.REPOSITORY),
            Field("filter", "Part of their names", optional=True, placeholder="v1."),
        ),
        submit="Show",
    ),
)
