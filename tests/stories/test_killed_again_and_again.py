"""`kill -9` at random moments while Slack fails in every way it knows. `make soak` does the same for much longer."""

from pathlib import Path

import pytest

from tests.soak.kills import Plan, trial
from tests.soak.site import a_site


@pytest.mark.timeout(150)
async def test_whatever_is_killed_everything_is_told_exactly_once(
    engine: str, database_url: str, tmp_path: Path
) -> None:
    processes = 1 if engine == "sqlite" else 3
    plan = Plan(
        kills=5, engine=engine, processes=processes, faults=0.05, hang=1.0, life=1.0, program="tests.soak.hasty"
    )
    async with a_site(database_url, tmp_path, program=plan.program) as site:
        outcome = await trial(plan, site)
    assert outcome.kept, outcome.wrong or outcome.rows
