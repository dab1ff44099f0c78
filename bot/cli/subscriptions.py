"""`quaybot apply` and `quaybot export`: subscriptions as a file."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot import operator
from bot import settings as settings_
from bot.cli.console import fail, note, run, say

DRIFT = 2  # exit code of --check if something is not as the file says


def apply(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="TOML, as quaybot export prints it.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    plan: Annotated[bool, typer.Option("--plan", help="Only show what would change.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Only look; the exit code is 2 if something would change, else 0.")
    ] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="End what was made in chat and is not in the file, too.")
    ] = False,
) -> None:
    """Make the subscriptions those of a file.

    Shows what would be added, changed and ended, and asks. A running bot does in Quay what that takes, within a minute.
    What was made in chat is left alone, unless it is in the file.
    """
    settings = settings_.load()
    foreseen = run(operator.plan_subscriptions(settings, file, prune=prune, looking=plan or check))
    for line in operator.plan_lines(foreseen.plan):
        say(line)
    for remark in foreseen.remarks:
        note(f"Note: {remark}")
    changes = bool(foreseen.plan.changes)
    if check:
        sys.exit(DRIFT if changes else 0)
    if plan or not changes:
        return
    if not yes and not typer.confirm("Do this?"):
        fail("Nothing was changed.")
    for line in run(operator.apply_subscriptions(settings, foreseen)):
        say(line)


def export() -> None:
    """Print the subscriptions as a file for quaybot apply.

    It holds everything that there is, whether it was made in chat or by a file; applied, it changes nothing.
    """
    print(run(operator.export_subscriptions(settings_.load())), end="")
