"""`/quay triggers`: the build triggers of a repository."""

from bot.domain.acts import Act
from handlers.acting.doing import do
from handlers.acts import triggers
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek
from handlers.grammar.one_repository import only


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """List them for whoever asked."""
    return await do(triggers.KIND, Act(triggers.NAME, only(ask.words, desk.quay_url)), ask.person, ask.channel, desk)


COMMAND = Command(
    word="triggers",
    usage=("triggers acme/web",),
    summary="List the build triggers of a repository",
    section="Builds",
    details=(
        "Each with its service, where it builds from, and whether it is switched on; the menu beside it starts a build "
        "or switches it. What a trigger knows as secrets is never shown. Takes the role admin."
    ),
    run=run,
    form=Form("List build triggers", (Field("repository", "Repository", Seek.REPOSITORY),), submit="List"),
)
