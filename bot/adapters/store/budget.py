"""Budgets of methods that all channels and all processes share: calls of the last minute, and what refusals taught."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.database import Database
from bot.adapters.store.tables import spent, tiers
from bot.rules.pacing import AHEAD, WINDOW, Budget, allowance, budget, lowered


async def left(connection: AsyncConnection, method: str, usual: int, now: datetime) -> Budget:
    """What is left of the method's calls; `usual` is how many it has a minute if Slack never complains."""
    recent = select(spent.c.at).where(spent.c.method == method, spent.c.at > now - WINDOW).order_by(spent.c.at)
    calls = (await connection.scalars(recent)).all()
    per_minute, blocked_until = await _learned(connection, method, now)
    return budget(calls, allowance(usual, per_minute, blocked_until, now), blocked_until, now)


async def spend(connection: AsyncConnection, method: str, calls: int, now: datetime) -> None:
    """Note calls that are about to be made, and forget those that count no more."""
    if calls:
        over = or_(spent.c.at <= now - WINDOW, spent.c.at > now + WINDOW)
        await connection.execute(delete(spent).where(spent.c.method == method, over))
        await connection.execute(spent.insert(), [{"method": method, "at": now}] * calls)


async def slow_down(
    database: Database, connection: AsyncConnection, method: str, now: datetime, after: float, usual: int
) -> None:
    """Nobody calls the method for `after` seconds; then fewer calls are made, until the budget has recovered.

    Calls that were in flight together are refused together: only the first of them lowers the budget.
    """
    per_minute, blocked_until = await _learned(connection, method, now)
    until = now + timedelta(seconds=after)
    allowed = allowance(usual, per_minute, blocked_until, now)
    if blocked_until is None or blocked_until <= now:
        allowed = lowered(allowed)
    else:
        until = max(until, blocked_until)
    learned = {"method": method, "per_minute": allowed, "blocked_until": until}
    await connection.execute(database.overwriting(tiers, "per_minute", "blocked_until"), learned)


async def _learned(connection: AsyncConnection, method: str, now: datetime) -> tuple[int | None, datetime | None]:
    known = select(tiers).where(tiers.c.method == method, tiers.c.blocked_until <= now + AHEAD)
    row = (await connection.execute(known)).first()
    return (None, None) if row is None else (row.per_minute, row.blocked_until)
