"""The button "Logs" on a build card: opens the log window with the end of the log."""

from handlers.acts.build_logs import wanted
from handlers.building import target
from handlers.command import Action, Click, Desk
from handlers.log_window import fill
from handlers.modals.build_log import Window, loading


async def run(click: Click, desk: Desk) -> None:
    """Open the window at once (the trigger lives for 3 s) and fill it when Quay has answered."""
    repository, build = target(click.value)
    await desk.gate.linked(wanted(repository, build), click.person, click.channel)
    window = Window(repository, build, desk.quay_url, private=click.origin.pack())
    view = await desk.voice.open(click.trigger, loading(window))
    await fill(window, view, click, desk)


ACTION = Action(id="build_logs", run=run, window=True)
