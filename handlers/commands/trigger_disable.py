"""`/quay trigger disable`: switch a build trigger off."""

from handlers.acts.trigger_switch import DISABLE
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek
from handlers.switching import DETAILS, switch


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Show what follows, and ask."""
    return await switch(DISABLE, ask, desk)


COMMAND = Command(
    word="trigger disable",
    usage=("trigger disable acme/web [TRIGGER]",),
    summary="Switch a build trigger off",
    section="Builds",
    details=DETAILS,
    run=run,
    form=Form(
        "Switch off a trigger",
        (Field("repository", "Repository", Seek.REPOSITORY), Field("trigger", "Build trigger", Seek.TRIGGER)),
    ),
)
