"""What is sealed: bound to its row and column, and sealed anew with the newest key while the bot works."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, LargeBinary, select, update

from bot.adapters.sealing import Sealer
from bot.adapters.store import SqlStore, open_store
from bot.adapters.store.secrets import SEALED, Sealed, SqlSecrets
from bot.adapters.store.tables import accounts, approvals, deliveries, kept, links, metadata, offers, reveals
from bot.domain.acts import Act, Request
from bot.domain.errors import BotError, TryLater, UserError
from bot.domain.messages import Outgoing
from bot.domain.offers import Offer, Purpose
from bot.domain.people import Account, Person, Way
from bot.ports import Reveal, Rotation
from tests.plugins.databases import ONLY_SQLITE, SECRET
from tests.plugins.rows import NOW, after

NEW = "a newer secret that is long enough"
ANN, BOB = Person("T1", "U1"), Person("T1", "U2")
LIFE = timedelta(minutes=10)
CLEAR = "the clear secret"


async def filled(store: SqlStore, *people: Person) -> None:
    """Everybody has something sealed in each of the columns."""
    for person in people or (ANN, BOB):
        name = person.user
        account = Account(person, "quay", NOW, CLEAR, Way.CODE)
        await store.accounts.link(account)
        await store.links.start(person, f"ticket {name}", frozenset(), CLEAR, NOW, LIFE)
        attempt = await store.links.of(person, NOW)
        assert attempt is not None
        assert await store.links.leave(attempt.id, f"cookie {name}", f"state {name}", Way.CODE, NOW)
        assert await store.links.offer(attempt.id, account, "code", NOW)
        await store.kept.keep(person, CLEAR, NOW)
        act = Act("build", "acme/web", {}, {"archive": CLEAR})
        times = (NOW, after(60))
        request = Request(f"OF{name}", person, "quay", "C1", "C1", act, "", "rule", ("@team",), 1, "R", *times)
        await store.approvals.ask(request, Outgoing(request.name, "C1", {}))
        await store.offers.make(Offer(f"offer {name}", Purpose.CONFIRM, person, act, "", "C1", "R", *times))
        await store.reveals.keep(f"reveal {name}", Reveal(person, "a token", (("Token", CLEAR),), after(60)))


async def read(store: SqlStore, person: Person) -> dict[str, str]:
    """Everything sealed of that person in clear; how it is refused, where it is."""
    questions = {
        "accounts.token": lambda: store.accounts.of(person),
        "links.origin": lambda: store.links.of(person, NOW),
        "links.token": lambda: store.links.confirm(person, "code", NOW, 5),
        "kept.what": lambda: store.kept.take(person, NOW),
        "approvals.hidden": lambda: store.approvals.get(f"OF{person.user}"),
        "offers.hidden": lambda: store.offers.get(f"offer {person.user}"),
        "reveals.what": lambda: store.reveals.take(f"reveal {person.user}", NOW),
    }
    found: dict[str, str] = {}
    for name, question in questions.items():
        try:
            found[name] = clear(await question())
        except BotError as error:
            found[name] = type(error).__name__
    return found


def clear(answer: Any) -> str:
    if isinstance(answer, Request | Offer):
        return answer.act.hidden["archive"]
    if isinstance(answer, Reveal):
        return answer.snippets[0][1]
    return str(getattr(answer, "token", getattr(answer, "origin", answer)))


PLACES = (
    "accounts.token",
    "links.origin",
    "links.token",
    "kept.what",
    "approvals.hidden",
    "offers.hidden",
    "reveals.what",
)
ALL_CLEAR = dict.fromkeys(PLACES, CLEAR)


def where(place: Sealed) -> str:
    return f"{place.column.table.name}.{place.column.name}"


def test_every_sealed_column_is_known() -> None:
    binary = {
        column for table in metadata.tables.values() for column in table.c if isinstance(column.type, LargeBinary)
    }
    assert {place.column for place in SEALED} == binary - {deliveries.c.body}
    assert {where(place) for place in SEALED} == set(ALL_CLEAR)


async def sealed_of(store: SqlStore, place: Sealed, person: Person) -> bytes:
    table = place.column.table
    async with store._database.reading() as connection:
        sealed = await connection.scalar(select(place.column).where(table.c.member == person.user))
    assert isinstance(sealed, bytes)
    return sealed


async def put(store: SqlStore, place: Sealed, person: Person, sealed: bytes) -> None:
    table = place.column.table
    async with store._database.writing() as connection:
        await connection.execute(update(table).where(table.c.member == person.user).values({place.column: sealed}))


# What the store says of a text that does not open, where it is not Locked: kept words are only forgotten.
CLOSED = {"kept.what": "None", "approvals.hidden": "GiveUp"}


@pytest.mark.parametrize("place", SEALED, ids=where)
async def test_nothing_opens_in_another_row(store: SqlStore, place: Sealed) -> None:
    await filled(store)
    await put(store, place, BOB, await sealed_of(store, place, ANN))
    found = await read(store, BOB)
    assert found.pop(where(place)) == CLOSED.get(where(place), "Locked")
    assert set(found.values()) == {CLEAR}
    assert await read(store, ANN) == ALL_CLEAR


@pytest.mark.parametrize("target", SEALED, ids=where)
@pytest.mark.parametrize("source", SEALED, ids=where)
async def test_nothing_opens_in_another_column_or_table(store: SqlStore, source: Sealed, target: Sealed) -> None:
    await filled(store, ANN)
    await put(store, target, ANN, await sealed_of(store, source, ANN))
    found = await read(store, ANN)
    if source is target:
        assert found == ALL_CLEAR
    else:
        assert found.pop(where(target)) == CLOSED.get(where(target), "Locked")
        assert set(found.values()) == {CLEAR}


@pytest.mark.parametrize(
    ("column", "refused"),
    [
        (accounts.c.member, ["accounts.token"]),
        (links.c.member, ["links.origin", "links.token"]),
        (links.c.ticket, ["links.origin", "links.token"]),
        (kept.c.member, ["kept.what"]),
        (approvals.c.team, ["approvals.hidden"]),
        (approvals.c.act, ["approvals.hidden"]),
        (approvals.c.target, ["approvals.hidden"]),
        (offers.c.team, ["offers.hidden"]),
        (offers.c.act, ["offers.hidden"]),
        (offers.c.target, ["offers.hidden"]),
        (reveals.c.team, ["reveals.what"]),
    ],
    ids=str,
)
async def test_a_row_that_is_given_to_somebody_else_does_not_open(
    store: SqlStore, column: Column[Any], refused: list[str]
) -> None:
    await filled(store, ANN)
    theirs = "U9" if column.name == "member" else "other"
    async with store._database.writing() as connection:
        await connection.execute(update(column.table).values({column: theirs}))
    found = await read(store, replace(ANN, user="U9") if column.name == "member" else ANN)
    assert [found[name] for name in refused] == [CLOSED.get(name, "Locked") for name in refused]


async def rotated(database_url: str, *secrets: str) -> Rotation:
    store = open_store(database_url, Sealer(secrets))
    try:
        return await store.secrets.rotate()
    finally:
        await store.close()


async def test_after_a_rotation_the_newest_key_alone_opens_everything(store: SqlStore, database_url: str) -> None:
    await filled(store)
    assert await rotated(database_url, NEW, SECRET) == Rotation(sealed=14, current=0, lost=())
    assert await rotated(database_url, NEW) == Rotation(sealed=0, current=14, lost=())
    newest = open_store(database_url, Sealer([NEW]))
    for person in (ANN, BOB):
        assert await read(newest, person) == ALL_CLEAR
    await newest.close()


async def test_what_is_not_there_is_not_counted(store: SqlStore, database_url: str) -> None:
    assert await rotated(database_url, SECRET) == Rotation(0, 0, ())
    await store.links.start(ANN, "ticket", frozenset(), "origin", NOW, LIFE)  # it has no token yet
    act = Act("build", "acme/web")
    request = Request("K7PX4", ANN, "ann", "C1", "C1", act, "", "rule", ("@team",), 1, "R", NOW, after(60))
    await store.approvals.ask(request, Outgoing("K7PX4", "C1", {}))  # it hides nothing
    assert await rotated(database_url, SECRET) == Rotation(0, 1, ())


async def test_what_no_key_opens_is_named_and_left_as_it_is(store: SqlStore, database_url: str) -> None:
    await filled(store, ANN)
    before = [await sealed_of(store, place, ANN) for place in SEALED]
    rotation = await rotated(database_url, NEW)
    assert (rotation.sealed, rotation.current) == (0, 0)
    rows = ("accounts: T1/U1", "links: T1/U1", "kept: T1/U1", "approvals: OFU1", "offers: offer U1", "reveals: T1/U1")
    assert rotation.lost == rows
    assert [await sealed_of(store, place, ANN) for place in SEALED] == before


async def test_one_that_was_moved_is_named_though_its_key_is_the_newest(store: SqlStore) -> None:
    await filled(store)
    await put(store, SEALED[0], BOB, await sealed_of(store, SEALED[0], ANN))
    assert await store.secrets.rotate() == Rotation(0, 13, ("accounts: T1/U2",))


async def test_without_keys_there_is_nothing_to_seal_with(database_url: str) -> None:
    store = open_store(database_url, None)
    with pytest.raises(UserError, match="SECRET_KEYS"):
        await store.secrets.rotate()
    await store.close()


class Interrupted(SqlSecrets):
    """Between the look at a row and its change, somebody links the account anew with the older key."""

    def __init__(self, store: SqlStore, times: int, *, forgets: bool = False) -> None:
        super().__init__(store._database, Sealer([NEW, SECRET]))
        self._store, self._times, self._forgets, self._done = store, times, forgets, 0

    async def _swap(self, place: Sealed, row: Any, old: bytes, new: bytes) -> bool:
        if self._done < self._times:
            self._done += 1
            if self._forgets:
                await self._store.accounts.forget(ANN)
            else:
                await self._store.accounts.link(Account(ANN, "ann", NOW, f"token {self._done}"))
        return await super()._swap(place, row, old, new)


async def test_a_token_that_is_linked_meanwhile_is_not_put_back(store: SqlStore, database_url: str) -> None:
    await store.accounts.link(Account(ANN, "ann", NOW, "old token"))
    assert await Interrupted(store, times=1).rotate() == Rotation(1, 0, ())
    newest = open_store(database_url, Sealer([NEW]))
    account = await newest.accounts.of(ANN)
    await newest.close()
    assert account is not None
    assert account.token == "token 1"


async def test_a_row_that_others_never_stop_changing_is_given_up(store: SqlStore) -> None:
    await store.accounts.link(Account(ANN, "ann", NOW, "old token"))
    with pytest.raises(TryLater):
        await Interrupted(store, times=99).rotate()


async def test_an_account_that_is_forgotten_meanwhile_stays_forgotten(store: SqlStore) -> None:
    await store.accounts.link(Account(ANN, "ann", NOW, "old token"))
    assert await Interrupted(store, times=1, forgets=True).rotate() == Rotation(0, 0, ())
    assert await store.accounts.everybody() == ()


async def test_the_bot_serves_while_everything_is_sealed_anew(store: SqlStore, database_url: str) -> None:
    people = [Person("T1", f"U{number}") for number in range(10)]
    await filled(store, *people)
    serving = open_store(database_url, Sealer([NEW, SECRET]))
    linked = [serving.accounts.link(Account(person, "quay", NOW, CLEAR)) for person in people[:5]]
    rotations = await asyncio.gather(rotated(database_url, NEW, SECRET), rotated(database_url, NEW, SECRET), *linked)
    await serving.close()
    assert [rotation.lost for rotation in rotations if rotation is not None] == [(), ()]
    newest = open_store(database_url, Sealer([NEW]))
    for person in people:
        assert await read(newest, person) == ALL_CLEAR
    await newest.close()


@ONLY_SQLITE
async def test_the_file_never_holds_a_clear_secret(store: SqlStore, tmp_path: Path) -> None:
    await filled(store)
    written = b"".join((tmp_path / f"quaybot.db{end}").read_bytes() for end in ("", "-wal"))
    assert b"ticket U1" in written
    assert CLEAR.encode() not in written
