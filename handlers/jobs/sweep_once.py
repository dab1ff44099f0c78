"""Forgets ids that were remembered to do something only once, when Slack can no longer send them again."""

from datetime import timedelta

from handlers.command import Desk, Job

KEPT = timedelta(days=2)  # Slack repeats an event for 24 h at most (facts §1)


async def run(desk: Desk) -> None:
    """Forget what is older than two days."""
    await desk.once.sweep(desk.clock.now() - KEPT)


JOB = Job(name="sweep_once", seconds=3600, run=run)
