"""Forgets attempts to link an account, and what was asked for before, as soon as nobody can come back to them."""

from handlers.command import Desk, Job
from handlers.keeping import LIFE


async def run(desk: Desk) -> None:
    """Forget what is over: both may hold something secret, sealed as it is."""
    now = desk.clock.now()
    await desk.linking.links.sweep(now)
    await desk.kept.sweep(now - LIFE)


JOB = Job(name="sweep_links", seconds=60, run=run)
