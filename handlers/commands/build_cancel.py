"""`/quay build cancel`: end a build."""

from handlers.acting.doing import do
from handlers.acts import build_cancel
from handlers.build_name import HOW, asked_for
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Show what would be lost, and ask."""
    kind, act = await asked_for(build_cancel.KIND, ask, desk)
    return await do(kind, act, ask.person, ask.channel, desk)


COMMAND = Command(
    word="build cancel",
    usage=("build cancel dbf23442", "build cancel acme/web dbf23442"),
    summary="Cancel a build",
    section="Builds",
    details=(
        HOW
        + "Shows how far it is and what is lost, and asks once. Takes the role admin, even for your own build. Quay "
        + "surely cancels only builds that wait."
    ),
    run=run,
    form=Form(
        "Cancel a build",
        (Field("repository", "Repository", Seek.REPOSITORY), Field("build", "Build", Seek.BUILD)),
        submit="Go on",
    ),
)
