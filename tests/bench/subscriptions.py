"""Ten thousand webhook addresses: what it takes to match an event with them, and what they weigh in memory."""

import asyncio
import hashlib
import secrets
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import Table

from bot.adapters.clock import SystemClock
from bot.adapters.store import open_store, upgrade
from bot.adapters.store.database import Database
from bot.adapters.store.engines import sync_engine
from bot.adapters.store.hooks import read_hooks
from bot.adapters.store.tables import deliveries, hook_channels, hook_tokens, hooks
from bot.adapters.store.urls import normal_url
from bot.domain.events import Event
from bot.fakes.slack import FakeSlack
from bot.rules.filters import parse
from tests.soak.happenings import finding, severity
from tests.stories.process import running
from webhooks.reading import Unreadable, read

MANY = 10_000
CHANNELS = 500
BATCH = 100  # as the pipeline takes them
FILTERS = ("", "severity:high+", "tag:v*,release-* -tag:*-dev severity:medium+", "fixable -tag:*-rc*")
_CHUNK = 5_000
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


def _insert(url: str, table: Table, rows: Iterator[dict[str, object]]) -> None:
    engine = sync_engine(normal_url(url))
    chunk: list[dict[str, object]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == _CHUNK:
            with engine.begin() as connection:
                connection.execute(table.insert(), chunk)
            chunk = []
    if chunk:
        with engine.begin() as connection:
            connection.execute(table.insert(), chunk)
    engine.dispose()


def token_of(number: int) -> str:
    """What is stored of the token of a hook."""
    return hashlib.sha256(str(number).encode()).hexdigest()


def repository(number: int) -> str:
    """Each hook's repository is its own."""
    return f"team{number % 97}/service{number}"


def channel(number: int) -> str:
    """Twenty repositories share a channel."""
    return f"C0BENCH{number % CHANNELS:03}"


def subscribe(url: str, filters: Sequence[str] = FILTERS) -> None:
    """Ten thousand hooks for findings, straight into an empty database."""
    numbers = range(1, MANY + 1)
    about = {"event": "vulnerability_found", "created_at": _NOW, "removed": False}
    _insert(url, hooks, ({"id": n, "target": repository(n), **about} for n in numbers))
    places = ({"hook": n, "place": 0, "channel": channel(n), "filter": filters[n % len(filters)]} for n in numbers)
    _insert(url, hook_channels, places)
    _insert(url, hook_tokens, ({"hash": token_of(n), "hook": n} for n in numbers))


def body(number: int, serial: int, word: str) -> bytes:
    """A finding for that hook."""
    return finding(repository(number), channel(number), f"CVE-2025-{10_000 + serial}", word).body


def arrive(url: str, count: int, dice: Random, now: datetime) -> None:
    """So many deliveries wait, for hooks drawn by lot, straight in the database."""
    rows = (
        {
            "hook": (number := dice.randint(1, MANY)),
            "body": body(number, serial, severity(dice)),
            "received_at": now,
            "state": "new",
        }
        for serial in range(count)
    )
    _insert(url, deliveries, rows)


async def matching(rounds: int = 30) -> dict[str, float]:
    """Microseconds for one event in the best round: finding its subscription among ten thousand, asking its filter.

    As the pipeline does it, for a batch at once. Claiming the batch, which contains the finding, its lease and a sync
    to disk, is told beside it.
    """
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        await upgrade(url)
        dice, now = Random(1), SystemClock().now()
        subscribe(url)
        arrive(url, rounds * BATCH, dice, now)
        store = open_store(url, None)
        database = Database(normal_url(url), 10.0)
        claims, finds, asks = [], [], []
        for _ in range(rounds):
            began = time.perf_counter()
            batch = await store.inbox.claim(BATCH, now, timedelta(minutes=1))
            claims.append(time.perf_counter() - began)
            wanted = {int(one.hook.id) for one in batch}
            async with database.reading() as connection:
                began = time.perf_counter()
                found = await read_hooks(connection, hooks.c.id.in_(wanted))
                finds.append(time.perf_counter() - began)
            assert all(found[int(one.hook.id)] == one.hook for one in batch), "these are not the hooks of the batch"
            events = [(_event(one.hook.event, one.hook.target, one.body), one.hook) for one in batch]
            began = time.perf_counter()
            for event, hook in events:
                for place in hook.channels:
                    parse(hook.filters.get(place, "")).why_not(event)
            asks.append(time.perf_counter() - began)
        await store.close()
        await database.engine.dispose()
    best = {"found": finds, "filtered": asks, "claimed": claims}
    return {name: min(took) / BATCH * 1e6 for name, took in best.items()}


def _event(kind: str, target: str, raw: bytes) -> Event:
    event = read(kind, target, raw, _NOW)
    assert not isinstance(event, Unreadable)
    return event


@dataclass(frozen=True, slots=True)
class Weight:
    """Resident memory in megabytes (of 1024²), and how fast the events were worked off."""

    at_rest: float
    after: float
    most: float
    rate: float


@asynccontextmanager
async def _slack():
    slack = FakeSlack(clock=SystemClock())
    slack.rate_limits = False
    for number in range(CHANNELS):
        slack.add_channel(channel(number), f"bench-{number}")
    await slack.start()
    try:
        yield slack
    finally:
        await slack.stop()


async def weight(events: int) -> Weight:
    """`quaybot serve` with ten thousand subscriptions, before and after so many stored events."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        await upgrade(url)
        subscribe(url)
        async with _slack() as slack:
            environment = {
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_SIGNING_SECRET": slack.signing_secret,
                "SLACK_API_URL": slack.url,
                "QUAY_URL": "http://127.0.0.1:9",
                "DATABASE_URL": url,
                "SECRET_KEYS": secrets.token_urlsafe(32),
                "PORT": "0",
                "LOG_FORMAT": "json",
            }
            async with running(environment, Path(folder)) as bot:
                at_rest, _ = resident(bot.process.pid)
                arrive(url, events, Random(1), SystemClock().now())
                began = time.perf_counter()
                await _worked_off(url)
                took = time.perf_counter() - began
                after, most = resident(bot.process.pid)
    return Weight(at_rest, after, most, events / took)


async def _worked_off(url: str) -> None:
    store = open_store(url, None)
    try:
        while await store.inbox.waiting():  # noqa: ASYNC110 - it is another process that works
            await asyncio.sleep(0.5)
    finally:
        await store.close()


def resident(process: int) -> tuple[float, float]:
    """Resident memory now and at its most, in megabytes; Linux tells it in /proc."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    sizes = {name: value for name, _, value in (line.partition(":") for line in lines)}
    return tuple(int(sizes[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))  # type: ignore[return-value]
