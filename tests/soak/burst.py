"""A burst of findings for many channels at once, a quiet channel beside it, and a Slack that counts every call.

python -m tests.soak.burst --events 10000 --seconds 60 --edits 50
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import uvloop

from bot.fakes.slack import FakeSlack
from tests.soak.databases import ENGINES, a_database
from tests.soak.eyes import Misread, findings_in, said_twice, seen
from tests.soak.happenings import Happening, counted, push, wave
from tests.soak.outcome import Outcome
from tests.soak.site import Site, a_site
from tests.soak.tables import Row

QUIET = "C0QUIET"
SOON = 5.0  # seconds from the last event until everything is told exactly, where nothing limits edits
LOOK = 0.05  # seconds between two looks at Slack


@dataclass(frozen=True, slots=True)
class Plan:
    """The burst. `edits`: how many calls of chat.update the workspace takes in a minute, None for any number."""

    events: int = 10_000
    seconds: float = 60.0
    channels: int = 50
    repositories: int = 4
    edits: int | None = None
    base_image: bool = False
    engine: str = "sqlite"
    processes: int = 1
    every: float = 2.0  # seconds between two alerts of the quiet channel, each a message of its own
    seed: int = 1

    @property
    def most_messages(self) -> float:
        """300 for 50 channels."""
        return self.channels * 6


async def burst(plan: Plan) -> Outcome:
    """Run it."""
    with tempfile.TemporaryDirectory() as folder:
        async with a_database(plan.engine, Path(folder)) as url, a_site(url, Path(folder)) as site:
            return await trial(plan, site)


async def trial(plan: Plan, site: Site) -> Outcome:
    """The same on a site that is there already."""
    wanted = wave(
        Random(plan.seed),
        events=plan.events,
        channels=plan.channels,
        repositories=plan.repositories,
        base_image=plan.base_image,
    )
    count = max(1, int(plan.seconds / plan.every))
    alerts = [push(f"quiet/service{number}", QUIET, f"quiet-{number}") for number in range(count)]
    if plan.edits is not None:
        site.slack.tiers = {"*": None, "chat.update": plan.edits}
    await site.furnish((one.event, one.repository, one.channel) for one in [*wanted, *alerts])
    await asyncio.gather(*(site.wake(place) for place in range(plan.processes)))
    return await _measured(plan, site, wanted, alerts)


async def _measured(plan: Plan, site: Site, wanted: list[Happening], alerts: list[Happening]) -> Outcome:
    asked: dict[str, float] = {}
    tries: list[int] = []

    async def alert(turn: int) -> None:
        asked[alerts[turn].name] = time.time()
        await site.deliver(alerts[turn], turn)

    async def event(turn: int) -> None:
        tries.append(await site.deliver(wanted[turn], turn))

    quiet = asyncio.create_task(paced(len(alerts), plan.every, alert))
    took = await paced(len(wanted), plan.seconds / len(wanted), event)
    ended = time.monotonic()
    stale = len(_inexact(site.slack, counted(wanted)))
    # Edits that come one after the other at the rate of the limit take this long: nobody can be faster for ever.
    allowed = SOON + (60.0 * stale / plan.edits if plan.edits else 0.0)
    exact = await _until_exact(site.slack, counted(wanted), ended, allowed + 60)
    await quiet
    await site.rest(120)
    told = [one for one in seen(site.slack) if one.channel != QUIET]
    wrong = [f"{channel}: {why}" for channel, why in _inexact(site.slack, counted(wanted)).items()]
    waits = _waits(site.slack, asked)
    rows = [
        Row("messages", len(told), plan.most_messages),
        Row("messages that were said twice", len(said_twice(seen(site.slack))), 0),
        Row("channels that tell too little or too much", len(wrong), 0),
        Row("calls refused with 429", site.slack.refused.total(), 0),
        Row("exact after the last event", exact, allowed, "s"),
        Row("channels to be brought up to date then", stale),
        Row("quiet channel, p99", waits[len(waits) * 99 // 100], 2.0, "s"),
        Row("quiet channel, median", waits[len(waits) // 2], None, "s"),
        Row("quiet alerts not shown once", abs(len(alerts) - len(waits)), 0),
        Row("webhooks sent again", sum(tries) - len(wanted), 0),
        Row("the burst took", took, None, "s"),
        Row("edits", sum(call.method == "chat.update" for call in site.slack.calls)),
    ]
    return Outcome(_title(plan), rows, wrong)


def _title(plan: Plan) -> str:
    limit = "any number of edits" if plan.edits is None else f"{plan.edits} edits a minute"
    kind = "a base image shared by all" if plan.base_image else "findings of their own"
    return (
        f"{plan.events:,} findings in {plan.seconds:g} s, {plan.channels} channels of {plan.repositories} repositories"
        f", {kind}; {limit}; {plan.engine}, {plan.processes} process{'es' if plan.processes > 1 else ''}"
    )


async def paced(count: int, pause: float, do: Callable[[int], Awaitable[object]]) -> float:
    """`do(0)`, `do(1)` … each at its time, whether or not the ones before are done; the seconds until all are."""
    began, running = time.monotonic(), set()
    for turn in range(count):
        late = began + turn * pause - time.monotonic()
        if late > 0:
            await asyncio.sleep(late)
        task = asyncio.ensure_future(do(turn))
        running.add(task)
        task.add_done_callback(running.discard)
    await asyncio.gather(*running)
    return time.monotonic() - began


def _inexact(slack: FakeSlack, totals: dict[str, Counter[str]]) -> dict[str, str]:
    """The channels that do not tell exactly what was sent, with the difference."""
    wrong = {}
    for channel, total in totals.items():
        try:
            told = findings_in(slack, channel)
        except Misread as error:
            wrong[channel] = str(error)
            continue
        if told != total:
            wrong[channel] = f"{dict(told)} instead of {dict(total)}"
    return wrong


async def _until_exact(slack: FakeSlack, totals: dict[str, Counter[str]], since: float, most: float) -> float:
    """Seconds since then until every channel is exact; infinity if that does not come."""
    open_ = dict(totals)
    while open_:
        open_ = {channel: totals[channel] for channel in _inexact(slack, open_)}
        if time.monotonic() - since > most:
            return float("inf")
        if open_:
            await asyncio.sleep(LOOK)
    return time.monotonic() - since


def _waits(slack: FakeSlack, asked: dict[str, float]) -> list[float]:
    """How long each quiet alert took from its webhook to its message, shortest first."""
    found = []
    for name, since in asked.items():
        shown = [one for one in seen(slack, [QUIET]) if f":{name}." in one.text]
        found += [float(one.ts) - since for one in shown]
    return sorted(found) or [float("inf")]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser()
    for name, kind in (("events", int), ("seconds", float), ("channels", int), ("repositories", int), ("edits", int)):
        parser.add_argument(f"--{name}", type=kind)
    parser.add_argument("--base-image", action="store_true")
    parser.add_argument("--engine", choices=ENGINES)
    for name, kind in (("processes", int), ("every", float), ("seed", int)):
        parser.add_argument(f"--{name}", type=kind)
    plan = Plan(**{name: value for name, value in vars(parser.parse_args()).items() if value is not None})
    sys.exit(0 if uvloop.run(burst(plan)).show() else 1)


if __name__ == "__main__":
    main()
