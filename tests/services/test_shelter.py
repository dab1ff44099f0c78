"""While the database is away: bodies go to the local disk, are answered, and come to the database once, in order."""

import asyncio
import hashlib
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.adapters.spool import FileSpool
from bot.domain.errors import TryLater
from bot.ports import Spooled
from bot.services.intake import GroupCommit
from bot.services.shelter import Shelter, Tokens
from tests.fakes.slack_desk import HandClock

AWAY = TryLater("My database does not answer right now.")


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class Database:
    """A database that can be away (`trouble`), or hang until `go` is set. The tokens "a" and "b" are known."""

    def __init__(self) -> None:
        self.trouble: Exception | None = None
        self.trouble_draining: Exception | None = None
        self.go = asyncio.Event()
        self.go.set()
        self.tries = 0
        self.bodies: list[bytes] = []
        self.times: list[datetime] = []
        self.drained: set[str] = set()
        self.tokens = {hash_of("a"), hash_of("b")}

    async def keep(self, batch: Sequence[tuple[str, bytes]], now: datetime) -> list[bool]:
        self.tries += 1
        await self._there()
        self.bodies += [body for token, body in batch if token in self.tokens]
        return [token in self.tokens for token, _ in batch]

    async def drain(self, batch: Sequence[Spooled]) -> list[bool]:
        await self._there()
        if self.trouble_draining:
            raise self.trouble_draining
        for record in batch:
            if record.token_hash in self.tokens and record.id not in self.drained:
                self.bodies.append(record.body)
                self.times.append(record.received_at)
                self.drained.add(record.id)
        return [record.token_hash in self.tokens for record in batch]

    async def hashes(self, now: datetime) -> frozenset[str]:
        await self._there()
        return frozenset(self.tokens)

    async def _there(self) -> None:
        await self.go.wait()
        if self.trouble:
            raise self.trouble


class Turning(HandClock):
    """Whoever sleeps lets the others go on."""

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds)
        await asyncio.sleep(0)


class House:
    """A database, a spool on a real disk, and the door's two halves."""

    def __init__(self, folder: Path, *, limit: int = 1_000_000) -> None:
        self.clock = Turning()
        self.database = Database()
        self.spool = FileSpool(folder, limit)
        self.stored = asyncio.Event()
        database: Any = self.database
        self.shelter = Shelter(self.spool, database, database, self.clock, self.stored)
        self.commit = GroupCommit(database, self.clock, self.stored, self.shelter, patience=0.05)

    async def comes(self, *bodies: bytes, token: str = "a") -> list[Any]:
        asks = [self.commit.keep(hash_of(token), body) for body in bodies]
        return await asyncio.gather(*asks, return_exceptions=True)

    async def close(self) -> None:
        await self.commit.close()
        await self.spool.close()


async def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        await asyncio.sleep(0)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = House(tmp_path / "spool")
    await house.shelter.step()
    yield house
    house.database.go.set()
    await house.close()


@pytest.mark.parametrize("trouble", [AWAY, ZeroDivisionError("a bug")], ids=["away", "bug"])
async def test_what_the_database_does_not_take_is_answered_and_comes_to_it_later(
    house: House, trouble: Exception
) -> None:
    house.database.trouble = trouble
    assert await house.comes(b"1", b"2") == [True, True]
    house.clock.pass_by(60)
    assert await house.comes(b"3") == [True]
    assert house.database.bodies == []
    house.database.trouble = None
    start = house.clock.now() - timedelta(seconds=60)
    await house.shelter.step()
    assert house.database.bodies == [b"1", b"2", b"3"]
    assert house.database.times == [start, start, start + timedelta(seconds=60)]
    assert house.commit.arrivals == 3
    assert house.shelter.counts == {"deliveries_spooled": 3, "deliveries_drained": 3}
    assert house.stored.is_set()


async def test_while_it_is_away_nobody_tries_it_for_each_webhook(house: House) -> None:
    house.database.trouble = AWAY
    with capture_logs() as logs:
        for number in range(20):
            await house.comes(b"%d" % number)
    assert house.database.tries == 1
    assert [line["event"] for line in logs] == ["database_away"]


async def test_new_bodies_go_straight_to_it_as_soon_as_it_is_back(house: House) -> None:
    house.database.trouble = AWAY
    await house.comes(b"1")
    house.database.trouble = None
    await house.shelter.step()
    await house.comes(b"2")
    assert house.database.bodies == [b"1", b"2"]
    assert house.spool.numbers().spooled == 1


