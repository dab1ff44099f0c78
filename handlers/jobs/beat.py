"""Tries the ways from Quay to the bot that were silent for long."""

from handlers.command import Desk, Job


async def run(desk: Desk) -> None:
    """One round."""
    await desk.upkeep.beating.run()


JOB = Job(name="beat", seconds=15, run=run)
