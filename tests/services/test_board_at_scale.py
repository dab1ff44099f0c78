"""Large batches, any order, and several processes at once: the counts stay exact."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from bot.adapters.store import SqlStore
from bot.domain.events import Severity
from tests.plugins.databases import ONLY_SQLITE
from tests.plugins.slackless import messages, trail
from tests.services.hall import Hall


@pytest.fixture
def hall(store: SqlStore) -> Hall:
    return Hall(store)


@contextmanager
def statements() -> Iterator[list[str]]:
    heard: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        heard.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    yield heard
    event.remove(Engine, "before_cursor_execute", hear)


@ONLY_SQLITE
async def test_a_large_batch_asks_the_database_no_more_than_a_small_one(hall: Hall) -> None:
    counts = []
    for size in (2, 40):
        for _ in range(2):  # the second batch turns what the first one opened
            events = [hall.finding(f"app{size}-{number % 10}", number) for number in range(size)]
            tellings = [hall.telling(one, f"C{place % 20}") for place, one in enumerate(events)]
            with statements() as heard:
                await hall.batch(*tellings, hall.telling(hall.push(f"t{size}"), "C1"))
            counts.append(len(heard))
        await hall.shown()
        hall.clock.pass_by(4000)
    assert max(counts) <= 10


EVENTS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 5)), min_size=1, max_size=14)


@ONLY_SQLITE
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=EVENTS, sizes=st.lists(st.integers(1, 5), min_size=14, max_size=14), seed=st.integers(0, 99))
async def test_however_events_are_batched_and_ordered_the_counts_are_the_same(
    hall: Hall, drawn: list[tuple[int, int, int]], sizes: list[int], seed: int
) -> None:
    hall.clock.pass_by(100_000)
    events = [hall.finding(f"app{app}", cve, severity=tuple(Severity)[level]) for app, cve, level in drawn]
    distinct = len({(one.repository, one.vulnerability) for one in events})
    await hall.shown()
    for shuffled in (False, True):
        hall.clock.pass_by(100_000)
        told = [one.model_copy(update={"at": hall.clock.now()}) for one in events]
        if shuffled:
            random.Random(seed).shuffle(told)
        rest, before = list(told), len(await trail(hall.store))
        for size in sizes:
            await hall.tell(*rest[:size])
            rest = rest[size:]
        await hall.tell(*rest)
        assert len(await hall.shown()) == 1
        entries = (await trail(hall.store))[before:]
        assert len(entries) == len(events)
        assert sum(entry.data is not None for entry in entries) == distinct
        assert (await hall.totals())[-1] == distinct


async def test_two_replicas_that_fold_the_same_names_at_once_have_one_card_with_exact_counts(
    hall: Hall, replica: SqlStore
) -> None:
    boards = [hall.board, hall.on(replica)]
    events = [hall.finding(f"app{number % 3}", number) for number in range(24)]
    random.Random(5).shuffle(events)
    tellings = [hall.telling(one) for one in (*events, *events)]  # every finding comes twice
    random.Random(6).shuffle(tellings)
    batches = [tellings[start : start + 6] for start in range(0, len(tellings), 6)]
    told = await asyncio.gather(*[hall.batch(*batch, board=boards[place % 2]) for place, batch in enumerate(batches)])
    assert len(await messages(hall.store)) == 1
    assert await hall.totals() == [24]
    counts = sum((one.counts for one in told), Counter())
    assert (counts["cards_opened"], counts["events_folded"], counts["events_repeated"]) == (1, 23, 24)
    entries = await trail(hall.store)
    assert (len(entries), sum(entry.data is not None for entry in entries)) == (48, 24)
