"""What people decided about channels: layout, times, and who is told when one cannot be posted to."""

from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.database import Database
from bot.adapters.store.tables import channels
from bot.domain.digests import Rhythm
from bot.ports import Channel

HAS_RHYTHM = or_(channels.c.quiet != "", channels.c.digest != "")
_RHYTHM = ("zone", "quiet", "digest", "told_at")


class SqlChannels:
    """Implements ports.Channels."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, channel: str) -> Channel:
        """The channel, with the defaults for what nobody decided."""
        async with self._database.reading() as connection:
            row = (await connection.execute(select(channels).where(channels.c.channel == channel))).first()
        return Channel(channel) if row is None else _channel(row)

    async def all(self) -> tuple[Channel, ...]:
        """Every channel that somebody decided something about, by id."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(channels).order_by(channels.c.channel))).all()
        return tuple(_channel(row) for row in rows)

    async def keep(self, channel: Channel) -> None:
        """Store its layout and its owner, in place of those before; its times stay as they are."""
        decided = {"layout": channel.layout, "owner": channel.owner or None}
        known = update(channels).where(channels.c.channel == channel.id).values(**decided)
        async with self._database.writing() as connection:
            if not await self._database.insert_new(connection, channels, channel=channel.id, **decided):
                await connection.execute(known)

    async def set_rhythm(self, channel: str, before: Rhythm, after: Rhythm) -> bool:
        """Store its times, and nothing else. False, and nothing is stored, if they are not `before` any more."""
        async with self._database.writing() as connection:
            return await set_rhythm(self._database, connection, channel, before, after)


async def set_rhythm(
    database: Database, connection: AsyncConnection, channel: str, before: Rhythm, after: Rhythm
) -> bool:
    """Store a channel's times if they are `before` still. Locks them, also where `after` is the same."""
    same = (channels.c[name].is_not_distinct_from(value) for name, value in _columns(before).items())
    known = update(channels).where(channels.c.channel == channel, *same).values(**_columns(after))
    fresh = {"channel": channel, "layout": Channel(channel).layout} | _columns(after)
    if before == Rhythm() and await database.insert_new(connection, channels, **fresh):
        return True
    return (await connection.execute(known)).rowcount > 0


def _columns(rhythm: Rhythm) -> dict[str, Any]:
    return {name: getattr(rhythm, name) for name in _RHYTHM}


def rhythm_of(row: Any) -> Rhythm:
    """The times in a channel's row."""
    return Rhythm(**{name: getattr(row, name) for name in _RHYTHM})


def _channel(row: Any) -> Channel:
    return Channel(row.channel, row.layout, row.owner or "", rhythm_of(row))
