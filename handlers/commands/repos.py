"""`/quay repos`: the repositories of a namespace."""

from handlers.acting.doing import do
from handlers.acts import repos
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek
from handlers.grammar import UsageError
from handlers.grammar.subjects import subject


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """List them for whoever asked."""
    if len(ask.words) != 1:
        raise UsageError("Name one namespace: an organization, or a user.")
    namespace = subject(ask.words[0].rstrip("/"), desk.quay_url).repository.partition("/")[0]
    return await do(repos.KIND, repos.wanted(namespace), ask.person, ask.channel, desk)


COMMAND = Command(
    word="repos",
    usage=("repos acme",),
    summary="List the repositories of a namespace",
    section="Repositories",
    details=(
        "Those that your own account sees, with who sees them, their state and when they changed last; 25 at a time. "
        "Quay does not tell a namespace that is not there from one in which you see nothing."
    ),
    run=run,
    form=Form("List repositories", (Field("namespace", "Namespace", Seek.NAMESPACE),), submit="List"),
)
