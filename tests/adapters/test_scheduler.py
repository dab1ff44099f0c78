"""Jobs on schedule: again and again, never two of one at once, only where the lead is, and none after the end."""

import asyncio

from bot.adapters.scheduler import Scheduler


def always() -> bool:
    return True


async def test_a_job_runs_again_and_again_until_the_end() -> None:
    scheduler, runs, thrice = Scheduler(always), 0, asyncio.Event()

    async def job() -> None:
        nonlocal runs
        runs += 1
        if runs == 3:
            thrice.set()

    scheduler.every(0.01, "count", job)
    scheduler.start()
    async with asyncio.timeout(10):
        await thrice.wait()
    await scheduler.stop()
    done = runs
    for _ in range(5):
        await asyncio.sleep(0.01)
    assert runs <= done + 1  # one may have been under way


async def test_a_job_that_is_still_running_is_not_started_again() -> None:
    scheduler, at_once, most, twice = Scheduler(always), 0, 0, asyncio.Event()
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
    await scheduler.stop()
    assert most == 1


async def test_a_job_that_fails_is_tried_again_and_stops_no_other() -> None:
    scheduler, failures, other = Scheduler(always), 0, asyncio.Event()

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
    await scheduler.stop()


async def test_a_job_rests_while_another_process_leads() -> None:
    leads, looks, runs, enough = False, 0, 0, asyncio.Event()

    def leading() -> bool:
        nonlocal looks, leads
        looks += 1
        leads = looks > 5
        return leads

    async def job() -> None:
        nonlocal runs
        assert leads
        runs += 1
        enough.set()

    scheduler = Scheduler(leading)
    scheduler.every(0.01, "job", job)
    scheduler.start()
    async with asyncio.timeout(10):
        await enough.wait()
    await scheduler.stop()
    assert looks >= 6
    assert 1 <= runs <= looks - 5


async def test_stopping_what_never_started_is_no_trouble() -> None:
    scheduler = Scheduler(always)
    await scheduler.stop()


async def test_what_runs_at_the_end_is_waited_for() -> None:
    scheduler, begun, ended = Scheduler(always), asyncio.Event(), False

    async def slow() -> None:
        nonlocal ended
        begun.set()
        await asyncio.sleep(0.05)
        ended = True

    scheduler.every(0.01, "slow", slow)
    scheduler.start()
    async with asyncio.timeout(10):
        await begun.wait()
    await scheduler.stop()
    assert ended


async def test_what_does_not_end_is_given_up_when_the_patience_is_over() -> None:
    scheduler, begun, cancelled = Scheduler(always), asyncio.Event(), asyncio.Event()

    async def endless() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    scheduler.every(0.01, "endless", endless)
    scheduler.start()
    async with asyncio.timeout(10):
        await begun.wait()
        await scheduler.stop(patience=0.01)
        await cancelled.wait()
