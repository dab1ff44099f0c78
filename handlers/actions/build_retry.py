"""The button "Retry" on a build card: requests the same build again."""

from handlers.building import follow, queued, target
from handlers.command import Action, Click, Desk, Reply


async def run(click: Click, desk: Desk) -> Reply:
    """Request it with the clicker's own rights; the new build gets a card of its own in the same channel."""
    repository, old = target(click.value)
    account = await desk.accounts.of(click.person)
    build = await desk.registry.as_token(account.token).retry_build(repository, old)
    await follow(build, click.person, click.channel, desk)
    return queued(build)


ACTION = Action(id="build_retry", run=run)
