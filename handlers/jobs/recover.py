"""Looks through the times in which something may have been missed."""

from handlers.command import Desk, Job


async def run(desk: Desk) -> None:
    """One round."""
    await desk.upkeep.recovering.run()


JOB = Job(name="recover", seconds=5, run=run)
