"""What is asked for all the time must not read what is long done."""

import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, event

from bot.adapters.store import SqlStore
from bot.domain.messages import Outgoing
from bot.domain.people import Person
from bot.domain.subscriptions import State
from bot.ports import Ledger, StoredCard, Turned
from tests.plugins.databases import ONLY_POSTGRES, ONLY_SQLITE
from tests.plugins.rows import LEASE, NOW, a_card, after, cards
from tests.plugins.wishes import becomes, gap, lookup, part, sought, wish

ONE_BY_ONE = {"find cards in channels", "know items"}  # not even a whole index is read
ANN = Person("T1", "U1")
PEOPLES = ("accounts", "links", "kept", "approvals", "votes", "audit", "offers")
WISHES = (
    "subscriptions",
    "parts",
    "gaps",
    "lookups",
    "recovered",
    "baselines",
    "hooks",
    "hook_channels",
    "hook_tokens",
)
CARD = StoredCard(1, "C1", "push", "{}", 1, "k", NOW, NOW)


async def in_ledger(store: SqlStore, question: Callable[[Ledger], Awaitable[object]]) -> None:
    async with store.inbox.ledger() as ledger:
        await question(ledger)


async def a_list(store: SqlStore) -> None:
    await store.trail.items((await a_card(store)).key)
    async with store.inbox.ledger() as ledger:
        await ledger.say(Outgoing("plain", "C1", {}), NOW)
    await store.trail.items("plain")


async def changed(store: SqlStore) -> None:
    await store.subscriptions.add(wish(), NOW)
    await becomes(store, wish(state=State.ENDED), NOW)
    await store.subscriptions.forget("SAAAA")


async def looked_up(store: SqlStore) -> None:
    await sought(store, lookup(1), lookup(2, name="SBBBB"))
    assert len(await store.lookups.claim(9, NOW, LEASE)) == 2


QUESTIONS: dict[str, Callable[[SqlStore], Awaitable[object]]] = {
    "claim deliveries": lambda store: store.inbox.claim(9, NOW, LEASE),
    "count deliveries": lambda store: store.inbox.waiting(),
    "forget what is over": lambda store: store.inbox.sweep(NOW),
    "resume messages": lambda store: store.outbox.resume(NOW),
    "claim messages": lambda store: store.outbox.claim(9, NOW, LEASE, skip={"C1"}),
    "count messages": lambda store: store.outbox.waiting(),
    "measure how long messages wait": lambda store: store.outbox.lag(NOW),
    "count what is dead": lambda store: store.dead.counts(),
    "find parked channels": lambda store: store.dead.lanes(),
    "find cards": cards,
    "find cards in channels": lambda store: in_ledger(store, lambda ledger: ledger.cards([("a", "C1"), ("b", "C2")])),
    "know items": lambda store: in_ledger(store, lambda ledger: ledger.known([(1, "a"), (2, "b")])),
    "find waiting replies": lambda store: in_ledger(store, lambda ledger: ledger.waiting_replies([1, 2])),
    "look up layouts": lambda store: in_ledger(store, lambda ledger: ledger.layouts(["C1", "C2"])),
    "turn cards": lambda store: in_ledger(store, lambda ledger: ledger.turn_cards([Turned(CARD, "{}", {})], NOW)),
    "settle deliveries": lambda store: in_ledger(store, lambda ledger: ledger.set_aside(1, "odd")),
    "follow events": lambda store: store.trail.steps("acme/web", tag="v1", channel="C1"),
    "find unread deliveries": lambda store: store.trail.unread("acme/web", channel="C1"),
    "find builds by the beginning of their ids": lambda store: store.trail.builds("2e618f59"),
    "page through a list": a_list,
    "list what is dead": lambda store: store.dead.all(),
    "claim watches": lambda store: store.watches.claim(9, NOW, LEASE),
    "sweep ids": lambda store: store.once.sweep(NOW),
    "find an attempt by its ticket": lambda store: store.links.by_ticket("t", NOW),
    "find an attempt by its browser": lambda store: store.links.by_cookie("c", NOW),
    "find an attempt by its state": lambda store: store.links.arrive("s", "c", NOW),
    "find a person's attempt": lambda store: store.links.of(ANN, NOW),
    "sweep attempts": lambda store: store.links.sweep(NOW),
    "take kept words": lambda store: store.kept.take(ANN, NOW),
    "sweep kept words": lambda store: store.kept.sweep(NOW),
    "find everybody with a Quay account": lambda store: store.accounts.of_username("ann"),
    "find requests whose time is over": lambda store: store.approvals.over(NOW, NOW),
    "list open requests": lambda store: store.approvals.open(),
    "read what a person did": lambda store: store.audit.newest(person=ANN, listing=True),
    "read what was done to a repository": lambda store: store.audit.newest(target="acme/web"),
    "read what was done in a namespace": lambda store: store.audit.newest(target="acme"),
    "list a person's open requests": lambda store: store.approvals.open(person=ANN),
    "find who began it": lambda store: store.audit.first("KDWF-4071"),
    "list a person's ways back": lambda store: store.offers.undoable(ANN, NOW),
    "claim subscriptions": lambda store: store.subscriptions.claim(9, NOW, LEASE),
    "note that a subscription was checked": lambda store: store.subscriptions.checked("SAAAA", NOW, NOW),
    "change a subscription": changed,
    "hurry a subscription": lambda store: store.subscriptions.hurry(["SAAAA"], NOW),
    "list a channel's subscriptions": lambda store: store.subscriptions.all(channel="C1"),
    "list a person's subscriptions": lambda store: store.subscriptions.all(person=ANN),
    "list the parts of a subscription": lambda store: store.subscriptions.parts("SAAAA", "SBBBB"),
    "know notifications by their marks": lambda store: store.subscriptions.hooks_of(["a", "b"]),
    "keep a part": lambda store: store.subscriptions.keep_part(replace(part(), hook="1")),
    "drop a part": lambda store: store.subscriptions.drop_part("1"),
    "look up what was there before": lambda store: store.subscriptions.baseline("SAAAA", "acme/api"),
    "open a gap": lambda store: store.gaps.open(gap()),
    "claim gaps": lambda store: store.gaps.claim(9, NOW, LEASE),
    "count gaps": lambda store: store.gaps.waiting("SAAAA"),
    "claim lookups": looked_up,
    "hear of webhooks": lambda store: in_ledger(store, lambda ledger: ledger.heard({"1": NOW, "2": NOW}, ["2"])),
    "find the card of a delivery": lambda store: in_ledger(store, lambda ledger: ledger.telling(1, "C1")),
    "look up rhythms": lambda store: in_ledger(store, lambda ledger: ledger.rhythms(["C1", "C2"])),
    "find what failed before": lambda store: in_ledger(
        store, lambda ledger: ledger.failed_before("C1", "acme/api", ["build_failure", "build_success"], NOW)
    ),
    "find what was received": lambda store: store.trail.received("C1", "acme/api", ["repo_push"], NOW),
    "sum up a channel": lambda store: in_ledger(store, lambda ledger: ledger.sum_up("C1", NOW, after(60))),
    "find what waits for a summary": lambda store: store.trail.waiting(["C1", "C2"]),
    "count a channel's messages": lambda store: store.trail.posted("C1", ["acme/api", "acme/web"], NOW),
    "find the hooks of a repository": lambda store: store.trail.hooks("acme/api"),
    "read what has a reference": lambda store: store.audit.newest(reference="KDWF-4071"),
}


