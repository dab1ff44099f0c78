"""The button "Retry" on a build card: requests the same build again."""

from bot.domain.acts import Act
from handlers.acting.doing import do
from handlers.acts import build_retry
from handlers.building import target
from handlers.command import Action, Click, Desk, Reply


async def run(click: Click, desk: Desk) -> Reply | None:
    """Request it with the clicker's own rights; the new build gets a card of its own in the same channel."""
    repository, old = target(click.value)
    act = Act(build_retry.NAME, repository, {"build": old})
    return await do(build_retry.KIND, act, click.person, click.channel, desk)


ACTION = Action(id="build_retry", run=run)