async def test_a_database_that_hangs_is_not_waited_for(house: House) -> None:
    house.database.go.clear()
    async with asyncio.timeout(5):
        assert await house.comes(b"1", b"2") == [True, True]
        assert await house.comes(b"3") == [True]
    assert house.database.tries == 1


async def test_a_write_that_hung_and_was_done_after_all_is_not_done_twice(house: House) -> None:
    house.database.go.clear()
    await house.comes(b"1", b"2")
    await house.comes(b"3")
    house.database.go.set()
    await house.shelter.step()
    assert sorted(house.database.bodies) == [b"1", b"2", b"3"]
    assert house.spool.numbers().records == 0
    assert house.shelter.counts == {"deliveries_spooled": 3, "deliveries_drained": 3}  # so all of them count as stored


async def test_a_write_that_hung_and_failed_in_the_end_is_drained(house: House) -> None:
    house.database.go.clear()
    await house.comes(b"1", b"2")
    house.database.trouble = AWAY
    house.database.go.set()
    with pytest.raises(TryLater):
        await house.shelter.step()
    house.database.trouble = None
    await house.shelter.step()
    assert house.database.bodies == [b"1", b"2"]


async def test_a_token_that_nobody_knows_has_to_come_again_and_nothing_of_it_is_kept(house: House) -> None:
    house.database.trouble = AWAY
    known, unknown = await asyncio.gather(house.comes(b"1"), house.comes(b"garbage", token="new"))
    assert known == [True]
    assert [type(one) for one in unknown] == [TryLater]
    assert house.spool.numbers().spooled == 1
    house.database.trouble = None
    house.database.tokens.add(hash_of("new"))
    await house.shelter.step()
    house.database.trouble = AWAY
    assert await house.comes(b"2", token="new") == [True]


async def test_a_token_that_does_not_work_any_more_is_unknown_again(house: House) -> None:
    house.database.tokens.remove(hash_of("b"))
    await house.shelter.step()
    house.database.trouble = AWAY
    assert [type(one) for one in await house.comes(b"1", token="b")] == [TryLater]


async def test_a_webhook_that_was_removed_meanwhile_does_not_stop_the_others(house: House) -> None:
    house.database.trouble = AWAY
    await house.comes(b"1", token="b")
    await house.comes(b"2")
    house.database.tokens.remove(hash_of("b"))
    house.database.trouble = None
    with capture_logs() as logs:
        await house.shelter.step()
    assert house.database.bodies == [b"2"]
    assert {"event": "spooled_without_hook", "count": 1, "log_level": "warning"} in logs


async def test_a_process_that_starts_while_it_is_away_knows_the_tokens(tmp_path: Path, house: House) -> None:
    await house.close()
    again = House(tmp_path / "spool")
    again.database.trouble = AWAY
    await again.shelter.open()
    assert await again.comes(b"1") == [True]
    assert [type(one) for one in await again.comes(b"2", token="new")] == [TryLater]
    await again.close()


async def test_what_a_dead_process_had_spooled_comes_when_the_next_one_starts(tmp_path: Path, house: House) -> None:
    house.database.trouble = AWAY
    await house.comes(b"1", b"2")
    await house.close()
    again = House(tmp_path / "spool")
    await again.shelter.open()
    await again.shelter.step()
    assert again.database.bodies == [b"1", b"2"]
    await again.close()


async def test_a_crash_between_storing_and_forgetting_stores_nothing_twice(house: House, tmp_path: Path) -> None:
    house.database.trouble = AWAY
    await house.comes(b"1", b"2")
    house.database.trouble = None
    await house.database.drain(await house.spool.read())
    await house.close()
    again = House(tmp_path / "spool")
    again.database.drained = house.database.drained
    await again.shelter.step()
    assert again.database.bodies == []
    assert again.spool.numbers().records == 0
    await again.close()


async def test_when_the_spool_is_full_too_quay_has_to_come_again(tmp_path: Path) -> None:
    house = House(tmp_path / "small", limit=500)
    await house.shelter.step()
    house.database.trouble = AWAY
    assert await house.comes(b"1") == [True]
    (refused,) = await house.comes(b"x" * 500)
    assert isinstance(refused, TryLater)
    assert "SPOOL_LIMIT_MB" in str(refused)
    house.database.trouble = None
    await house.shelter.step()
    assert await house.comes(b"x" * 500) == [True]
    assert [len(body) for body in house.database.bodies] == [1, 500]
    await house.close()


