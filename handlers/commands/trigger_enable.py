"""`/quay trigger enable`: switch a build trigger on."""

from handlers.acts.trigger_switch import ENABLE
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek
from handlers.switching import DETAILS, switch


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Show what follows, and ask."""
    return await switch(ENABLE, ask, desk)


COMMAND = Command(
    word="trigger enable",
    usage=("trigger enable acme/web [TRIGGER]",),
    summary="Switch a build trigger on",
    section="Builds",
    details=DETAILS,
    run=run,
    form=Form(
        "Switch on a trigger",
        (Field("repository", "Repository", Seek.REPOSITORY), Field("trigger", "Build trigger", Seek.TRIGGER)),
    ),
)
