"""Many findings at once, a small version of what `make soak` measures: few messages, exact numbers, nothing refused."""

from pathlib import Path

import pytest

from tests.soak.burst import Plan, trial
from tests.soak.site import a_site

TIMES = {"exact after the last event", "quiet channel, p99"}  # measured where nothing else runs


@pytest.mark.timeout(120)
@pytest.mark.parametrize("base_image", [False, True])
async def test_a_burst_becomes_a_few_exact_messages(
    engine: str, database_url: str, tmp_path: Path, base_image: bool
) -> None:
    plan = Plan(
        events=600,
        seconds=3,
        channels=10,
        repositories=3,
        base_image=base_image,
        engine=engine,
        processes=1 if engine == "sqlite" else 2,
    )
    async with a_site(database_url, tmp_path) as site:
        outcome = await trial(plan, site)
    assert not outcome.wrong
    assert {row.name for row in outcome.rows if not row.kept} <= TIMES
