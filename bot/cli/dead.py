"""`quaybot dead …`: what could not be read or delivered."""

import json
import sys
from typing import Annotated

import typer

from bot import operator
from bot import settings as settings_
from bot.cli.console import harmless, note, run

group = typer.Typer(help="What could not be read or delivered.", no_args_is_help=True)

Letter = Annotated[str, typer.Argument(metavar="ID", help="Id, from quaybot dead list.")]
Letters = Annotated[str, typer.Argument(metavar="ID|all", help="Id, from quaybot dead list; or all of them.")]


@group.command("list")
def list_(
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """List dead letters, and channels that are parked.

    Bodies that nobody could read (d…) and messages that Slack does not take (m…), each with its reason; and channels to
    which nothing can be posted, with what waits for them.
    """
    settings = settings_.load()
    if as_json:
        print(json.dumps(run(operator.dead_data(settings)), indent=2))
        return
    lines, cut = run(operator.list_dead(settings))
    print("\n".join(lines))
    if cut:
        note(f"There may be more: the newest {operator.MOST_DEAD} are shown.")


@group.command()
def show(letter: Letter) -> None:
    """Show why, and print the body as it came.

    The body alone is on standard output, the rest on standard error. On a terminal, characters that would do something
    there are spelled out; to get the body byte for byte, send it into a file or a pipe.
    """
    facts, body = run(operator.show_dead(settings_.load(), letter))
    for line in facts:
        note(line)
    if sys.stdout.isatty():
        print(harmless(body))
        return
    sys.stdout.buffer.write(body)
    sys.stdout.buffer.flush()


@group.command()
def retry(letter: Letters) -> None:
    """Work on it once more.

    For example after an update that can read such bodies, or after the trouble in Slack was mended.
    """
    print(run(operator.retry_dead(settings_.load(), letter)))


@group.command()
def drop(
    letter: Letters,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Settle it without doing anything more.

    Asks before it does so, unless --yes is given.
    """
    settings = settings_.load()
    what = run(operator.describe_dead(settings, letter))
    if what and not yes:
        typer.confirm(f"Drop {what}? Nobody will be told of it.", abort=True, err=True)
    print(run(operator.drop_dead(settings, letter)))
