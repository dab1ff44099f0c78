"""`/quay build retry`: the same build once more."""

from handlers.acting.doing import do
from handlers.acts import build_retry
from handlers.build_name import HOW, asked_for
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Request it with the asker's own account."""
    kind, act = await asked_for(build_retry.KIND, ask, desk)
    return await do(kind, act, ask.person, ask.channel, desk)


COMMAND = Command(
    word="build retry",
    usage=("build retry dbf23442", "build retry acme/web dbf23442"),
    summary="Build the same once more",
    section="Builds",
    details=(
        HOW
        + "Archive or trigger, commit, tags and options are the same; the new build gets a card of its own. Takes the "
        + "role write."
    ),
    run=run,
    form=Form(
        "Build again",
        (Field("repository", "Repository", Seek.REPOSITORY), Field("build", "Build", Seek.BUILD)),
        submit="Build",
    ),
)
