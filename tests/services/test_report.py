"""What the bot says of itself: what waits, what was given up, what is in the way."""

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from bot.adapters.metrics import exposition
from bot.domain.errors import Busy, TryLater
from bot.ports import Lane
from bot.services.leader import Leader
from bot.services.report import WORST, Report
from bot.services.standing import Standing
from tests.fakes.slack_desk import HandClock

COUNTS = [Counter(deliveries_spooled=5, deliveries_drained=3), Counter(messages_posted=4)]


class Books:
    """Stands for inbox, outbox, dead letters and lease: only their numbers."""

    def __init__(self) -> None:
        self.lags: dict[str, float] = {}
        self.parked: list[Lane] = []

    async def waiting(self) -> int:
        return 3

    async def lag(self, now: Any) -> dict[str, float]:
        return self.lags

    async def counts(self) -> dict[str, int]:
        return {"deliveries": 1, "messages": 2}

    async def lanes(self) -> list[Lane]:
        return self.parked

    async def hold(self, *_: Any) -> bool:
        return True

    async def let_go(self, *_: Any) -> None:
        return


@pytest.fixture
def books() -> Books:
    return Books()


@pytest.fixture
def report(books: Books) -> Report:
    clock: Any = HandClock()
    shelf: Any = books
    spool = {"bytes": 10, "limit_bytes": 20, "records": 2, "damaged": 1, "oldest_seconds": 7}
    spool |= {"usable": True, "in_use": False}
    leader = Leader(shelf, clock)
    return Report(shelf, shelf, shelf, leader, Standing(), clock, lambda: spool, lambda: 9, COUNTS)


async def test_the_details_say_what_waits_and_what_is_in_the_way(report: Report, books: Books) -> None:
    books.parked = [Lane("C1", report.clock.now(), "The channel is archived.", 12)]
    report.standing.heard("chat.postMessage", TryLater("The bot's Slack token does not work (token_revoked)."))
    assert await report.details() == {
        "deliveries_waiting": 3,
        "messages_waiting": 3,
        "dead": {"deliveries": 1, "messages": 2},
        "parked_lanes": [
            {"channel": "C1", "since": "2026-11-23T13:40:14+00:00", "reason": "The channel is archived.", "waiting": 12}
        ],
        "spool": {
            "bytes": 10,
            "limit_bytes": 20,
            "records": 2,
            "damaged": 1,
            "oldest_seconds": 7,
            "usable": True,
            "in_use": False,
        },
        "slack": "The bot's Slack token does not work (token_revoked).",
        "policy": "ok",
        "leader": False,
    }


async def test_the_details_say_why_the_policy_file_is_not_used(report: Report) -> None:
    async def broken() -> str:
        return "policy.toml line 1, key default: write 'allow' or 'deny'"

    assert (await replace(report, policy=broken).details())["policy"] == await broken()


async def test_when_all_is_well_the_details_say_so(report: Report) -> None:
    await report.leader.renew()
    details = await report.details()
    assert (details["slack"], details["parked_lanes"], details["leader"]) == ("ok", [], True)


async def test_only_the_worst_lanes_are_numbers_of_their_own(report: Report, books: Books) -> None:
    books.lags = {f"C{number:03}": float(number % 50) for number in range(100)}
    lanes = (await report.measured())["lane_lag_seconds"]
    assert isinstance(lanes, dict)
    assert len(lanes) == WORST
    assert min(lanes.values()) == 40
    assert next(iter(lanes)) == "C049"


async def test_every_number_has_its_description(report: Report, books: Books) -> None:
    books.lags = {"C1": 2.5}
    report.standing.heard("chat.update", Busy("Slack asks for patience."))
    text = exposition(report.counted(), await report.measured()).decode()
    for line in (
        "quaybot_messages_posted_total 4.0",
        "quaybot_deliveries_received_total 9.0",
        "quaybot_deliveries_stored_total 7.0",
        'quaybot_calls_refused_total{method="chat.update"} 1.0',
        'quaybot_lane_lag_seconds{channel="C1"} 2.5',
        'quaybot_dead{kind="messages"} 2.0',
        "quaybot_spool_oldest_seconds 7.0",
        "quaybot_spool_limit_bytes 20.0",
        "quaybot_spool_usable 1.0",
        "quaybot_spool_in_use 0.0",
        "quaybot_leader 0.0",
        "quaybot_slack_answers 1.0",
    ):
        assert line in text.splitlines()


async def test_a_database_that_hangs_does_not_hold_up_the_numbers(
    report: Report, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hanging() -> int:
        await asyncio.Event().wait()
        return 0

    monkeypatch.setattr("bot.services.report.PATIENCE", 0.01)
    monkeypatch.setattr(books, "waiting", hanging)
    measured = await report.measured()
    assert (measured["database_answers"], measured["spool_records"]) == (0, 2)
    assert "deliveries_waiting" not in measured
