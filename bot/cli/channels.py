"""`quaybot channels …`: how channels show cards, who answers for them, and which are parked."""

from typing import Annotated

import typer

from bot import operator
from bot import settings as settings_
from bot.cli.console import fail, run

group = typer.Typer(help="Layouts and owners of channels.", no_args_is_help=True)

ChannelId = Annotated[str, typer.Argument(metavar="CHANNEL", help="Slack channel id (C…).")]


@group.command("list")
def list_() -> None:
    """List the channels with their layouts and owners.

    All that a webhook URL tells, that somebody decided something about, or that are parked.
    """
    for line in run(operator.list_channels(settings_.load())):
        print(line)


@group.command("set")
def set_(
    channel: ChannelId,
    layout: Annotated[
        str | None, typer.Option(help="card (edits only), thread (replies as well) or compact (one line each).")
    ] = None,
    owner: Annotated[
        str | None, typer.Option(help="Slack user (U…) who is told when it cannot be posted to; none for nobody.")
    ] = None,
) -> None:
    """Choose a channel's layout and owner."""
    if layout is None and owner is None:
        fail(f"Say what: quaybot channels set {channel} --layout thread, or --owner U0123ABCD")
    for line in run(operator.set_channels(settings_.load(), [channel], layout, owner)):
        print(line)


@group.command()
def resume(channel: ChannelId) -> None:
    """Try a parked channel again at once."""
    print(run(operator.resume_channel(settings_.load(), channel)))
