"""The audit: a chain that only grows, whoever writes at once, and that the database itself keeps from changing."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.adapters.store import SqlStore, audit
from bot.adapters.store.columns import clean
from bot.domain.acts import Act, Deed, Outcome
from bot.domain.people import Person
from bot.ports import Line
from bot.rules.chain import FIRST, linked
from tests.plugins.databases import ONLY_POSTGRES, ONLY_SQLITE
from tests.plugins.rows import NOW, after

A_LIFE = timedelta(days=30_000)
ANN, BOB = Person("T1", "U1"), Person("T1", "U2")
DEED = Deed(
    at=NOW,
    reference="KDWF-4071",
    person=ANN,
    username="ann",
    channel="C1",
    act=Act("build", "acme/web:v1", {"ref": "main", "dir": "/"}),
    outcome=Outcome.DONE,
    detail="build 1234 was started",
    approval="K7PX4",
    quay_log="build_dockerfile",
)


def about(target: str, **other: Any) -> Deed:
    return replace(DEED, act=Act("build", target), **other)


async def lines(store: SqlStore, since: datetime | None = None) -> list[Line]:
    return [line async for line in store.audit.all(since=since)]


def unbroken(found: list[Line]) -> bool:
    previous = FIRST
    for number, line in enumerate(found, 1):
        if (line.number, line.previous) != (number, previous) or line.hash != linked(number, previous, line.deed):
            return False
        previous = line.hash
    return True


async def changed(store: SqlStore, statement: str, values: Mapping[str, Any] | None = None) -> None:
    async with store._database.writing() as connection:
        await connection.execute(text(statement), values or {})


async def test_a_line_comes_back_as_it_was_written(store: SqlStore) -> None:
    line = await store.audit.append(DEED)
    assert line == Line(1, DEED, FIRST, linked(1, FIRST, DEED))
    assert await lines(store) == [line]
    assert await store.audit.newest() == (line,)


async def test_what_is_hidden_is_not_stored(store: SqlStore) -> None:
    act = Act("build", "acme/web", {"ref": "main"}, {"archive": "a secret address"})
    line = await store.audit.append(replace(DEED, act=act))
    assert line.deed.act == Act("build", "acme/web", {"ref": "main"})


async def test_each_line_is_chained_to_the_one_before(store: SqlStore) -> None:
    for outcome in Outcome:
        await store.audit.append(replace(DEED, outcome=outcome))
    found = await lines(store)
    assert [line.deed.outcome for line in found] == list(Outcome)
    assert unbroken(found)


async def test_many_who_write_at_once_leave_no_gap_and_one_chain(store: SqlStore, replica: SqlStore) -> None:
    deeds = [replace(DEED, detail=str(number)) for number in range(20)]
    written = await asyncio.gather(
        *[(store if number % 2 else replica).audit.append(deed) for number, deed in enumerate(deeds)]
    )
    found = await lines(store)
    assert [line.number for line in found] == list(range(1, 21))
    assert sorted(written, key=lambda line: line.number) == found
    assert unbroken(found)


_odd = st.text(max_size=12) | st.sampled_from(["\0", "\ud83d", "\ud83d\ude00", "a\0b", "'\"\\", "é"])
_zones = st.sampled_from([UTC, timezone(timedelta(hours=5.5))])
_times = st.builds(lambda span, zone: (NOW + span).astimezone(zone), st.timedeltas(-A_LIFE, A_LIFE), _zones)
_deeds = st.builds(
    Deed,
    at=_times,
    reference=_odd,
    person=st.builds(Person, _odd, _odd),
    username=_odd,
    channel=_odd,
    act=st.builds(Act, _odd, _odd, st.dictionaries(_odd, _odd, max_size=3), st.just({})),
    outcome=st.sampled_from(Outcome),
    detail=_odd,
    approval=_odd,
    quay_log=_odd,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deed=_deeds)
async def test_whatever_is_written_the_hash_is_that_of_what_is_stored(store: SqlStore, deed: Deed) -> None:
    line = await store.audit.append(deed)
    (stored,) = await store.audit.newest(limit=1)
    assert stored == line
    assert line.hash == linked(line.number, line.previous, stored.deed)
    assert stored.deed.at == deed.at
    assert stored.deed.detail == clean(deed.detail)
    assert stored.deed.act.target == clean(deed.act.target)
    assert stored.deed.person == Person(clean(deed.person.team), clean(deed.person.user))
    assert stored.deed.act.parameters.items() >= {
        (clean(name), clean(value))
        for name, value in deed.act.parameters.items()
        if [clean(other) for other in deed.act.parameters].count(clean(name)) == 1
    }


async def test_people_and_references_are_found(store: SqlStore) -> None:
    await store.audit.append(DEED)
    await store.audit.append(replace(DEED, person=BOB, reference="WXYZ-1000", approval=""))
    await store.audit.append(replace(DEED, person=Person("T2", "U1"), reference="WXYZ-1001"))
    await store.audit.append(replace(DEED, reference="WXYZ-1002", approval=""))
    numbers = {
        "ann": await store.audit.newest(person=ANN),
        "reference": await store.audit.newest(reference="WXYZ-1000"),
        "approval": await store.audit.newest(reference="K7PX4"),
        "both": await store.audit.newest(person=ANN, reference="K7PX4"),
        "none": await store.audit.newest(person=BOB, reference="K7PX4"),
        "two": await store.audit.newest(limit=2),
        "before": await store.audit.newest(person=ANN, before=4),
        "page": await store.audit.newest(before=4, limit=2),
        "nothing before": await store.audit.newest(before=1),
    }
    assert {name: [line.number for line in found] for name, found in numbers.items()} == {
        "ann": [4, 1],
        "reference": [2],
        "approval": [3, 1],
        "both": [1],
        "none": [],
        "two": [4, 3],
        "before": [1],
        "page": [3, 2],
        "nothing before": [],
    }


TARGETS = (
    "acme",
    "acme/web",
    "acme/web:v1",
    "acme/web2",
    "acme/web/deep:v1",
    "acme+robot",
    "acmex",
    "acmex/web",
    "ACME/web",
    "acme/w_b",
    "acme/w_b:v1",
    "acme/w%b:v1",
    "",
)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("acme/web", {"acme/web", "acme/web:v1"}),
        ("acme/web:v1", {"acme/web:v1"}),
        ("acme+robot", {"acme+robot"}),
        ("acme/w_b", {"acme/w_b", "acme/w_b:v1"}),
        ("acme/w%b", {"acme/w%b:v1"}),
        ("acm%", set()),
        ("_cme", set()),
        ("acme/web:v", set()),
        ("ACME", {"ACME/web"}),
        ("acmex", {"acmex", "acmex/web"}),
        ("acme", {one for one in TARGETS if one == "acme" or one.startswith(("acme/", "acme+"))}),
    ],
)
async def test_a_target_has_what_is_inside_it_and_nothing_that_only_looks_alike(
    store: SqlStore, asked: str, found: set[str]
) -> None:
    for target in TARGETS:
        await store.audit.append(about(target))
    assert {line.deed.act.target for line in await store.audit.newest(target=asked, limit=99)} == found


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(st.characters(exclude_characters=":/+"), min_size=1, max_size=6))
async def test_a_namespace_of_any_name_has_its_repositories_and_no_others(store: SqlStore, name: str) -> None:
    inside = [await store.audit.append(about(f"{name}{rest}")) for rest in ("", "/web", "/web:v1", "+robot")]
    outside = [await store.audit.append(about(f"{other}/web")) for other in (f"{name}x", f"x{name}")]
    found = {line.number for line in await store.audit.newest(target=name, limit=100)}
    assert found >= {line.number for line in inside}
    assert not found & {line.number for line in outside}


async def test_all_lines_are_read_a_few_at_a_time(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "CHUNK", 3)
    for count in range(1, 8):
        await store.audit.append(replace(DEED, at=after(count)))
        assert [line.number for line in await lines(store)] == list(range(1, count + 1))


async def test_from_some_time_on_no_line_is_missing_though_clocks_differ(store: SqlStore) -> None:
    for at in (1, 5, 3, 7):
        await store.audit.append(replace(DEED, at=after(at)))
    assert [line.number for line in await lines(store, after(4))] == [2, 3, 4]
    assert await lines(store, after(8)) == []


async def test_lines_may_be_written_while_somebody_reads_them_all(store: SqlStore) -> None:
    await store.audit.append(DEED)
    async for line in store.audit.all():
        assert line.number == 1
        await store.audit.append(DEED)
    assert len(await lines(store)) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET detail = 'nothing happened'",
        "UPDATE audit SET detail = 'nothing happened' WHERE number = 2",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE number = 2",
        "INSERT INTO audit SELECT * FROM audit WHERE number = 2 ON CONFLICT (number) DO UPDATE SET detail = 'nothing'",
    ],
)
async def test_the_database_refuses_to_change_a_line(store: SqlStore, statement: str) -> None:
    for _ in range(2):
        await store.audit.append(DEED)
    before = await lines(store)
    with pytest.raises(DBAPIError, match="append-only"):
        await changed(store, statement)
    assert await lines(store) == before
    assert (await store.audit.append(DEED)).number == 3


@ONLY_POSTGRES
async def test_postgres_refuses_to_empty_the_audit(store: SqlStore) -> None:
    await store.audit.append(DEED)
    with pytest.raises(DBAPIError, match="append-only"):
        await changed(store, "TRUNCATE audit")
    assert len(await lines(store)) == 1


@ONLY_SQLITE
@pytest.mark.parametrize("number", [1, 2, 0])
async def test_sqlite_refuses_to_put_another_line_in_place_of_one(store: SqlStore, number: int) -> None:
    for _ in range(2):
        await store.audit.append(DEED)
    columns = "at, reference, team, member, username, channel, act, target, parameters, outcome, detail, approval"
    columns += ", quay_log, previous, hash"
    copied = f"INSERT OR REPLACE INTO audit (number, {columns}) SELECT :number, {columns} FROM audit WHERE number = 1"
    with pytest.raises(DBAPIError, match="append-only"):
        await changed(store, copied, {"number": number})
    assert unbroken(await lines(store))


async def test_no_sweep_forgets_a_line(store: SqlStore) -> None:
    await store.audit.append(DEED)
    await store.inbox.sweep(after(1e6))
    await store.accounts.forget_all_of(ANN)
    assert len(await lines(store)) == 1


async def test_the_first_line_of_a_reference_or_of_an_approval_is_the_oldest_one(store: SqlStore) -> None:
    first = await store.audit.append(replace(DEED, approval=""))
    second = await store.audit.append(DEED)
    await store.audit.append(replace(DEED, person=BOB))
    assert await store.audit.first("KDWF-4071") == first
    assert await store.audit.first("K7PX4") == second
    assert await store.audit.first("AAAA-0000") is None


async def test_a_list_leaves_out_looks_and_beginnings_of_what_went_on(store: SqlStore) -> None:
    looked = replace(about("acme/web", reference="LOOK-0001"), act=Act("audit", "acme/web"))
    for deed in (
        replace(DEED, outcome=Outcome.TRIED),
        replace(DEED, outcome=Outcome.ASKED),
        replace(DEED, person=BOB, outcome=Outcome.APPROVED),
        replace(DEED, outcome=Outcome.TRIED),  # nothing of the same person follows: the process may have died
        replace(DEED, person=BOB, outcome=Outcome.REFUSED),
        looked,
        replace(DEED, reference="AAAA-0001", outcome=Outcome.TRIED),
        replace(DEED, reference="AAAA-0001", outcome=Outcome.DONE),
    ):
        await store.audit.append(deed)
    assert [line.number for line in await store.audit.newest(listing=True)] == [8, 5, 4, 3, 2]
    assert len(await store.audit.newest()) == 8
