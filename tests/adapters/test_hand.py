"""The thread that does one thing after another: its order, its errors, its end."""

import asyncio
import threading

import pytest

from bot.adapters.hand import Hand


async def test_things_are_done_in_their_order_by_one_thread() -> None:
    hand, done = Hand("test"), []

    def work(number: int) -> int:
        done.append((number, threading.current_thread().name))
        return number

    answers = await asyncio.gather(*[hand.do(lambda number=number: work(number)) for number in range(20)])
    assert answers == list(range(20))
    assert done == [(number, "test") for number in range(20)]
    assert await hand.close()
    assert await hand.close()


async def test_an_error_is_its_callers_and_the_next_one_goes_on() -> None:
    hand = Hand("test")
    with pytest.raises(ZeroDivisionError):
        await hand.do(lambda: 1 // 0)
    assert await hand.do(lambda: 1) == 1
    await hand.close()


async def test_who_is_cancelled_waits_until_the_work_is_done() -> None:
    hand, go, done = Hand("test"), threading.Event(), []
    task = asyncio.create_task(hand.do(lambda: done.append(go.wait(10))))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0.01)
    assert not task.done()
    go.set()
    await asyncio.wait([task])
    assert (task.cancelled(), done) == (True, [True])
    await hand.close()


async def test_closing_lets_what_was_given_be_done() -> None:
    hand, done = Hand("test"), []
    tasks = [asyncio.create_task(hand.do(lambda number=number: done.append(number))) for number in range(5)]
    await asyncio.sleep(0)
    assert await hand.close()
    await asyncio.gather(*tasks)
    assert done == [0, 1, 2, 3, 4]


async def test_what_hangs_is_left_alone_in_the_end_and_its_callers_are_told() -> None:
    hand, go = Hand("test"), threading.Event()
    hanging = asyncio.create_task(hand.do(lambda: go.wait(10)))
    cancelled = asyncio.create_task(hand.do(lambda: None))
    await asyncio.sleep(0)
    cancelled.cancel()
    await asyncio.sleep(0)
    assert not await hand.close(patience=0.01)
    with pytest.raises(TimeoutError):
        await hanging
    await asyncio.wait([cancelled])
    assert cancelled.done()
    go.set()
