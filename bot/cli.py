"""The command line: `quaybot …`."""

import asyncio
import json
import secrets
import sys
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from importlib import metadata
from typing import Annotated, Any, NoReturn, TypeVar

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
        _fail(error.say, *error.problems)
    except BotError as error:
        _fail(error.say)
    except OSError as error:  # the port is taken, the file cannot be written
        _fail(f"This machine refuses: {error.strerror or type(error).__name__}.")


def _fail(*lines: str) -> NoReturn:
    for line in lines:
        _note(line)
    sys.exit(1)


def _note(line: str) -> None:
    print(line, file=sys.stderr)


def _version() -> str:
    try:
        return metadata.version("quaybot")
    except metadata.PackageNotFoundError:
        _fail("quaybot runs from its folder and is not installed, so it has no version. `make setup` installs it.")


def _show_version(wanted: bool) -> None:
    if wanted:
        print(_version())
        raise typer.Exit


@cli.callback()
def quaybot(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """A chat-ops bot between a Quay registry and Slack."""


def _run(work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(work)


@cli.command()
def serve() -> None:
    """Run the bot between your Slack and your Quay.

    The settings come from the environment and from the file .env. SIGTERM ends it in order.
    """
    settings = settings_.load()
    if problems := settings.missing():
        raise settings_.SettingsError(problems, "The settings are not complete:")
    logs.configure(level=settings.log_level, form=settings.log_format)
    upgrade_apart(settings.database_url)
    _run(app.serve(settings))


@cli.command()
def demo() -> None:
    """Try it: the bot beside a simulated Slack and Quay.

    Serves a page to play with, at HOST and PORT. Your other settings do not matter.
    """
    at = settings_.load_address()
    _run(demo_.serve_demo(at.host, at.port))


@cli.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    _run(upgrade(settings_.load().database_url))
    print("The database is up to date.")


@cli.command()
def manifest(
    socket_mode: Annotated[bool, typer.Option("--socket-mode/--http", help="For Socket Mode, or for HTTP.")] = False,
) -> None:
    """Print the manifest of your Slack app (JSON).

    Paste it at https://api.slack.com/apps under "From an app manifest".
    """
    settings = settings_.load()
    if not socket_mode and not settings.public_url:
        _fail("PUBLIC_URL is missing: Slack has to know where to send commands. Or use --socket-mode.")
    if not socket_mode and operator.without_https(settings):
        _note(f"PUBLIC_URL is {settings.public_url}: Slack takes https addresses only. Mend it, or use --socket-mode.")
    print(json.dumps(manifest_.manifest(settings.public_url, socket_mode=socket_mode), indent=2))


@cli.command()
def keygen() -> None:
    """Print a new key for SECRET_KEYS."""
    print(secrets.token_urlsafe(32))


@cli.command()
def doctor() -> None:
    """Check settings, database, Slack and Quay.

    Says what to do about each trouble. The exit code is 1 if there is one.
    """
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
    """Show a recorded alert, without Quay.

    Posts a sample of EVENT to a channel, or sends its body to a webhook URL.
    """
    print(_run(operator.send_sample(settings_.load(), event, channel=channel, to=to, condition=condition)))


@hooks.command("add")
def hooks_add(
    target: Annotated[str, typer.Argument(metavar="NS/REPO", help="Repository, or a namespace for quota events.")],
    events: Annotated[list[str], typer.Argument(metavar="EVENT…", help="One or more Quay events, or all.")],
    channel: Annotated[
        list[str] | None, typer.Option(help="Slack channel id (C…). Needed; may be given several times.")
    ] = None,
) -> None:
    """Make a webhook URL for each event and print it.

    Paste each into Quay's notification settings. For example: quaybot hooks add acme/web repo_push --channel C0123ABCD
    """
    if not channel:
        _fail(f"Say which channel: quaybot hooks add {target} {' '.join(events)} --channel C0123ABCD")
    settings = settings_.load()
    same = _run(operator.same_hooks(settings, target, events, channel))
    made = _run(operator.add_hooks(settings, target, events, channel))
    for event, url in made:
        print(url if len(made) == 1 else f"{event} {url}")
    where = "the organization's" if "/" not in target else f"the {target} repository's"
    _note(
        f"In Quay, open {where} settings, create a notification for the event with the method Webhook POST, and paste "
        "the URL. It is shown only now: the bot keeps no copy."
    )
    for hook, does in same:
        _note(f"Note: hook {hook} does the same already ({does}); to replace its URL: quaybot hooks rotate {hook}")
    _warn_about_address(settings)


def _warn_about_address(settings: settings_.Settings) -> None:
    if not settings.public_url:
        _note(
            "PUBLIC_URL is not set, so the URL begins with a guess. Set it to the address at which Quay finds the bot."
        )


@hooks.command("list")
def hooks_list() -> None:
    """List the webhook URLs by their ids.

    The addresses themselves are secret and not kept.
    """
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
    """Make a new URL for a hook and print it.

    The old one works for a while, so that nothing is missed meanwhile.
    """
    settings = settings_.load()
    print(_run(operator.rotate_hook(settings, hook, timedelta(minutes=grace))))
    _note(f"The old URL works for another {grace} minutes.")
    _warn_about_address(settings)


@cli.command()
def aside(
    number: Annotated[str, typer.Argument(help="Print the body of this one.", show_default=False)] = "",
) -> None:
    """List the webhook bodies that could not be read.

    Each comes with the reason. With a NUMBER of the list, print that body as it came.
    """
    lines = _run(operator.list_aside(settings_.load(), number))
    for line in lines:
        sys.stdout.buffer.write(line + b"\n")
    if len(lines) >= operator.MOST_SHOWN:
        _note(f"There may be more: the newest {operator.MOST_SHOWN} are shown.")


@cli.command()
def version() -> None:
    """Print the version."""
    print(_version())
