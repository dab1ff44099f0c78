"""The command line: `quaybot …`."""

import json
import sys
from collections.abc import Sequence
from importlib import metadata
from secrets import token_urlsafe
from typing import Annotated

import typer

from bot import app, operator
from bot import demo as demo_
from bot import settings as settings_
from bot.adapters import logs
from bot.adapters.store.migrate import upgrade_apart
from bot.cli import audit, channels, dead, hooks, policy, secrets, subscriptions
from bot.cli.console import fail, note, run
from bot.domain.errors import BotError
from handlers import manifest as manifest_

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they would print local variables, and those may be secrets
    rich_markup_mode=None,
)
cli.add_typer(hooks.group, name="hooks")
cli.add_typer(channels.group, name="channels")
cli.add_typer(dead.group, name="dead")
cli.add_typer(policy.group, name="policy")
cli.add_typer(audit.group, name="audit")
cli.add_typer(secrets.group, name="secrets")
cli.command()(subscriptions.apply)
cli.command()(subscriptions.export)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run; an expected trouble is one plain line on standard error and exit code 1."""
    logs.configure(level="WARNING", form="text")  # before any setting is read; `serve` configures it anew
    try:
        cli(arguments)
    except settings_.SettingsError as error:
        fail(error.say, *error.problems)
    except BotError as error:
        fail(error.say)
    except OSError as error:  # the port is taken, the file cannot be written
        fail(f"This machine refuses: {error.strerror or type(error).__name__}.")


def _version() -> str:
    try:
        return metadata.version("quaybot")
    except metadata.PackageNotFoundError:
        fail("quaybot runs from its folder and is not installed, so it has no version. `make setup` installs it.")


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


@cli.command()
def serve() -> None:
    """Run the bot between your Slack and your Quay.

    The settings come from the environment and from the file .env. SIGTERM ends it in order.
    """
    settings = settings_.load()
    if problems := settings.missing():
        raise settings_.SettingsError(problems, "The settings are not complete:")
    logs.configure(level=settings.log_level, form=settings.log_format)
    with app.alone(settings.database_url):
        upgrade_apart(settings.database_url)
        run(app.serve(settings))


@cli.command()
def demo() -> None:
    """Try it: the bot beside a simulated Slack and Quay.

    Serves a page to play with, at HOST and PORT. Your other settings do not matter.
    """
    at = settings_.load_address()
    run(demo_.serve_demo(at.host, at.port))


@cli.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    run(operator.migrate(settings_.load()))
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
        fail("PUBLIC_URL is missing: Slack has to know where to send commands. Or use --socket-mode.")
    if not socket_mode and operator.without_https(settings):
        note(f"PUBLIC_URL is {settings.public_url}: Slack takes https addresses only. Mend it, or use --socket-mode.")
    print(
        json.dumps(
            manifest_.manifest(settings.public_url, quay_url=settings.quay_url, socket_mode=socket_mode), indent=2
        )
    )


@cli.command()
def keygen() -> None:
    """Print a new key for SECRET_KEYS."""
    print(token_urlsafe(32))


@cli.command()
def doctor() -> None:
    """Check settings, database, Slack and Quay.

    Says what to do about each trouble. The exit code is 1 if there is one.
    """
    lines, healthy = run(operator.doctor(settings_.load()))
    print("\n".join(lines))
    if not healthy:
        sys.exit(1)


@cli.command()
def why(
    target: Annotated[str, typer.Argument(metavar="NS/REPO[:TAG]", help="Repository, one tag of it, or a namespace.")],
    channel: Annotated[str, typer.Option(help="Only what concerns this Slack channel (C…).")] = "",
    last: Annotated[int, typer.Option(help="How many events.", min=1, max=operator.MOST_TOLD)] = 5,
    *,
    filtered: Annotated[bool, typer.Option("--filtered", help="Only what a rule kept out.")] = False,
) -> None:
    """Tell what became of the last events of a repository.

    From the webhook to the message in Slack, the rule that kept it out, or the reason why it waits; and what to do.
    """
    for line in run(operator.explain(settings_.load(), target, channel, last, filtered=filtered)):
        print(line)


@cli.command("send-sample")
def send_sample(
    event: Annotated[str, typer.Argument(help="A Quay event, e.g. repo_push or build_failure.")],
    channel: Annotated[str, typer.Option(help="Slack channel id (C…) to post in.")] = "",
    to: Annotated[str, typer.Option(help="Webhook URL to send the body to, as Quay would.")] = "",
    condition: Annotated[str, typer.Option(help="Which sample of the event, e.g. test.")] = "",
) -> None:
    """Show a recorded alert, without Quay.

    Posts a sample of EVENT to a channel, or sends its body to a webhook URL.
    """
    print(run(operator.send_sample(settings_.load(), event, channel=channel, to=to, condition=condition)))


@cli.command()
def version() -> None:
    """Print the version."""
    print(_version())
