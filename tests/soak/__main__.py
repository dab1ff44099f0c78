"""`make soak`: every long proof, one after the other, and a summary. About half an hour."""

import argparse
import os
import platform
import sys
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

import uvloop

from tests.soak import burst, kills
from tests.soak.outcome import Outcome
from tests.soak.tables import say

BURSTS = (
    burst.Plan(),
    burst.Plan(edits=50),
    burst.Plan(edits=50, base_image=True),
    burst.Plan(edits=50, engine="postgres", processes=3),
)
KILLS = (kills.Plan(), kills.Plan(engine="postgres", processes=3))


def _proofs(args: argparse.Namespace) -> list[Coroutine[Any, Any, Outcome]]:
    bursts = [burst.burst(replace(plan, seed=args.seed)) for plan in BURSTS if args.only != "kills"]
    ends = [kills.kills(replace(plan, seed=args.seed, kills=args.kills)) for plan in KILLS if args.only != "bursts"]
    return [*bursts, *ends]


async def _all(proofs: list[Coroutine[Any, Any, Outcome]]) -> bool:
    outcomes = []
    for proof in proofs:
        outcome = await proof
        outcome.show()
        outcomes.append(outcome)
    say("\nSummary")
    for outcome in outcomes:
        missed = ", ".join(f"{row.name} {row.value:g}" for row in outcome.rows if not row.kept)
        say(f"  {'ok    ' if outcome.kept else 'MISSED'} {outcome.title}{': ' + missed if missed else ''}")
    return all(outcome.kept for outcome in outcomes)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", choices=("bursts", "kills"))
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    proofs = _proofs(parser.parse_args())
    say(f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}")
    sys.exit(0 if uvloop.run(_all(proofs)) else 1)


if __name__ == "__main__":
    main()
