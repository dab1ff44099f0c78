"""Compares the subscriptions that are due with Quay, and mends what is not in order."""

from handlers.command import Desk, Job


async def run(desk: Desk) -> None:
    """One round."""
    await desk.upkeep.tending.run()


JOB = Job(name="tend_subscriptions", seconds=5, run=run)