async def test_one_webhook_that_floods_leaves_room_in_the_spool_for_the_others(tmp_path: Path) -> None:
    house = House(tmp_path / "large", limit=22_000_000)
    await house.shelter.step()
    house.database.trouble = AWAY
    outcomes = await house.comes(*[b"x" * 1_000_000] * 8)
    assert [one is True for one in outcomes] == [True] * 5 + [False] * 3  # a quarter of it
    assert await house.comes(b"small", token="b") == [True]
    assert await house.comes(b"small") == [True]  # it still fits
    house.database.trouble = None
    await house.shelter.step()
    assert len(house.database.bodies) == 7
    await house.close()


async def test_closing_brings_everything_that_was_accepted_to_the_disk(house: House) -> None:
    house.database.go.clear()
    asks = [asyncio.create_task(house.commit.keep(hash_of("a"), b"%d" % number)) for number in range(3)]
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await house.commit.close()
    assert await asyncio.gather(*asks) == [True] * 3
    assert house.spool.numbers().records == 3


async def test_it_tries_again_by_itself_until_the_database_is_back(house: House) -> None:
    house.database.trouble = AWAY
    await house.comes(b"1")
    before = house.clock.now()
    running = asyncio.create_task(house.shelter.run())
    await until(lambda: house.clock.now() - before >= timedelta(seconds=20))
    house.database.trouble = None
    async with asyncio.timeout(10):
        await house.stored.wait()
    assert house.database.bodies == [b"1"]
    assert not house.shelter.away
    house.stored.clear()
    house.database.trouble = AWAY
    await house.comes(b"2")  # it wakes up at once, long before it would look for new tokens
    house.database.trouble = None
    async with asyncio.timeout(10):
        await house.stored.wait()
    running.cancel()
    await asyncio.wait([running])


async def test_a_mistake_in_the_draining_does_not_keep_new_bodies_from_the_database(house: House) -> None:
    house.database.trouble = AWAY
    await house.comes(b"1")
    house.database.trouble, house.database.trouble_draining = None, ZeroDivisionError("a bug")
    running = asyncio.create_task(house.shelter.run())
    await until(lambda: not house.shelter.away)
    await house.comes(b"2")
    assert house.database.bodies == [b"2"]
    house.database.trouble_draining = None
    await until(lambda: not house.spool.numbers().records)
    assert house.database.bodies == [b"2", b"1"]
    running.cancel()
    await asyncio.wait([running])


async def test_the_numbers_tell_what_waits_and_for_how_long(house: House) -> None:
    house.database.trouble = AWAY
    await house.comes(b"12345")
    house.clock.pass_by(90)
    numbers = house.shelter.numbers()
    assert (numbers["records"], numbers["oldest_seconds"], numbers["damaged"]) == (1, 90, 0)
    assert numbers["bytes"] > 5
    assert (numbers["limit_bytes"], numbers["usable"], numbers["in_use"]) == (1_000_000, True, True)


async def test_the_numbers_tell_when_the_spool_cannot_be_used_and_when_it_can_again(tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    folder.write_text("a file")
    house = House(folder)
    await house.shelter.step()
    numbers = house.shelter.numbers()
    assert (numbers["usable"], numbers["in_use"]) == (False, False)
    folder.unlink()
    await house.shelter.step()
    assert house.shelter.numbers()["usable"]
    await house.close()


# The tokens


@given(known=st.sets(st.text(max_size=3), max_size=30), asked=st.text(max_size=3))
def test_a_token_is_known_if_it_was_learned(known: set[str], asked: str) -> None:
    tokens = Tokens.of(map(hash_of, known))
    assert all(hash_of(token) in tokens for token in known)
    assert (hash_of(asked) in tokens) == (asked in known)
    assert all(hash_of(token) in Tokens(tokens.digests) for token in known)


@pytest.mark.parametrize("odd", ["", "t1", "ab", "zz" * 32, "ab" * 33, "é"])
def test_what_is_no_hash_is_never_known(odd: str) -> None:
    assert odd not in Tokens.of([odd, hash_of("a")])
    assert hash_of("a") in Tokens.of([odd, hash_of("a")])


def test_ten_thousand_tokens_take_little_room() -> None:
    tokens = Tokens.of(hash_of(str(number)) for number in range(10_000))
    assert sys.getsizeof(tokens.digests) < 400_000
    assert hash_of("9999") in tokens
