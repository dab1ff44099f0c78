"""Runs jobs on schedule, while this process leads. The only file that imports APScheduler."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC
from functools import partial
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.domain.errors import BotError

log = structlog.stdlib.get_logger(__name__)


class Scheduler:
    """APScheduler on the running loop: a job that is still running is not started a second time.

    `leads` is asked before each run: of several processes only one does what is scheduled.
    """

    def __init__(self, leads: Callable[[], bool]) -> None:
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._leads = leads
        self._runs: set[asyncio.Task[Any]] = set()

    def every(self, seconds: float, name: str, run: Callable[[], Awaitable[None]]) -> None:
        """Run `run` every `seconds` seconds, late runs folded into one. A run that fails is logged."""
        self._scheduler.add_job(
            partial(self._run, name, run),
            "interval",
            seconds=seconds,
            id=name,
            name=name,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )

    def start(self) -> None:
        """Begin. Needs a running event loop."""
        self._scheduler.start()

    async def stop(self, *, patience: float = 10.0) -> None:
        """Start nothing any more, and let what runs finish, for `patience` seconds at most."""
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        if self._runs:
            await asyncio.wait(self._runs, timeout=patience)
        self._scheduler.shutdown(wait=False)  # cancels what still runs

    async def _run(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        task = asyncio.current_task()
        if task is None or not self._leads():
            return
        self._runs.add(task)
        task.add_done_callback(self._runs.discard)
        try:
            await run()
        except asyncio.CancelledError:
            return  # we are stopping
        except BotError as error:
            log.warning("job_failed", job=name, why=str(error))
        except Exception:  # one run's trouble must not end the job
            log.exception("job_failed", job=name)
