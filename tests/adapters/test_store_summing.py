"""What the trail tells about many events: each event once, nothing that only repeats, newest and oldest in order."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from time import perf_counter
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from bot.adapters.store import SqlStore
from bot.adapters.store.tables import outbox
from bot.domain.digests import Happened
from bot.domain.trail import Entry, Verdict
from bot.ports import Received
from tests.plugins.rows import NOW, a_card, after
from tests.plugins.slackless import all_said

PUSH, FAILED, BUILT = "repo_push", "build_failure", "build_success"
OPENED, FOLDED, REPEATED, FILTERED = Verdict
NIGHT = "quiet hours until 07:00"


def entry(
    at: float = 0,
    verdict: Verdict = OPENED,
    delivery: int | None = 1,
    *tags: str,
    kind: str = PUSH,
    subject: str = "acme/api",
    channel: str = "C1",
    rule: str = "",
    item: str = "",
) -> Entry:
    return Entry(channel, subject, kind, tags, after(at), verdict, delivery, rule, item, {} if item else None)


async def recorded(store: SqlStore, *entries: Entry, card: int | None = None, now: datetime | None = None) -> None:
    async with store.inbox.ledger() as ledger:
        for one in entries:
            await ledger.record([(card, one)], one.at if now is None else now)


async def happened(store: SqlStore, since: float = 0, until: float = 100, channel: str = "C1") -> Sequence[Happened]:
    async with store.inbox.ledger() as ledger:
        return await ledger.sum_up(channel, after(since), after(until))


async def test_what_was_received_is_told_with_all_its_verdicts_oldest_first(store: SqlStore) -> None:
    card = await a_card(store)
    await recorded(store, entry(2, FOLDED, None, "v2", "v3"), entry(1, OPENED, 1, "v1", item="v1"), card=card.id)
    await recorded(store, entry(3, FILTERED, 2, kind=FAILED), entry(1, REPEATED, 3, "v1", item="v1"))
    assert await store.trail.received("C1", "acme/api", [PUSH, FAILED, PUSH], NOW) == (
        Received(PUSH, ("v1",), after(1), True, "v1"),
        Received(PUSH, ("v1",), after(1), True, "v1"),
        Received(PUSH, ("v2", "v3"), after(2), False),
        Received(FAILED, (), after(3), True),
    )


async def test_what_was_received_is_of_that_channel_subject_kind_and_time(store: SqlStore) -> None:
    await recorded(
        store, entry(5), entry(4), entry(6, channel="C2"), entry(7, subject="acme/web"), entry(8, kind=BUILT)
    )
    received = await store.trail.received("C1", "acme/api", [PUSH], after(5))
    assert [one.at for one in received] == [after(5)]
    assert await store.trail.received("C1", "acme/api", [], NOW) == ()


async def test_a_summary_counts_by_subject_and_kind_the_most_frequent_first(store: SqlStore) -> None:
    for number in range(3):
        await recorded(store, entry(number, OPENED if number == 0 else FOLDED, number, f"v{number}"))
    await recorded(store, entry(1, OPENED, 7, kind=FAILED), entry(2, FILTERED, 8, "dev", kind=FAILED, rule="-tag:dev"))
    await recorded(store, entry(3, OPENED, 9, "latest", subject="acme/a"))
    assert await happened(store) == (
        Happened("acme/api", PUSH, 3, 0, 0, ("v0", "v1", "v2")),
        Happened("acme/api", FAILED, 1, 1, 0),
        Happened("acme/a", PUSH, 1, 0, 0, ("latest",)),
    )


async def test_a_build_that_was_heard_of_repeatedly_counts_once_for_each_kind(store: SqlStore) -> None:
    for delivery in (1, 2, None):
        await recorded(store, entry(1, FOLDED, delivery, kind=FAILED, item="build:a"))
    await recorded(store, entry(1, FILTERED, 4, kind=FAILED, rule=NIGHT, item="build:b"))
    await recorded(store, entry(2, FILTERED, None, kind=FAILED, rule=NIGHT, item="build:b"))
    assert await happened(store) == (Happened("acme/api", FAILED, 1, 1, 1),)


async def test_a_test_call_is_in_no_summary(store: SqlStore) -> None:
    await recorded(store, replace(entry(1, OPENED, 1, "latest", "foo"), test=True))
    assert await happened(store) == ()


async def test_an_event_with_many_items_counts_once(store: SqlStore) -> None:
    card = await a_card(store)
    await recorded(store, *(entry(1, OPENED, 5, f"v{number}", item=f"v{number}") for number in range(8)), card=card.id)
    await recorded(
        store, *(entry(9, FOLDED, None, f"w{number}", item=f"w{number}") for number in range(2)), card=card.id
    )
    assert await happened(store) == (Happened("acme/api", PUSH, 2, 0, 0, ("v0", "v1", "v2", "v3", "v4")),)


async def test_what_only_repeats_is_no_event_of_its_own(store: SqlStore) -> None:
    await recorded(store, entry(1, REPEATED, 1, "v1"), entry(1, REPEATED, 1, kind=FAILED))
    await recorded(store, entry(2, FOLDED, 2, "v2"), entry(2, REPEATED, 2, "v1"))
    assert await happened(store) == (Happened("acme/api", PUSH, 1, 0, 0, ("v2",)),)


async def test_quiet_hours_are_counted_apart_from_filters(store: SqlStore) -> None:
    await recorded(store, entry(1, FILTERED, 1, "v1", rule=NIGHT), entry(2, FILTERED, 2, "v2", rule=NIGHT))
    await recorded(store, entry(3, FILTERED, 3, "x-dev", rule="-tag:*-dev"), entry(4, FILTERED, None, rule=NIGHT))
    assert await happened(store) == (Happened("acme/api", PUSH, 0, 4, 3, ("v1", "v2")),)


async def test_what_quiet_hours_kept_out_is_in_one_summary_whenever_it_happened(store: SqlStore) -> None:
    await recorded(
        store, entry(-500, FILTERED, 1, "v1", rule=NIGHT), entry(500, FILTERED, 2, "v2", rule=NIGHT), now=NOW
    )
    await recorded(store, entry(1, FILTERED, 3, channel="C2", rule=NIGHT), now=after(3))
    assert await store.trail.waiting(["C1", "C2", "C3"]) == {"C1": NOW, "C2": after(3)}
    assert await happened(store, 50, 60) == (Happened("acme/api", PUSH, 0, 2, 2, ("v1", "v2")),)
    assert await happened(store, -1000, 1000) == ()
    assert await store.trail.waiting(["C1", "C2"]) == {"C2": after(3)}
    assert await store.trail.waiting([]) == {}


async def test_a_summary_that_is_not_said_has_told_nothing(store: SqlStore) -> None:
    await recorded(store, entry(1, FILTERED, 1, rule=NIGHT))
    with suppress(RuntimeError):
        async with store.inbox.ledger() as ledger:
            assert await ledger.sum_up("C1", NOW, after(9))
            raise RuntimeError("killed")
    assert [one.quiet for one in await happened(store)] == [1]


async def test_two_who_sum_up_at_once_share_nothing(store: SqlStore, replica: SqlStore) -> None:
    await recorded(store, *(entry(number, FILTERED, number, rule=NIGHT) for number in range(50)))
    found = await asyncio.gather(happened(store), happened(replica))
    assert sorted(sum(one.quiet for one in some) for some in found) == [0, 50]


async def test_what_comes_late_counts_by_when_it_was_written(store: SqlStore) -> None:
    await recorded(store, entry(5, OPENED, 1), entry(6, FILTERED, 2, rule="-tag:dev"), now=after(25))
    assert await happened(store, 0, 20) == ()
    assert await happened(store, 20, 30) == (Happened("acme/api", PUSH, 1, 1, 0),)


async def test_a_night_with_ten_thousand_events_is_summed_up_at_once(store: SqlStore) -> None:
    night = [(None, entry(number / 100, FILTERED, number, f"v{number}", rule=NIGHT)) for number in range(10_000)]
    async with store.inbox.ledger() as ledger:
        await ledger.record(night, NOW)
    begun = perf_counter()
    (found,) = await happened(store)
    assert (found.quiet, found.tags) == (10_000, ("v0", "v1", "v2", "v3", "v4"))
    assert perf_counter() - begun < 5  # a tenth of that alone; others share the machine


async def test_a_summary_is_of_its_channel_and_time_without_the_end(store: SqlStore) -> None:
    await recorded(store, *(entry(at, OPENED, at) for at in (9, 10, 19, 20)), entry(15, OPENED, 50, channel="C2"))
    assert [one.shown for one in await happened(store, 10, 20)] == [2]
    assert [one.shown for one in await happened(store, 20, 30)] == [1]
    assert await happened(store, 30, 40) == ()


async def test_messages_are_counted_where_slack_shows_them_whatever_they_tell(store: SqlStore) -> None:
    cards = [await a_card(store, f"build:{number}") for number in range(4)]
    for number, card in enumerate(cards):
        subject = "acme/web" if number == 3 else "acme/api"
        opened = (entry(number, OPENED, number, item=f"i{item}", subject=subject) for item in range(3))
        await recorded(store, *opened, entry(number, FOLDED, 50 + number, subject=subject), card=card.id)

    async def posted(*subjects: str, since: float = 0, channel: str = "C1") -> int:
        return await store.trail.posted(channel, subjects, after(since))

    assert await posted("acme/api") == 0
    await all_said(store, NOW)
    assert await posted("acme/api") == 3
    assert await posted("acme/api", "acme/web") == 4
    assert await posted("acme/api", since=1) == 2
    assert await posted("acme/api", channel="C2") == await posted() == 0
    async with store._database.writing() as connection:
        gathered = update(outbox).where(outbox.c.id.in_([cards[0].outbox, cards[1].outbox]))
        await connection.execute(gathered.values(gathered=cards[3].outbox, ts=None))
    assert await posted("acme/api") == 2


async def test_what_was_there_before_is_the_newest_of_these_kinds(store: SqlStore) -> None:
    await recorded(store, entry(1, kind=FAILED), entry(9, kind=BUILT), entry(5, kind=FAILED), entry(7))
    await recorded(store, entry(8, kind=FAILED, channel="C2"), entry(8, kind=FAILED, subject="acme/web"))
    kinds = {FAILED, BUILT}

    async def before(at: float, *of: str) -> str:
        async with store.inbox.ledger() as ledger:
            return await ledger.failed_before("C1", "acme/api", of or kinds, after(at))

    assert [await before(at) for at in (1, 2, 9, 10)] == ["", FAILED, FAILED, BUILT]
    assert await before(10, PUSH) == PUSH
    assert await before(10, "mirror_failed") == ""


async def test_of_two_at_the_same_time_the_one_that_came_later_counts(store: SqlStore) -> None:
    await recorded(store, entry(1, kind=FAILED), entry(1, kind=BUILT))
    async with store.inbox.ledger() as ledger:
        assert await ledger.failed_before("C1", "acme/api", [FAILED, BUILT], after(2)) == BUILT


EVENTS = st.lists(
    st.tuples(
        st.integers(0, 20),  # when
        st.sampled_from(list(Verdict)),
        st.sampled_from(["acme/api", "acme/web"]),
        st.sampled_from([PUSH, FAILED]),
        st.integers(1, 3),  # items
        st.booleans(),  # a webhook brought it
        st.sampled_from(["", NIGHT, "-tag:*-dev"]),
    ),
    max_size=25,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
@given(EVENTS, st.integers(0, 20), st.integers(0, 20))
async def test_a_summary_counts_what_counting_by_hand_counts(
    store: SqlStore, events: list[tuple[int, Verdict, str, str, int, bool, str]], since: int, until: int
) -> None:
    channel = f"C{uuid4().hex}"
    counted: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for number, (at, verdict, subject, kind, items, delivered, rule) in enumerate(events):
        moment, delivery = at + number / 1000, 1_000 + number if delivered else None  # no two at the same time
        more = {"kind": kind, "subject": subject, "channel": channel, "rule": rule}
        await recorded(store, *(entry(moment, verdict, delivery, **more) for _ in range(items)))
        filtered = verdict is FILTERED
        quiet = filtered and rule == NIGHT
        if (quiet or since <= moment < until) and verdict is not REPEATED:
            counted[subject, kind].update(shown=not filtered, filtered=filtered, quiet=quiet)
    found = await happened(store, since, until, channel)
    assert {(one.subject, one.kind): (one.shown, one.filtered, one.quiet) for one in found} == {
        about: (counts["shown"], counts["filtered"], counts["quiet"]) for about, counts in counted.items()
    }
    often = [one.shown + one.filtered for one in found]
    assert often == sorted(often, reverse=True)


async def test_what_was_received_names_the_finding_and_the_build(store: SqlStore) -> None:
    card = await a_card(store)
    data = {"vulnerability": "CVE-2026-1", "severity": "High"}
    finding = Entry("C1", "acme/api", "vulnerability_found", ("v1",), after(1), OPENED, 1, "", "hash", data)
    build = Entry("C1", "acme/api", FAILED, (), after(2), OPENED, 2, "", "build:b1")
    await recorded(store, finding, build, build, card=card.id)
    assert await store.trail.received("C1", "acme/api", [FAILED, "vulnerability_found"], NOW) == (
        Received("vulnerability_found", ("v1",), after(1), True, "hash", "CVE-2026-1"),
        Received(FAILED, (), after(2), True, "build:b1"),
        Received(FAILED, (), after(2), True, "build:b1"),
    )
