"""`/quay build status`: how a build is doing."""

from handlers.acting.doing import do
from handlers.acts import build_status
from handlers.build_name import HOW, asked_for
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Show it to whoever asked."""
    kind, act = await asked_for(build_status.KIND, ask, desk)
    return await do(kind, act, ask.person, ask.channel, desk)


COMMAND = Command(
    word="build status",
    usage=("build status dbf23442", "build status acme/web dbf23442"),
    summary="Show how a build is doing",
    section="Builds",
    details=(HOW + "Takes the role read."),
    run=run,
    form=Form(
        "Show a build",
        (Field("repository", "Repository", Seek.REPOSITORY), Field("build", "Build", Seek.BUILD)),
        submit="Show",
    ),
)
