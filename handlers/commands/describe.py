"""`/quay describe`: another description for a repository."""

from handlers.acting.doing import do
from handlers.acts import describe
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek
from handlers.grammar import UsageError
from handlers.grammar.one_repository import first


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Show the old and the new one, and ask."""
    repository, rest = first(ask.words, desk.quay_url)
    if len(rest) != 1:
        raise UsageError('Put the description into quotation marks: "The web shop". Two of them ("") remove it.')
    text = rest[0]
    if len(text) > describe.LONGEST:
        raise UsageError(f"That is too long: a description may have {describe.LONGEST:,} characters here.")
    return await do(describe.KIND, describe.wanted(repository, text), ask.person, ask.channel, desk)


COMMAND = Command(
    word="describe",
    usage=('describe acme/web "The web shop"',),
    summary="Change the description of a repository",
    section="Repositories",
    details=(
        "Shows the old and the new description, asks once, and looks afterwards whether it is so. Quay shows "
        "descriptions as Markdown. Takes the role write. Can be undone for an hour, as long as nobody has changed it."
    ),
    run=run,
    form=Form(
        "Change the description",
        (
            Field("repository", "Repository", Seek.REPOSITORY),
            Field("description", "New description", multiline=True, hint="Markdown. It replaces the old one."),
        ),
    ),
)
