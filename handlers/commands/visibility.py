"""`/quay visibility`: show a repository to everybody, or only to those with a role."""

from handlers.acting.doing import do
from handlers.acts import visibility
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek
from handlers.grammar import UsageError
from handlers.grammar.one_repository import first

_WORDS = ("public", "private")


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Show what would change, and ask."""
    repository, rest = first(ask.words, desk.quay_url)
    if len(rest) != 1 or rest[0].lower() not in _WORDS:
        raise UsageError("Say public or private behind the repository.")
    act = visibility.wanted(repository, rest[0].lower())
    return await do(visibility.KIND, act, ask.person, ask.channel, desk)


COMMAND = Command(
    word="visibility",
    usage=("visibility acme/web public|private",),
    summary="Make a repository public or private",
    section="Repositories",
    details=(
        "Shows what changes for whom, asks once, and looks afterwards whether it is so. *Public means that everybody "
        "who reaches the registry can pull it without an account.* Takes the role admin. Can be undone for an hour, as "
        "long as nobody has changed it since."
    ),
    run=run,
    form=Form(
        "Change visibility",
        (
            Field("repository", "Repository", Seek.REPOSITORY),
            Field(
                "visibility",
                "Visibility",
                choices=(("private", "Private: only those with a role"), ("public", "Public: everybody can pull it")),
            ),
        ),
    ),
)
