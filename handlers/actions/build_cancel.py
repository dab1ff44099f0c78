"""The button "Cancel" on a build card."""

from dataclasses import replace

from bot.domain.acts import Act
from handlers.acting.doing import do
from handlers.acts import build_cancel
from handlers.building import target
from handlers.command import Action, Click, Desk, Reply


async def run(click: Click, desk: Desk) -> Reply | None:
    """Cancel the build with the clicker's own rights. The button has asked already, so nothing is asked again."""
    repository, build = target(click.value)
    act = Act(build_cancel.NAME, repository, {"build": build})
    return await do(replace(build_cancel.KIND, preview=None), act, click.person, click.channel, desk)


ACTION = Action(id="build_cancel", run=run)
