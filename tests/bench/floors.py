"""The floors of delivery beside what this machine measures: a burst, ten thousand subscriptions, memory."""

import asyncio

from tests.bench.subscriptions import MANY, matching, weight
from tests.soak.burst import Plan, burst
from tests.soak.tables import Row, say

MATCHED = 100.0  # microseconds to match one event with ten thousand subscriptions
MEMORY = 150.0  # megabytes with ten thousand subscriptions and a hundred thousand stored events
_BURSTS = (
    Plan(events=2_000, seconds=12, channels=50, repositories=4),
    Plan(events=2_000, seconds=12, channels=50, repositories=4, edits=50),
)


def show(events: int) -> None:
    """Every number with its floor, and the ratio of the two: up to 1 it is kept. `events` are stored for the memory."""
    for plan in _BURSTS:
        outcome = asyncio.run(burst(plan))
        say(f"\n{outcome.title}")
        for row in outcome.rows:
            ratio(row)
    found = asyncio.run(matching())
    say(f"\nOne event against {MANY:,} subscriptions")
    ratio(Row("found and filtered", found["found"] + found["filtered"], MATCHED, "µs"))
    for name, took in found.items():
        ratio(Row(f"  {name}", took, None, "µs"))
    memory = asyncio.run(weight(events))
    say(f"\nResident memory of quaybot serve with {MANY:,} subscriptions")
    ratio(Row("before the first event", memory.at_rest, MEMORY, "MB"))
    ratio(Row(f"after {events:,} stored events", memory.after, MEMORY, "MB"))
    ratio(Row("at its most", memory.most, MEMORY, "MB"))
    ratio(Row("events worked off", memory.rate, None, "/s"))


def ratio(row: Row) -> None:
    """One line: what was measured, the floor, and how much of it is used."""
    value = f"{row.value:,.2f}".rstrip("0").rstrip(".")
    floor = ""
    if row.most is not None:
        floor = f"at most {row.most:6g}: ratio {row.value / row.most:.2f}" if row.most else "none allowed"
    say(f"  {row.name:<46}{value:>12} {row.unit:<4}   {floor}".rstrip())
