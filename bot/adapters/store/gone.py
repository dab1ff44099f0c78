"""Forgetting people: who is gone from Slack, or whose workspace is."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, Table, delete, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.database import Database
from bot.adapters.store.owners import belongs, link_lock, owner
from bot.adapters.store.tables import (
    accounts,
    approvals,
    banners,
    kept,
    links,
    lookups,
    offers,
    reveals,
    subscriptions,
    watches,
)
from bot.domain.acts import Stage
from bot.domain.banners import BannerStage
from bot.domain.people import Person
from bot.domain.subscriptions import State

WHY = "The person who asked for it is not here any more."
ORPHANED = "Whoever looked after it has left, or unlinked their Quay account."


async def forget_person(connection: AsyncConnection, database: Database, person: Person) -> None:
    """Delete the person's rows, withdraw their open requests and cancel their scheduled messages that wait.

    What runs already goes on; a global message that is shown stays until its end, of which the job then says that it
    cannot remove it. Subscriptions go on as far as they can, until somebody takes them over. The audit stays: it is
    about what was done, not about who is here. Raises ValueError for a person without an id.
    """
    if not (person.team and person.user):
        raise ValueError("nobody can be forgotten under an empty name")
    await database.alone(connection, link_lock(person))
    await _forget(connection, lambda table: belongs(table, person))


async def forget_team(connection: AsyncConnection, database: Database, team: str) -> None:
    """The same for everybody of a workspace or organization. Raises ValueError for an empty one."""
    if not team:
        raise ValueError("no workspace has an empty name")
    linking = await connection.execute(select(links.c.team, links.c.member).where(links.c.team == team))
    await database.alone(connection, *(link_lock(owner(row)) for row in linking))
    await _forget(connection, lambda table: table.c.team == team)


async def forget_everybody(connection: AsyncConnection, database: Database) -> None:
    """The same for everybody."""
    linking = await connection.execute(select(links.c.team, links.c.member))
    await database.alone(connection, *(link_lock(owner(row)) for row in linking))
    await _forget(connection, lambda _: true())


async def _forget(connection: AsyncConnection, theirs: Callable[[Table], ColumnElement[bool]]) -> None:
    for table in (accounts, links, kept, watches, offers, reveals):
        await connection.execute(delete(table).where(theirs(table)))
    still_open = approvals.c.stage == Stage.OPEN.value
    withdrawn = update(approvals).where(theirs(approvals), still_open)
    await connection.execute(withdrawn.values(stage=Stage.WITHDRAWN.value, reason=WHY, hidden=None))
    waiting = update(banners).where(theirs(banners), banners.c.stage == BannerStage.WAITING.value)
    await connection.execute(waiting.values(stage=BannerStage.CANCELLED.value, reason=WHY))
    await _orphan(connection, theirs(subscriptions))


async def _orphan(connection: AsyncConnection, theirs: ColumnElement[bool]) -> None:
    """Nobody looks anything up with their account any more; what waits to be told for that is told without."""
    names = select(subscriptions.c.name).where(theirs)
    unheld = lookups.c.held.is_(False)
    await connection.execute(delete(lookups).where(lookups.c.subscription.in_(names), unheld))
    active = update(subscriptions).where(theirs, subscriptions.c.state == State.ACTIVE.value)
    await connection.execute(active.values(state=State.ORPHANED.value, reason=ORPHANED))
