"""Forgets attempts to link an account, what was asked for before, offers and secrets, once nobody can come back."""

from datetime import timedelta

from handlers.command import Desk, Job
from handlers.keeping import LIFE

REMEMBERED = timedelta(hours=1)  # for which a late press is told why it came too late


async def run(desk: Desk) -> None:
    """Forget what is over: all of it may hold something secret, sealed as it is."""
    now = desk.clock.now()
    await desk.linking.links.sweep(now)
    await desk.kept.sweep(now - LIFE)
    await desk.offers.sweep(now - REMEMBERED)
    await desk.revealing.store.sweep(now)


JOB = Job(name="sweep_links", seconds=60, run=run)
