"""Channels: how they show cards, who answers for them, and which are parked."""

import re
from collections.abc import Sequence

from bot.domain.errors import UserError
from bot.operator.dead import parked
from bot.operator.hooks import check_channel
from bot.operator.opening import opened
from bot.ports import Channel
from bot.ports.records import LAYOUTS
from bot.settings import Settings

NOBODY = "none"
_USER = re.compile(r"[UW][A-Z0-9]{2,}")


def check_channels(channels: Sequence[str], layout: str | None, owner: str | None) -> None:
    """Raise UserError for a channel, a layout or an owner that cannot be."""
    for channel in channels:
        check_channel(channel)
    if layout is not None and layout not in LAYOUTS:
        raise UserError(f"{layout!r} is no layout. Layouts are {', '.join(LAYOUTS)}.")
    if owner not in (None, NOBODY) and not _USER.fullmatch(str(owner)):
        raise UserError(
            f"{owner!r} is not a Slack user id. Ids look like U0123ABCD; in Slack, the id is in the person's profile, "
            "behind the three dots."
        )


async def set_channels(settings: Settings, channels: Sequence[str], layout: str | None, owner: str | None) -> list[str]:
    """Store what is given (None: as before); a line about each. Raises UserError as check_channels does."""
    check_channels(channels, layout, owner)
    async with opened(settings) as store:
        decided = []
        for channel in dict.fromkeys(channels):
            known = await store.channels.of(channel)
            answers = known.owner if owner is None else owner
            decided.append(Channel(channel, layout or known.layout, "" if answers == NOBODY else answers))
            await store.channels.keep(decided[-1])
    return [_line(channel) for channel in decided]


async def list_channels(settings: Settings) -> list[str]:
    """A line for each channel that a webhook URL tells, that was decided about, or that is parked."""
    async with opened(settings, reading=True) as store:
        known = {channel.id: channel for channel in await store.channels.all()}
        told = {channel for hook in await store.hooks.all() for channel in hook.channels}
        lanes = {lane.channel: lane for lane in await store.dead.lanes()}
    lines = []
    for channel in sorted({*known, *told, *lanes}):
        lines.append(_line(known.get(channel, Channel(channel))))
        lines += [f"  {parked(lanes[channel])}"] if channel in lanes else []
    return lines or [
        "There are no channels yet. They come with webhook URLs: quaybot hooks add NS/REPO EVENT --channel C…"
    ]


async def resume_channel(settings: Settings, channel: str) -> str:
    """Let the running bot try a parked channel again at once. Raises UserError if it is not parked."""
    check_channel(channel)
    async with opened(settings) as store:
        if not await store.outbox.open_lane(channel):
            raise UserError(f"{channel} is not parked. See: quaybot channels list")
    return f"{channel} is tried again. If Slack still refuses, it is parked once more: see quaybot channels list"


def _line(channel: Channel) -> str:
    return f"{channel.id}  {channel.layout}  {f'owner {channel.owner}' if channel.owner else 'no owner'}"
