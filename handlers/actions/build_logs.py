"""The button "Logs" on a build card: opens the log window with the end of the log."""

from handlers.building import target
from handlers.command import Action, Click, Desk
from handlers.log_window import fill
from handlers.modals.build_log import Window, loading


async def run(click: Click, desk: Desk) -> None:
    """Open the window at once (the trigger lives for 3 s) and fill it when Quay has answered."""
    repository, build = target(click.value)
    account = await desk.accounts.of(click.person)
    window = Window(repository, build, desk.quay_url, private=click.origin.pack())
    view = await desk.voice.open(click.trigger, loading(window))
    await fill(window, view, desk.registry.as_token(account.token), desk)


ACTION = Action(id="build_logs", run=run)
