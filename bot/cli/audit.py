"""`quaybot audit …`: who did what through the bot."""

import json
from typing import Annotated, Any

import typer

from bot import operator
from bot import settings as settings_
from bot.cli.console import run

group = typer.Typer(help="Who did what through the bot.", no_args_is_help=True)


@group.command("list")
def list_(
    target: Annotated[str, typer.Option(metavar="NS[/REPO[:TAG]]", help="Only what was done to it.")] = "",
    person: Annotated[str, typer.Option(metavar="[T…/]U…", help="Only what this Slack user did.")] = "",
    reference: Annotated[str, typer.Option(metavar="ID", help="Only this reference or approval.")] = "",
    last: Annotated[int, typer.Option(help="How many lines.", min=1, max=10_000)] = 20,
) -> None:
    """List the newest lines, the newest at the end."""
    work = operator.list_audit(settings_.load(), target=target, person=person, reference=reference, last=last)
    print("\n".join(run(work)))


@group.command()
def verify(
    head: Annotated[str, typer.Option(metavar="HASH", help="A head that you noted: it must still be in there.")] = "",
) -> None:
    """Check that nothing was changed, left out or put in.

    Says the first line that is wrong, with exit code 1; else how many lines there are, and the head to note down.
    """
    print(run(operator.verify_audit(settings_.load(), head)))


@group.command()
def export(
    since: Annotated[str, typer.Option(metavar="DATE", help="Only from this day (UTC) or time on.")] = "",
) -> None:
    """Print every line as JSON, the oldest first."""

    def write(data: dict[str, Any]) -> None:
        print(json.dumps(data, ensure_ascii=False))

    run(operator.export_audit(settings_.load(), since, write))
