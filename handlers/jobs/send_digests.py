"""Posts the summaries whose time has come."""

from handlers.command import Desk, Job


async def run(desk: Desk) -> None:
    """One round."""
    await desk.upkeep.digesting.run()


JOB = Job(name="send_digests", seconds=20, run=run)
