"""A database that was away when the process began: nothing works with it before its tables are known to be right."""

import asyncio
from datetime import datetime
from typing import Any

import pytest

from bot.domain.errors import TryLater, UserError
from bot.services.arrival import PAUSE, Arrival
from tests.fakes.slack_desk import HandClock


class Shop:
    """A store that answers as it is told, one answer after the other; then it is ready."""

    def __init__(self, *answers: Exception) -> None:
        self.answers = list(answers)
        self.begun = 0

    async def ready(self) -> None:
        if self.answers:
            raise self.answers.pop(0)

    async def begin(self, now: datetime) -> None:
        self.begun += 1


def arrival_at(*answers: Exception) -> tuple[Arrival, Shop, list[str]]:
    shop, told = Shop(*answers), []
    store: Any = shop
    return Arrival(store, HandClock(), failed=lambda: told.append("failed")), shop, told


async def test_it_is_looked_for_until_it_is_there_and_then_the_work_begins() -> None:
    arrival, shop, told = arrival_at(*[TryLater("away")] * 4, ZeroDivisionError("a bug"))
    began = arrival.clock.now()
    worked = asyncio.Event()

    async def work() -> None:
        worked.set()

    waiting = asyncio.create_task(arrival.before(work))
    await asyncio.sleep(0)
    assert not worked.is_set()
    await arrival.run()
    await waiting
    assert (worked.is_set(), arrival.there, shop.begun, told) == (True, True, 1, [])
    assert (arrival.clock.now() - began).total_seconds() == 5 * PAUSE


async def test_tables_of_another_version_are_the_end_of_it() -> None:
    arrival, shop, told = arrival_at(TryLater("away"), UserError("Run `quaybot migrate`."))
    waiting = asyncio.create_task(arrival.before(arrival.look))
    await arrival.run()
    await waiting
    assert (arrival.there, shop.begun, told) == (False, 0, ["failed"])
    assert arrival.mistake is not None
    assert arrival.mistake.say == "Run `quaybot migrate`."


async def test_a_first_look_tells_what_is_wrong() -> None:
    arrival, _, _ = arrival_at(TryLater("away"))
    with pytest.raises(TryLater):
        await arrival.look()
    await arrival.look()
    assert arrival.there
    await arrival.run()


async def test_who_gives_up_has_nothing_done() -> None:
    arrival, shop, _ = arrival_at()
    waiting = asyncio.create_task(arrival.before(arrival.look))
    arrival.give_up()
    await waiting
    await arrival.run()
    assert (arrival.there, shop.begun) == (False, 0)
