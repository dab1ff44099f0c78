"""Attempts to link for tests of the store: Ann's, at each stage."""

from collections.abc import Sequence
from datetime import timedelta

from bot.adapters.store import SqlStore
from bot.domain.people import Account, Person, Way
from bot.ports import LinkAttempt
from tests.plugins.rows import NOW

LIFE = timedelta(minutes=10)
LATE = NOW + LIFE
ANN, BOB = Person("T1", "U1"), Person("T1", "U2")
SCOPES = frozenset({"repo:read", "user:read"})
ACCOUNT = Account(ANN, "ann", NOW, "ann's clear token", Way.CODE, SCOPES)
TRIES = 5


async def started(store: SqlStore, person: Person = ANN, ticket: str = "ticket") -> LinkAttempt:
    await store.links.start(person, ticket, SCOPES, "origin", NOW, LIFE)
    attempt = await store.links.by_ticket(ticket, NOW)
    assert attempt is not None
    return attempt


async def away(store: SqlStore, way: Way = Way.CODE) -> LinkAttempt:
    attempt = await started(store)
    assert await store.links.leave(attempt.id, "cookie", "state", way, NOW)
    return attempt


async def offered(store: SqlStore, account: Account = ACCOUNT) -> LinkAttempt:
    attempt = await away(store)
    assert await store.links.arrive("state", "cookie", NOW) is not None
    assert await store.links.offer(attempt.id, account, "code", NOW)
    return attempt


def won(outcomes: Sequence[object]) -> int:
    return sum(bool(outcome) for outcome in outcomes)
