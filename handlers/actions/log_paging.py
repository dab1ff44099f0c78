"""The buttons inside the log window: older lines, newer lines, look again."""

from handlers.acts.build_logs import wanted
from handlers.building import target
from handlers.command import Action, Click, Desk
from handlers.log_window import fill
from handlers.modals.build_log import Window


async def run(click: Click, desk: Desk) -> None:
    """Show the page that begins where the button says, or the end of the log if it names no place."""
    repository, build = target(click.value)
    await desk.gate.linked(wanted(repository, build), click.person, click.origin.channel)
    window = Window(repository, build, desk.quay_url, private=click.private)
    await fill(window, click.view, click, desk, start=beginning(click.value))


def beginning(value: str) -> int | None:
    """The number of the line that stands behind repository and build; None, which means the end, for no such number."""
    number = "".join(value.split()[2:3])
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None


OLDER = Action(id="build_log_older", run=run)
NEWER = Action(id="build_log_newer", run=run)
REFRESH = Action(id="build_log_refresh", run=run)
