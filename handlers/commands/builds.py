"""`/quay builds`: the newest builds of a repository."""

from bot.domain.acts import Act
from handlers.acting.doing import do
from handlers.acts import builds
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek
from handlers.grammar.one_repository import only


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """List them for whoever asked."""
    return await do(builds.KIND, Act(builds.NAME, only(ask.words, desk.quay_url)), ask.person, ask.channel, desk)


COMMAND = Command(
    word="builds",
    usage=("builds acme/web",),
    summary="List the newest builds of a repository",
    section="Builds",
    details=(
        "The newest ten: how each went, what it was built from, who asked for it and when. The menu beside a build "
        "opens its log, builds it again, or cancels it. Takes the role read."
    ),
    run=run,
    form=Form("List builds", (Field("repository", "Repository", Seek.REPOSITORY),), submit="List"),
)
