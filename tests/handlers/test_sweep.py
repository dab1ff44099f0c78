"""Forgetting old ids."""

from datetime import timedelta

from handlers.jobs import sweep_once


async def test_ids_of_two_days_ago_are_forgotten(office):
    await sweep_once.run(office.desk)
    assert office.once.swept == [office.start - timedelta(days=2)]
