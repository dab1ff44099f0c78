"""Jobs on schedule: again and again, never two of one at once, and none after the end."""

import asyncio

from bot.adapters.scheduler import Scheduler


async def test_a_job_runs_again_and_again_until_the_end() -> None:
    scheduler, runs, thrice = Scheduler(), 0, asyncio.Event()

    async def job() -> None:
        nonlocal runs
        runs += 1
        if runs == 3:
            thrice.set()

    scheduler.every(0.01, "count", job)
    scheduler.start()
    async with asyncio.timeout(10):
        await thrice.wait()
    scheduler.stop()
    done = runs
    for _ in range(5):
        await asyncio.sleep(0.01)
    assert runs <= done + 1  # one may have been under way


async def test_a_job_that_is_still_running_is_not_started_again() -> None:
    scheduler, at_once, most, twice = Scheduler(), 0, 0, asyncio.Event()
    rounds = 0

    async def slow() -> None:
        nonlocal at_once, most, rounds
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.05)
        at_once -= 1
        rounds += 1
        if rounds == 2:
            twice.set()

    scheduler.every(0.01, "slow", slow)
    scheduler.start()
    async with asyncio.timeout(10):
        await twice.wait()
    scheduler.stop()
    assert most == 1


async def test_a_job_that_fails_is_tried_again_and_stops_no_other() -> None:
    scheduler, failures, other = Scheduler(), 0, asyncio.Event()

    async def fails() -> None:
        nonlocal failures
        failures += 1
        raise ZeroDivisionError

    async def waits() -> None:
        if failures >= 2:
            other.set()

    scheduler.every(0.01, "fails", fails)
    scheduler.every(0.01, "waits", waits)
    scheduler.start()
    async with asyncio.timeout(10):
        await other.wait()
    scheduler.stop()


async def test_stopping_what_never_started_is_no_trouble() -> None:
    scheduler = Scheduler()
    scheduler.stop()
