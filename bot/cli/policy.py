"""`quaybot policy …`: whether the policy file is in order, and what it says to whom."""

from typing import Annotated

import typer

from bot import operator
from bot import settings as settings_
from bot.cli.console import run

group = typer.Typer(help="Who may do what.", no_args_is_help=True)


@group.command()
def check() -> None:
    """Read the policy file and tell what is in it.

    Every problem is told at once, with its line and key; the exit code is 1 then.
    """
    for line in run(operator.check_policy(settings_.load())):
        print(line)


@group.command("test")
def try_(
    user: Annotated[str, typer.Argument(metavar="USER", help="Slack id (U…, or T…/U…) or name at Quay.")],
    command: Annotated[str, typer.Argument(metavar="COMMAND", help='For example build, or "build cancel".')],
    target: Annotated[
        str, typer.Argument(metavar="TARGET", help="acme/web:v1, acme/web, acme, acme+ci, or an address at Quay.")
    ],
    channel: Annotated[str, typer.Option(help="Slack channel id (C…) in which they ask.")] = "",
) -> None:
    """Tell what the policy would say, and which rule decides.

    Nothing is done. User groups are looked up in Slack, teams in Quay with the person's own linked account; what cannot
    be found out is named, and counts against the person.
    """
    for line in run(operator.try_policy(settings_.load(), user, command, target, channel)):
        print(line)
