"""`/quay tag labels`: the labels of a tag's image, and putting one on or taking one off."""

from bot.blocks.text import code
from handlers.acting.doing import do
from handlers.acts import label_add, label_remove, tag_labels
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek
from handlers.grammar import Option, Spec, UsageError
from handlers.tag_words import tag_first

SPEC = Spec(
    (
        Option("add", "KEY=VALUE", "a label to put on the image"),
        Option("remove", "KEY", "a label to take off it; KEY=VALUE where the key is there more than once"),
    )
)


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Show them, or change one, with the asker's own account."""
    given = SPEC.parse(ask.words)
    about, rest = tag_first(given.words, desk.quay_url)
    if rest:
        raise UsageError("Name one tag.")
    add, remove = given.one("add"), given.one("remove")
    if add and remove:
        raise UsageError("Put a label on or take one off, one after the other.")
    if add:
        key, value = _pair(add)
        act = label_add.wanted(about.repository, about.tag, key, value)
        return await do(label_add.KIND, act, ask.person, ask.channel, desk)
    if remove:
        key, _, value = remove.partition("=")
        act = label_remove.wanted(about.repository, about.tag, key.strip(), value)
        return await do(label_remove.KIND, act, ask.person, ask.channel, desk)
    return await do(tag_labels.KIND, tag_labels.wanted(about.repository, about.tag), ask.person, ask.channel, desk)


def _pair(word: str) -> tuple[str, str]:
    key, equals, value = word.partition("=")
    if not (equals and key.strip() and value):
        raise UsageError("A label is a key and a value with = between them.")
    return key.strip(), value


COMMAND = Command(
    word="tag labels",
    usage=(
        "tag labels acme/web:v1",
        "tag labels acme/web:v1 --add approved-by=alice",
        "tag labels acme/web:v1 --remove approved-by",
    ),
    summary="Show the labels of a tag's image, or change them",
    section="Tags",
    details=(
        "Shows the labels of the image that a tag has now. It takes the read role. "
        f"{code('--add KEY=VALUE')} puts one on it, {code('--remove KEY')} takes one off, after a look at what would "
        "happen; both take the write role and can be undone for a while. Labels belong to the image: all tags that "
        "point at it share them. Those that the image was built with cannot be taken off."
    ),
    run=run,
    form=Form(
        "Labels of a tag",
        (
            Field("repository", "Repository", Seek.REPOSITORY),
            Field("tag", "Tag", Seek.TAG),
            Field("add", "Put on", option="add", optional=True, placeholder="approved-by=alice"),
            Field("remove", "Take off", option="remove", optional=True, placeholder="approved-by"),
        ),
    ),
)