@contextmanager
def statements() -> Iterator[list[tuple[str, Any]]]:
    heard: list[tuple[str, Any]] = []

    def hear(_connection: object, _cursor: object, statement: str, parameters: object, *_more: object) -> None:
        if statement.lstrip().startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            heard.append((statement, parameters[0] if isinstance(parameters, list) else parameters))

    event.listen(Engine, "before_cursor_execute", hear)
    yield heard
    event.remove(Engine, "before_cursor_execute", hear)


def plan_of(path: Path, heard: list[tuple[str, Any]]) -> list[str]:
    with closing(sqlite3.connect(path / "quaybot.db")) as connection:
        return [row[3] for asked in heard for row in connection.execute("EXPLAIN QUERY PLAN " + asked[0], asked[1])]


@ONLY_SQLITE
@pytest.mark.parametrize("question", QUESTIONS)
async def test_a_frequent_question_is_answered_from_an_index(store: SqlStore, question: str, tmp_path: Path) -> None:
    with statements() as heard:
        await QUESTIONS[question](store)
    assert heard
    steps = plan_of(tmp_path, heard)
    tables = (
        "deliveries",
        "outbox",
        "cards",
        "card_names",
        "entries",
        "channels",
        "watches",
        "seen",
        *PEOPLES,
        *WISHES,
    )
    whole = [step for step in steps if step.startswith(tuple(f"SCAN {table}" for table in tables))]
    assert [step for step in whole if "INDEX" not in step or question in ONE_BY_ONE] == []


@ONLY_SQLITE
async def test_the_beginning_of_an_id_is_a_range_of_the_key(store: SqlStore, tmp_path: Path) -> None:
    with statements() as heard:
        await store.trail.builds("2e618f59")
    assert [step for step in plan_of(tmp_path, heard) if "(name>? AND name<?)" in step]


@ONLY_POSTGRES
async def test_postgresql_has_an_index_for_the_beginning_of_an_id(store: SqlStore, database_url: str) -> None:
    with statements() as heard:
        await store.trail.builds("2e618f59")
    asked, values = next(one for one in heard if "card_names" in one[0])
    async with await psycopg.AsyncConnection.connect(database_url.replace("+psycopg", "")) as connection:
        await connection.execute("SET enable_seqscan = off")  # a table without rows is read whole
        rows = await connection.execute(f"EXPLAIN {asked}".encode(), values)
        plan = [row[0] for row in await rows.fetchall()]
    assert [line for line in plan if "Index Cond" in line and "~>=~" in line], plan
