"""The button "Cancel" on a build card."""

from bot.domain.acts import Act
from handlers.acts import build_cancel
from handlers.building import target
from handlers.command import Action, Click, Desk, Reply
from handlers.doing import do


async def run(click: Click, desk: Desk) -> Reply | None:
    """Cancel the build with the clicker's own rights."""
    repository, build = target(click.value)
    act = Act(build_cancel.NAME, repository, {"build": build})
    return await do(build_cancel.KIND, act, click.person, click.channel, desk)


ACTION = Action(id="build_cancel", run=run)
