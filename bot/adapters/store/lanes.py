"""Lanes: when each channel may be spoken to. No row: at once."""

from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.database import Database
from bot.adapters.store.tables import lanes
from bot.ports import Rest
from bot.rules.pacing import PACE

_RESTING = ("free_at", "pace", "away", "edited")
_PARKING = ("parked_at", "reason")
_AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)


async def rest(database: Database, connection: AsyncConnection, wanted: Rest, *, opens: bool, edited: bool) -> None:
    """Leave the channel alone for a while. `opens`: it took a message, so it is parked no more.

    `edited`: the call after which it rests was an edit.
    """
    names = (*_RESTING, *_PARKING) if opens else _RESTING
    await connection.execute(
        database.overwriting(lanes, *names),
        {
            "channel": wanted.channel,
            "free_at": wanted.until,
            "pace": milliseconds(wanted),
            "away": wanted.away,
            "edited": edited,
            "parked_at": None,
            "reason": None,
        },
    )


def milliseconds(wanted: Rest) -> int:
    """The pace as it is stored."""
    return round(wanted.pace.total_seconds() * 1000)


async def park(
    database: Database, connection: AsyncConnection, channel: str, reason: str, now: datetime, probe: datetime
) -> datetime:
    """Park the channel until it is tried after `probe`; gives the time since when it is parked."""
    parked = await connection.scalar(select(lanes.c.parked_at).where(lanes.c.channel == channel))
    since = parked or now
    values = {"channel": channel, "free_at": probe, "parked_at": since, "reason": reason}
    again = database.overwriting(lanes, "free_at", "away", *_PARKING)
    new = {"pace": milliseconds(Rest(channel, probe)), "away": False, "edited": False}
    await connection.execute(again, values | new)
    return since


async def open_(connection: AsyncConnection, channel: str) -> bool:
    """Try a parked channel again at once; False if it is not parked."""
    parked = update(lanes).where(lanes.c.channel == channel, lanes.c.parked_at.is_not(None))
    opened = parked.values(parked_at=None, reason=None, free_at=_AT_ONCE)
    return (await connection.execute(opened)).rowcount > 0


async def resume(connection: AsyncConnection, now: datetime) -> None:
    """Channels that rest only because Slack was away may be spoken to again, at the usual pace."""
    soon = now + PACE
    resting = (lanes.c.away, lanes.c.free_at > soon)
    await connection.execute(select(lanes.c.channel).where(*resting).order_by(lanes.c.channel).with_for_update())
    await connection.execute(update(lanes).where(*resting).values(free_at=soon, away=False))
