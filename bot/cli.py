"""The command line: `quaybot …`."""

import asyncio
import json
import secrets
import sys
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from importlib import metadata
from typing import Annotated, Any, TypeVar

import typer

from bot import app, operator
from bot import demo as demo_
from bot import settings as settings_
from bot.adapters import logs
from bot.adapters.store.migrate import upgrade, upgrade_apart
from bot.domain.errors import BotError
from handlers import manifest as manifest_

try:
    from uvloop import new_event_loop as _fast_loop

    new_event_loop: Callable[[], asyncio.AbstractEventLoop] = _fast_loop
except ImportError:  # not on every platform; the standard loop does the same more slowly
    new_event_loop = asyncio.new_event_loop

T = TypeVar("T")
cli = typer.Typer(
    help="A chat-ops bot between a Quay registry and Slack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they would print local variables, and those may be secrets
    rich_markup_mode=None,
)
hooks = typer.Typer(help="Webhook URLs for Quay's notifications.", no_args_is_help=True)
cli.add_typer(hooks, name="hooks")

EventName = Annotated[str, typer.Argument(help="A Quay event, e.g. repo_push or build_failure.")]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run; an expected trouble is one plain line on standard error and exit code 1."""
    logs.configure(level="WARNING", form="text")  # before any setting is read; `serve` configures it anew
    try:
        cli(arguments)
    except settings_.SettingsError as error:
        _fail("The settings are not complete:", *error.problems)
    except BotError as error:
        _fail(error.say)
    except OSError as error:  # the port is taken, the file cannot be written
        _fail(f"This machine refuses: {error.strerror or type(error).__name__}.")


def _fail(*lines: str) -> None:
    for line in lines:
        print(line, file=sys.stderr)
    sys.exit(1)


def _run(work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(work)


@cli.command()
def serve() -> None:
    """Run the bot against the Slack and the Quay named in the environment."""
    settings = settings_.load()
    if problems := settings.missing():
        raise settings_.SettingsError(problems)
    logs.configure(level=settings.log_level, form=settings.log_format)
    upgrade_apart(settings.database_url)
    _run(app.serve(settings))


@cli.command()
def demo() -> None:
    """Run everything on this machine beside a simulated Slack and Quay, with a page to play with."""
    settings = settings_.load()
    _run(demo_.serve_demo(settings.host, settings.port))


@cli.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    _run(upgrade(settings_.load().database_url))
    print("The database is up to date.")


@cli.command()
def manifest(
    socket_mode: Annotated[bool, typer.Option("--socket-mode/--http", help="For Socket Mode, or for HTTP.")] = False,
) -> None:
    """Print the Slack app manifest (JSON), to paste at https://api.slack.com/apps under "From an app manifest"."""
    settings = settings_.load()
    if not socket_mode and not settings.public_url:
        _fail("PUBLIC_URL is missing: Slack has to know where to send commands. Or use --socket-mode.")
    print(json.dumps(manifest_.manifest(settings.public_url, socket_mode=socket_mode), indent=2))


@cli.command()
def keygen() -> None:
    """Print a new key for SECRET_KEYS."""
    print(secrets.token_urlsafe(32))


@cli.command()
def doctor() -> None:
    """Check settings, database, Slack and Quay, and say what to do about each trouble."""
    lines, healthy = _run(operator.doctor(settings_.load()))
    print("\n".join(lines))
    if not healthy:
        sys.exit(1)


@cli.command("send-sample")
def send_sample(
    event: EventName,
    channel: Annotated[str, typer.Option(help="Slack channel id (C…) to post in.")] = "",
    to: Annotated[str, typer.Option(help="Webhook URL to send the body to, as Quay would.")] = "",
    condition: Annotated[str, typer.Option(help="Which sample of the event, e.g. test.")] = "",
) -> None:
    """Show an alert without Quay: post a recorded sample of EVENT to a channel, or send its body to a webhook URL."""
    print(_run(operator.send_sample(settings_.load(), event, channel=channel, to=to, condition=condition)))


@hooks.command("add")
def hooks_add(
    target: Annotated[str, typer.Argument(metavar="NS/REPO", help="Repository, or a namespace for quota events.")],
    events: Annotated[list[str], typer.Argument(metavar="EVENT…", help="One or more Quay events, or all.")],
    channel: Annotated[list[str], typer.Option(help="Slack channel id (C…); may be given several times.")],
) -> None:
    """Make a webhook URL for each event and print it, to be pasted into Quay's notification settings."""
    settings = settings_.load()
    made = _run(operator.add_hooks(settings, target, events, channel))
    for event, url in made:
        print(url if len(made) == 1 else f"{event} {url}")
    where = "the organization's" if "/" not in target else f"the {target} repository's"
    print(
        f"In Quay, open {where} settings, create a notification for the event with the method Webhook POST, and paste "
        "the URL. It is shown only now: the bot keeps no copy.",
        file=sys.stderr,
    )
    _warn_about_address(settings)


def _warn_about_address(settings: settings_.Settings) -> None:
    if not settings.public_url:
        print(
            "PUBLIC_URL is not set, so the URL begins with a guess. Put there the address at which Quay finds the bot.",
            file=sys.stderr,
        )


@hooks.command("list")
def hooks_list() -> None:
    """List the webhook URLs by id (the addresses themselves are secret and not kept)."""
    for line in _run(operator.list_hooks(settings_.load())):
        print(line)


@hooks.command("remove")
def hooks_remove(hook: Annotated[str, typer.Argument(help="Id, from quaybot hooks list.")]) -> None:
    """Forget a webhook URL: from now on it answers 404."""
    _run(operator.remove_hook(settings_.load(), hook))
    print(f"{hook} is removed. Delete the notification in Quay, too.")


@hooks.command("rotate")
def hooks_rotate(
    hook: Annotated[str, typer.Argument(help="Id, from quaybot hooks list.")],
    grace: Annotated[int, typer.Option(help="Minutes that the old URL keeps working.", min=0)] = 60,
) -> None:
    """Make a new URL for a hook and print it; the old one works for a while, so that nothing is missed meanwhile."""
    settings = settings_.load()
    print(_run(operator.rotate_hook(settings, hook, timedelta(minutes=grace))))
    print(f"The old URL works for another {grace} minutes.", file=sys.stderr)
    _warn_about_address(settings)


@cli.command()
def aside(
    number: Annotated[int, typer.Argument(help="Print the body of this one.")] = 0,
) -> None:
    """List the webhook bodies that could not be read, with the reason of each."""
    out = sys.stdout.buffer
    for line in _run(operator.list_aside(settings_.load(), number)):
        out.write(line + b"\n")


@cli.command()
def version() -> None:
    """Print the version."""
    try:
        print(metadata.version("quaybot"))
    except metadata.PackageNotFoundError:
        _fail("quaybot runs from its folder and is not installed, so it has no version. `make setup` installs it.")
