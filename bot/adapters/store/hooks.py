"""Webhook URLs, and the tokens that open them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.database import Database
from bot.adapters.store.owners import owner
from bot.adapters.store.tables import hook_channels, hook_tokens, hooks, parts, subscriptions
from bot.domain.subscriptions import State
from bot.ports import Hook


class SqlHooks:
    """Implements ports.Hooks. A hook's id is a number, written as text."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        event: str,
        target: str,
        channels: Sequence[str],
        token_hash: str,
        now: datetime,
        *,
        filter_: str = "",
    ) -> Hook:
        """A new hook with one live token. A channel that is named twice counts once; all of them get the filter."""
        unique = tuple(dict.fromkeys(channels))
        new = hooks.insert().values(event=event, target=target, created_at=now, removed=False).returning(hooks.c.id)
        async with self._database.writing() as connection:
            number = (await connection.execute(new)).scalar_one()
            places = [
                {"hook": number, "place": place, "channel": channel, "filter": filter_}
                for place, channel in enumerate(unique)
            ]
            if places:
                await connection.execute(hook_channels.insert(), places)
            await connection.execute(hook_tokens.insert().values(hash=token_hash, hook=number))
        return Hook(str(number), event, target, unique, now, dict.fromkeys(unique, filter_) if filter_ else {})

    async def hashes(self, now: datetime) -> frozenset[str]:
        """The hashes of all tokens that work at that time."""
        works = or_(hook_tokens.c.expires_at.is_(None), hook_tokens.c.expires_at > now)
        async with self._database.reading() as connection:
            return frozenset(await connection.scalars(select(hook_tokens.c.hash).where(works)))

    async def all(self) -> tuple[Hook, ...]:
        """Every live hook, by target and event."""
        async with self._database.reading() as connection:
            live = await read_hooks(connection, hooks.c.removed.is_(False))
        return tuple(sorted(live.values(), key=lambda hook: (hook.target, hook.event, int(hook.id))))

    async def remove(self, hook: str) -> bool:
        """Forget a hook; its deliveries stay. False if there is none of that id."""
        async with self._database.writing() as connection:
            number = await _live(connection, hook)
            if number is None:
                return False
            await connection.execute(update(hooks).where(hooks.c.id == number).values(removed=True))
            await connection.execute(delete(hook_tokens).where(hook_tokens.c.hook == number))
        return True

    async def rotate(self, hook: str, token_hash: str, now: datetime, grace: timedelta) -> bool:
        """Add a token; older ones stop working after `grace`. False if there is none of that id.

        A subscription's part remembers when that was.
        """
        end = now + grace
        longer = or_(hook_tokens.c.expires_at.is_(None), hook_tokens.c.expires_at > end)
        async with self._database.writing() as connection:
            number = await _live(connection, hook)
            if number is None:
                return False
            old = hook_tokens.c.hook == number
            await connection.execute(delete(hook_tokens).where(old, hook_tokens.c.expires_at <= now))
            await connection.execute(update(hook_tokens).where(old, longer).values(expires_at=end))
            await connection.execute(hook_tokens.insert().values(hash=token_hash, hook=number))
            await connection.execute(update(parts).where(parts.c.hook == number).values(rotated_at=now))
        return True


def number_of(hook: str) -> int | None:
    """The number that is a hook's id; None if it cannot be one."""
    fits = hook.isascii() and hook.isdecimal() and len(hook) < 19  # what a 64-bit number surely holds
    return int(hook) if fits else None


_everything = (
    hooks.outerjoin(hook_channels, hook_channels.c.hook == hooks.c.id)
    .outerjoin(parts, parts.c.hook == hooks.c.id)
    .outerjoin(subscriptions, subscriptions.c.name == parts.c.subscription)
)
_THEIRS = ("team", "member", "state", "paused_until", "layout")
_COLUMNS = (
    *(hooks.c[name] for name in ("id", "event", "target", "created_at")),
    *(hook_channels.c[name] for name in ("channel", "filter")),
    *(parts.c[name] for name in ("subscription", "silent", "beat_at")),
    *(subscriptions.c[name] for name in _THEIRS),
)


async def read_hooks(connection: AsyncConnection, which: ColumnElement[bool]) -> dict[int, Hook]:
    """The hooks of that kind with their channels, what these let pass, and their subscription, by number."""
    found = select(*_COLUMNS).select_from(_everything)
    rows = (await connection.execute(found.where(which).order_by(hooks.c.id, hook_channels.c.place))).all()
    passes: dict[int, dict[str, str]] = {}
    for row in rows:
        passes.setdefault(row.id, {}).update({} if row.channel is None else {row.channel: row.filter})
    return {row.id: _hook(row, passes[row.id]) for row in rows}


def _hook(row: Any, passes: Mapping[str, str]) -> Hook:
    filters = {channel: filter_ for channel, filter_ in passes.items() if filter_}
    hook = Hook(str(row.id), row.event, row.target, tuple(passes), row.created_at, filters)
    if row.subscription is None:
        return hook
    return replace(
        hook,
        subscription=row.subscription,
        person=owner(row) if row.state == State.ACTIVE.value else None,
        silent=row.silent,
        paused_until=row.paused_until,
        layout=row.layout,
        beat_at=row.beat_at,
    )


async def _live(connection: AsyncConnection, hook: str) -> int | None:
    # The row is locked, so that a removal and a rotation at the same time do not leave a removed hook with a token.
    number = number_of(hook)
    if number is None:
        return None
    found = select(hooks.c.id).where(hooks.c.id == number, hooks.c.removed.is_(False)).with_for_update()
    return await connection.scalar(found)
