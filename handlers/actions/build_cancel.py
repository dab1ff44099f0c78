"""The button "Cancel" on a build card."""

from bot.blocks.text import code
from handlers.building import target
from handlers.command import Action, Click, Desk, Reply
from handlers.words import whisper


async def run(click: Click, desk: Desk) -> Reply:
    """Cancel the build with the clicker's own rights, and look at once what became of it."""
    repository, build = target(click.value)
    account = await desk.accounts.of(click.person)
    await desk.registry.as_token(account.token).cancel_build(repository, build)
    now = desk.clock.now()
    await desk.watches.add(repository, build, click.person, now)
    await desk.watches.hurry(build, now)
    return whisper(f"I asked Quay to cancel this build of {code(repository, 300)}. Its card will show it.")


ACTION = Action(id="build_cancel", run=run)
