"""`/quay repo`: the summary card of a repository."""

from bot.domain.acts import Act
from handlers.acting.doing import do
from handlers.acts import repo
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek
from handlers.grammar.one_repository import only


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Show it to whoever asked."""
    return await do(repo.KIND, Act(repo.NAME, only(ask.words, desk.quay_url)), ask.person, ask.channel, desk)


COMMAND = Command(
    word="repo",
    usage=("repo acme/web",),
    summary="Show a repository: who sees it, its tags, its newest build",
    section="Repositories",
    details=(
        "One card with its description, who sees it, what you may do there, how many tags it has and which is the "
        "newest, its newest build, and for how long old versions can be restored. Takes the role read."
    ),
    run=run,
    form=Form("Show a repository", (Field("repository", "Repository", Seek.REPOSITORY),), submit="Show"),
)
