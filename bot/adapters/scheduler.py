"""Runs jobs on schedule. The only file that imports APScheduler."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.domain.errors import BotError

log = structlog.stdlib.get_logger(__name__)


class Scheduler:
    """APScheduler on the running loop: a job that is still running is not started a second time."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone=UTC)

    def every(self, seconds: float, name: str, run: Callable[[], Awaitable[None]]) -> None:
        """Run `run` every `seconds` seconds, late runs folded into one. A run that fails is logged."""
        self._scheduler.add_job(
            partial(_run_safely, name, run),
            "interval",
            seconds=seconds,
            id=name,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )

    def start(self) -> None:
        """Begin. Needs a running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Start nothing any more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)


async def _run_safely(name: str, run: Callable[[], Awaitable[None]]) -> None:
    try:
        await run()
    except asyncio.CancelledError:
        return  # we are stopping
    except BotError as error:
        log.warning("job_failed", job=name, why=str(error))
    except Exception:  # one run's trouble must not end the job
        log.exception("job_failed", job=name)
