"""The parts of subscriptions: each is one notification in Quay and one webhook URL, which begin and end together."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Update,
    and_,
    case,
    cast,
    delete,
    literal,
    null,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.cards import chunks
from bot.adapters.store.columns import microseconds
from bot.adapters.store.database import Database
from bot.adapters.store.hooks import number_of
from bot.adapters.store.pairs import pairs
from bot.adapters.store.subscription_rows import part_of, part_row
from bot.adapters.store.tables import hook_channels, hook_tokens, hooks, parts, subscriptions
from bot.domain.errors import UserError
from bot.domain.subscriptions import Part, State

NONE = "There is no such subscription any more."
OFTEN = timedelta(seconds=10)  # more precisely nobody has to know when a URL was last heard of


async def read(connection: AsyncConnection, names: Sequence[str]) -> tuple[Part, ...]:
    """The parts of these subscriptions, by target, event and hook; of all of them if none is named."""
    wanted = select(parts)
    asked = [wanted.where(parts.c.subscription.in_(some)) for some in chunks(dict.fromkeys(names))] or [wanted]
    rows = [row for one in asked for row in await connection.execute(one)]
    return tuple(part_of(row) for row in sorted(rows, key=lambda row: (row.target, row.event, row.hook)))


async def add(connection: AsyncConnection, part: Part, token_hash: str, now: datetime) -> int:
    """Its hook with a token, the channel unless it is silent, and the part; gives the hook.

    The subscription is locked: of an end at the same time either nothing comes, or this ends with it. Raises UserError
    if there is none, or if it has ended.
    """
    live = and_(subscriptions.c.name == part.subscription, subscriptions.c.state != State.ENDED.value)
    wish = (await connection.execute(select(subscriptions).where(live).with_for_update())).first()
    if wish is None:
        raise UserError(NONE)
    values = {"event": part.event, "target": part.target, "created_at": now, "removed": False}
    number = (await connection.execute(hooks.insert().values(**values).returning(hooks.c.id))).scalar_one()
    if not part.silent:
        place = {"place": 0, "channel": wish.channel, "filter": wish.filter}
        await connection.execute(hook_channels.insert().values(hook=number, **place))
    await connection.execute(hook_tokens.insert().values(hash=token_hash, hook=number))
    await connection.execute(parts.insert().values(hook=number, **part_row(part)))
    return int(number)


def kept(part: Part) -> Update:
    """Store what is known of it, but for `heard_at`. If that has changed since it was read, so may have the beat."""
    row = part_row(part)
    same = parts.c.heard_at.is_not_distinct_from(row.pop("heard_at"))
    beat = {
        name: case((same, literal(row.pop(name), parts.c[name].type)), else_=parts.c[name])
        for name in ("beat_at", "beaten")
    }
    return update(parts).where(parts.c.hook == number_of(part.hook)).values(**row, **beat)


async def drop(connection: AsyncConnection, which: ColumnElement[bool]) -> None:
    """Forget parts; their URLs take nothing from now on."""
    numbers = select(parts.c.hook).where(which)
    found = (await connection.scalars(numbers)).all()
    await silence(connection, which)
    for some in chunks(found):
        await connection.execute(delete(parts).where(parts.c.hook.in_(some)))


async def silence(connection: AsyncConnection, which: ColumnElement[bool]) -> None:
    """Their URLs take nothing from now on. What came before is worked on like any other delivery."""
    theirs = select(parts.c.hook).where(which)
    # First the hooks: a rotation at the same time holds its hook, and its new token is found afterwards.
    await connection.execute(update(hooks).where(hooks.c.id.in_(theirs)).values(removed=True))
    await connection.execute(delete(hook_tokens).where(hook_tokens.c.hook.in_(theirs)))


async def lead(connection: AsyncConnection, name: str, channel: str, filter_: str) -> None:
    """The parts of that subscription tell this channel, what passes this filter."""
    theirs = select(parts.c.hook).where(parts.c.subscription == name)
    other = or_(hook_channels.c.channel != channel, hook_channels.c.filter != filter_)
    changed = update(hook_channels).where(hook_channels.c.hook.in_(theirs), other)
    await connection.execute(changed.values(channel=channel, filter=filter_))


async def forget_late_tokens(connection: AsyncConnection, name: str, now: datetime) -> None:
    """Tokens of its parts whose grace is over are no longer known, so that nobody takes their URLs for live ones."""
    theirs = select(parts.c.hook).where(parts.c.subscription == name)
    late = and_(hook_tokens.c.hook.in_(theirs), hook_tokens.c.expires_at <= now)
    await connection.execute(delete(hook_tokens).where(late))


async def hooks_of(connection: AsyncConnection, marks: Collection[str]) -> Mapping[str, str]:
    """The live hooks by the hashes of their tokens."""
    found: dict[str, str] = {}
    for some in chunks(marks):
        known = select(hook_tokens.c.hash, hook_tokens.c.hook).where(hook_tokens.c.hash.in_(some))
        found |= {row.hash: str(row.hook) for row in await connection.execute(known)}
    return found


async def hear(
    database: Database,
    connection: AsyncConnection,
    heard: Mapping[str, datetime],
    beats: Collection[str],
    tests: Collection[str],
) -> None:
    """When these URLs were last heard of, if that is news; an awaited test call through `beats` has arrived.

    Whatever came through `tests` is news: somebody may be waiting for just this test call; and none gets lost any more.
    One statement for all. Rows are locked in their order: two who hear of the same never wait for each other in a
    circle.
    """
    numbers = {hook: number for hook in heard if (number := number_of(hook)) is not None}
    if not numbers:
        return
    values = [(number, str(microseconds(heard[hook]))) for hook, number in sorted(numbers.items())]
    beaten = parts.c.hook.in_(_known(beats, numbers))
    tried = parts.c.hook.in_(_known({*beats, *tests}, numbers))
    given = pairs(database, values, BigInteger())
    at: ColumnElement[Any] = cast(given.c.second, BigInteger)
    stored: ColumnElement[Any] = type_coerce(parts.c.heard_at, BigInteger)
    same = parts.c.hook == given.c.first
    news = or_(stored.is_(None), stored < at - OFTEN // timedelta(microseconds=1), tried)
    locked = select(parts.c.hook).join(given, same).where(news).order_by(parts.c.hook).with_for_update(of=parts)
    changed = (
        update(parts)
        .where(same, parts.c.hook.in_(locked.correlate(None)))
        .values(
            heard_at=case((stored > at, stored), else_=at),
            beat_at=case((beaten, null()), else_=parts.c.beat_at),
            beaten=case((tried, 0), else_=parts.c.beaten),
        )
    )
    await connection.execute(changed)


def _known(hooks: Collection[str], numbers: Mapping[str, int]) -> list[int]:
    return sorted(numbers[hook] for hook in hooks if hook in numbers)
