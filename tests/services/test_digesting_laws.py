"""Whatever comes when, and whatever is decided meanwhile: what quiet hours keep out is in exactly one summary."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.store import SqlStore
from bot.domain.digests import Rhythm
from bot.domain.errors import TryLater
from bot.domain.events import Pushed
from bot.domain.trail import Entry, Verdict
from bot.rules.routing import Way, routed
from bot.services.upkeep.digesting import Digesting
from tests.plugins.slackless import unsaid

# The clocks of Berlin are put back in this night, and those of Lord Howe (by half an hour) three weeks before.
START = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
COUNTED = re.compile(r"([\d,]+) by quiet hours")


@dataclass
class Clock:
    time: datetime = START

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@dataclass
class Street:
    """A channel, what is told there, and how many events quiet hours have kept out so far."""

    store: SqlStore
    clock: Clock
    channel: str
    kept: int = 0
    number: int = 0

    async def rhythm(self) -> Rhythm:
        return (await self.store.channels.of(self.channel)).rhythm

    async def hears(self, late: timedelta) -> None:
        """An event that happened earlier comes now."""
        self.number += 1
        at, now = self.clock.time - late, self.clock.time
        event = Pushed(kind="repo_push", at=at, namespace="acme", repository="acme/web", tags=(f"v{self.number}",))
        way = routed(event, "", paused_until=None, rhythm=await self.rhythm(), now=now)
        verdict = Verdict.FILTERED if way.way is Way.OUT else Verdict.OPENED
        self.kept += verdict is Verdict.FILTERED
        entry = Entry(self.channel, "acme/web", event.kind, event.tags, at, verdict, self.number, way.rule)
        async with self.store.inbox.ledger() as ledger:
            await ledger.record([(None, entry)], now)

    async def decides(self, zone: str, quiet: str, digest: str, told: bool) -> None:
        before = await self.rhythm()
        after = Rhythm(zone, quiet, digest, self.clock.time if told else before.told_at)
        assert await self.store.channels.set_rhythm(self.channel, before, after)

    async def sums_up(self, replicas: int) -> None:
        """A round of the job; of many replicas all have seen the same state, and the first may die on its way."""
        seen = (await self.store.channels.of(self.channel),)
        for number in range(replicas):
            dies = number == 0 and replicas > 1
            replica = Replica(self.store, seen, dies)
            await Digesting(replica, self.store.trail, replica, self.clock, "https://quay.example", lambda: None).run()  # type: ignore[arg-type]

    async def counted(self) -> int:
        """How many events the summaries tell that quiet hours have kept out, in all of them together."""
        said = [str(row.payload) for row in await unsaid(self.store) if row.channel == self.channel]
        return sum(int(found[1].replace(",", "")) for text in said if (found := COUNTED.search(text)))


@dataclass
class Replica:
    """The store as a process sees it that looked a moment ago, and that may die before its transaction ends."""

    store: SqlStore
    seen: tuple[object, ...]
    dies: bool

    async def all(self) -> tuple[object, ...]:
        return self.seen

    def ledger(self) -> object:
        return Dying(self.store.inbox.ledger()) if self.dies else self.store.inbox.ledger()


class Dying:
    """A transaction that is undone at its end."""

    def __init__(self, real: object) -> None:
        self.real = real

    async def __aenter__(self) -> object:
        return await self.real.__aenter__()  # type: ignore[attr-defined]

    async def __aexit__(self, *exc: object) -> None:
        error = TryLater("The database went away just now.")
        await self.real.__aexit__(type(error), error, None)  # type: ignore[attr-defined]
        raise error


ZONES = st.sampled_from(["UTC", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"])
QUIETS = st.sampled_from(["", "22:00-07:00", "02:30-03:00", "00:00-19:00", "12:00-15:00", "20:00-02:15"])
DIGESTS = st.sampled_from(["", "", "daily 09:00", "daily 02:30", "weekly sun 08:00"])
STEPS = st.lists(
    st.one_of(
        st.timedeltas(timedelta(seconds=1), timedelta(hours=9)),  # time goes by
        st.tuples(st.just("hears"), st.timedeltas(timedelta(), timedelta(days=3))),
        st.tuples(st.just("hears"), st.just(timedelta())),
        st.tuples(st.just("decides"), ZONES, QUIETS, DIGESTS, st.booleans()),
        st.tuples(st.just("sums_up"), st.integers(1, 3)),
    ),
    max_size=30,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(STEPS, QUIETS)
async def test_what_quiet_hours_keep_out_is_in_exactly_one_summary(
    store: SqlStore, steps: list[timedelta | tuple[object, ...]], quiet: str
) -> None:
    clock = Clock()
    street = Street(store, clock, f"C{uuid4().hex}")
    await street.decides("Europe/Berlin", quiet, "", told=True)
    for step in steps:
        if isinstance(step, timedelta):
            clock.time += step
        else:
            await getattr(street, str(step[0]))(*step[1:])
    assert await street.counted() <= street.kept
    for _ in range(20):  # forty hours, in which nothing new comes
        clock.time += timedelta(hours=2)
        await street.sums_up(1)
    assert await street.counted() == street.kept
    assert street.channel not in await store.trail.waiting([street.channel])
