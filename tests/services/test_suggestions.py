"""What is suggested while somebody types: in time, once, and only for a moment."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.domain.errors import GiveUp, NotLinked, TryLater, UserError
from bot.services import suggestions
from bot.services.suggestions import EACH, FRESH, STALE, Suggestions

SOON = 5.0  # seconds that nobody waits for in vain


class Quay:
    """Answers when it is let, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.answer: tuple[str, ...] = ("v1",)
        self.error: Exception | None = None
        self.open = asyncio.Event()
        self.open.set()
        self.reached = asyncio.Event()

    async def find(self) -> tuple[str, ...]:
        self.asked += 1
        self.reached.set()
        await self.open.wait()
        if self.error:
            raise self.error
        return self.answer


@dataclass
class Watch:
    """A clock that is set by hand."""

    time: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Watch:
    return Watch()


@pytest.fixture
def quay() -> Quay:
    return Quay()


@pytest.fixture
def known(clock) -> Suggestions[str]:
    return Suggestions(clock)


async def ask(known, quay, key="key", *, patience=SOON, who="alice"):
    return await known.of(key, quay.find, who=who, patience=patience)


async def test_the_same_is_asked_for_once_in_a_moment(known, quay, clock):
    assert await ask(known, quay) == ("v1",)
    clock.time += FRESH
    assert await ask(known, quay) == ("v1",)
    assert quay.asked == 1
    clock.time += timedelta(seconds=1)
    quay.answer = ("v2",)
    assert await ask(known, quay) == ("v2",)


async def test_what_somebody_else_sees_is_not_shown(known, quay):
    await ask(known, quay, ("alice", "tags"))
    quay.answer = ()
    assert await ask(known, quay, ("bob", "tags")) == ()
    assert quay.asked == 2


async def test_who_asks_meanwhile_waits_for_the_same_answer(known, quay):
    quay.open.clear()
    both = asyncio.gather(ask(known, quay), ask(known, quay))
    await quay.reached.wait()
    quay.open.set()
    assert await both == [("v1",), ("v1",)]
    assert quay.asked == 1


async def test_what_is_late_is_there_for_the_next_key(known, quay):
    quay.open.clear()
    assert await ask(known, quay, patience=0.01) == ()
    quay.open.set()
    assert await ask(known, quay) == ("v1",)
    assert quay.asked == 1


@pytest.mark.parametrize("error", [TryLater("Quay does not answer."), KeyError("boom")])
async def test_what_fails_shows_what_was_there_and_is_asked_again(known, quay, clock, error):
    await ask(known, quay)
    clock.time += FRESH + timedelta(seconds=1)
    quay.error = error
    with capture_logs():
        assert await ask(known, quay) == ("v1",)
    clock.time += STALE
    with capture_logs():
        assert await ask(known, quay) == ()
    assert quay.asked == 3


@pytest.mark.parametrize("error", [UserError("You may not see that."), NotLinked("Dead."), GiveUp("Odd.")])
async def test_what_quay_says_no_to_is_forgotten(known, quay, clock, error):
    await ask(known, quay)
    clock.time += FRESH + timedelta(seconds=1)
    quay.error = error
    with capture_logs():
        assert await ask(known, quay) == ()
    quay.error = TryLater("Quay does not answer.")
    with capture_logs():
        assert await ask(known, quay) == ()


async def test_one_person_leaves_room_for_others(known, quay):
    quay.open.clear()
    first = [asyncio.create_task(ask(known, quay, f"a{number}", who="alice")) for number in range(EACH + 3)]
    bob = asyncio.create_task(ask(known, quay, "b", who="bob"))
    done, _ = await asyncio.wait(first, timeout=SOON, return_when=asyncio.FIRST_COMPLETED)
    assert [task.result() for task in done] == [()] * 3
    assert quay.asked == EACH + 1
    quay.open.set()
    assert await bob == ("v1",)
    await asyncio.gather(*first)
    assert await ask(known, quay, "again", who="alice") == ("v1",)


async def test_there_is_an_end_to_what_is_remembered_and_to_what_is_asked_at_once(known, quay, monkeypatch):
    monkeypatch.setattr(suggestions, "MOST", 2)
    for key in "abc":
        await ask(known, quay, key)
    await ask(known, quay, "c")
    await ask(known, quay, "a")
    assert quay.asked == 4
    monkeypatch.setattr(suggestions, "AT_ONCE", 1)
    quay.open.clear()
    assert await ask(known, quay, "d", patience=0.01) == ()
    assert await ask(known, quay, "e", patience=0.01) == ()
    assert quay.asked == 5
    await known.close()


async def test_at_the_end_nobody_waits_any_more(known, quay):
    quay.open.clear()
    waiting = asyncio.create_task(ask(known, quay))
    await quay.reached.wait()
    await known.close()
    assert await waiting == ()
