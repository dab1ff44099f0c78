"""`quaybot hooks …`: webhook URLs for Quay's notifications."""

from datetime import timedelta
from typing import Annotated

import typer

from bot import operator
from bot import settings as settings_
from bot.cli.console import fail, note, run

group = typer.Typer(help="Webhook URLs for Quay's notifications.", no_args_is_help=True)


@group.command("add")
def add(
    target: Annotated[str, typer.Argument(metavar="NS/REPO", help="Repository, or a namespace for quota events.")],
    events: Annotated[list[str], typer.Argument(metavar="EVENT…", help="One or more Quay events, or all.")],
    channel: Annotated[
        list[str] | None, typer.Option(help="Slack channel id (C…). Needed; may be given several times.")
    ] = None,
    only: Annotated[
        str, typer.Option("--filter", help="What may pass, e.g. 'tag:v* -tag:*-dev severity:high+ fixable'.")
    ] = "",
    layout: Annotated[
        str, typer.Option(help="How the channels show cards, these and all others: card, thread or compact.")
    ] = "",
    owner: Annotated[
        str, typer.Option(help="Slack user (U…) who is told when one of the channels cannot be posted to.")
    ] = "",
) -> None:
    """Make a webhook URL for each event and print it.

    Paste each into Quay's notification settings. For example: quaybot hooks add acme/web repo_push --channel C0123ABCD
    """
    if not channel:
        fail(f"Say which channel: quaybot hooks add {target} {' '.join(events)} --channel C0123ABCD")
    settings = settings_.load()
    operator.check_channels(channel, layout or None, owner or None)
    same = run(operator.same_hooks(settings, target, events, channel, only))
    made = run(operator.add_hooks(settings, target, events, channel, only))
    if layout or owner:
        run(operator.set_channels(settings, channel, layout or None, owner or None))
    for event, url in made:
        print(url if len(made) == 1 else f"{event} {url}")
    where = "the organization's" if "/" not in target else f"the {target} repository's"
    note(
        f"In Quay, open {where} settings, create a notification for the event with the method Webhook POST, and paste "
        "the URL. It is shown only now: the bot keeps no copy."
    )
    for hook, does in same:
        note(f"Note: hook {hook} {does}; to replace its URL: quaybot hooks rotate {hook}")
    for idle in operator.idle_words(target, events, only):
        note(f"Note: {idle}")
    if layout or owner:
        what = " and ".join(filter(None, ["layout" if layout else "", "owner" if owner else ""]))
        note(f"Note: the {what} of {', '.join(dict.fromkeys(channel))} changed for everything that comes there.")
    _warn_about_address(settings)


def _warn_about_address(settings: settings_.Settings) -> None:
    if not settings.public_url:
        note(
            "PUBLIC_URL is not set, so the URL begins with a guess. Set it to the address at which Quay finds the bot."
        )


@group.command("list")
def list_() -> None:
    """List the webhook URLs by their ids.

    The addresses themselves are secret and not kept.
    """
    for line in run(operator.list_hooks(settings_.load())):
        print(line)


@group.command("remove")
def remove(hook: Annotated[str, typer.Argument(metavar="ID", help="Id, from quaybot hooks list.")]) -> None:
    """Forget a webhook URL: from now on it answers 404."""
    run(operator.remove_hook(settings_.load(), hook))
    print(f"{hook} is removed. Delete the notification in Quay, too.")


@group.command("rotate")
def rotate(
    hook: Annotated[str, typer.Argument(metavar="ID", help="Id, from quaybot hooks list.")],
    grace: Annotated[int, typer.Option(help="Minutes that the old URL keeps working.", min=0)] = 60,
) -> None:
    """Make a new URL for a hook and print it.

    The old one works for a while, so that nothing is missed meanwhile.
    """
    settings = settings_.load()
    print(run(operator.rotate_hook(settings, hook, timedelta(minutes=grace))))
    note(f"The old URL works for another {grace} minutes.")
    _warn_about_address(settings)
