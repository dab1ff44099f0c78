"""Looks up what webhooks do not say."""

from handlers.command import Desk, Job


async def run(desk: Desk) -> None:
    """One round."""
    await desk.upkeep.looking.run()


JOB = Job(name="look_up", seconds=1, run=run)
