"""`quaybot secrets …`: what is sealed with SECRET_KEYS."""

import typer

from bot import operator
from bot import settings as settings_
from bot.cli.console import fail, run

group = typer.Typer(help="What is sealed with SECRET_KEYS.", no_args_is_help=True)


@group.callback()
def secrets() -> None:
    """What is sealed with SECRET_KEYS."""


@group.command()
def rotate() -> None:
    """Seal everything anew with the first of SECRET_KEYS.

    Afterwards the older keys are not needed any more. May run while the bot serves, and again. The exit code is 1 if
    something cannot be opened with any of the keys.
    """
    said, lost = run(operator.rotate_secrets(settings_.load()))
    print("\n".join(said))
    if lost:
        fail(*lost)
