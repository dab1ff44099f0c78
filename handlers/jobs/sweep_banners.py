"""Forgets global messages with a time that are long over. The audit remembers what was done."""

from datetime import timedelta

from handlers.command import Desk, Job

KEPT = timedelta(days=30)


async def run(desk: Desk) -> None:
    """Forget what has ended, was cancelled or has failed long ago."""
    await desk.banners.sweep(desk.clock.now() - KEPT)


JOB = Job(name="sweep_banners", seconds=3600, run=run)
