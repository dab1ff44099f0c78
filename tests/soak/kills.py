"""`kill -9` at random moments during a stream of events, while Slack fails in every way it knows.

    python -m tests.soak.kills --kills 200 --engine postgres --processes 3

Everything that was answered with 2xx has to be told exactly once in the end.
"""

import argparse
import asyncio
import contextlib
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import uvloop

from bot.fakes.slack import Fault
from tests.soak.databases import ENGINES, a_database
from tests.soak.happenings import Happening, build, channel_id, finding, push, severity
from tests.soak.outcome import Outcome
from tests.soak.site import Site, a_site
from tests.soak.tables import Row, say
from tests.soak.told import Sent, wrong_with

CHANNELS, REPOSITORIES = 3, 2
BUILDERS = 4  # repositories that build, each in a channel of its own: one message each is most of what is said
PUSHED = "C0PUSHES"
EDITS = 300  # a minute: six times what Slack takes, so that the proof takes a sixth of the time


@dataclass(frozen=True, slots=True)
class Plan:
    """The stream and what happens to it. `faults`: how likely each kind of failure strikes a call of Slack's."""

    kills: int = 200
    engine: str = "sqlite"
    processes: int = 1
    seed: int = 1
    gap: float = 0.2  # seconds between two events
    faults: float = 0.03
    hang: float | None = None  # seconds until a call without an answer is cut; None: when the bot has had enough
    life: float = 2.0  # seconds that a process lives at most, once it listens
    patience: float = 240.0  # seconds until everything is told, once nothing fails any more
    program: str = "bot"


@dataclass(slots=True)
class Stream:
    """What is sent, and what came of it."""

    site: Site
    dice: Random
    sent: Sent = field(default_factory=Sent)
    again: int = 0
    _number: int = 0
    _running: set[asyncio.Task[None]] = field(default_factory=set)

    def start(self, gap: float) -> asyncio.Task[None]:
        """Events until it is cancelled, one after the other whether or not the ones before were answered."""
        return self._begin(self._flow(gap))

    async def _flow(self, gap: float) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            while True:
                for one in self._next():
                    self._begin(self._send(one))
                await asyncio.sleep(self.dice.uniform(0, 2 * gap))

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def _send(self, one: Happening) -> None:
        await asyncio.sleep(self.dice.uniform(0, 0.5))  # Quay keeps no order
        copies = 2 if one.event != "repo_push" and self.dice.random() < 0.1 else 1  # facts §1.1: hooks get copies
        tries = 0
        for _ in range(copies):
            tries += await self.site.deliver(one, self.dice.randrange(100))
        self.again += tries - copies
        self.sent.note(one, tries)

    def _next(self) -> list[Happening]:
        """A finding mostly, sometimes a push, sometimes a build with its three webhooks."""
        self._number += 1
        what = self.dice.random()
        place = self.dice.randrange(CHANNELS * REPOSITORIES)
        if what < 0.6:
            return [finding(*_home(place), f"CVE-2025-{10_000 + self._number}", severity(self.dice))]
        if what < 0.8:
            return [push("acme/web", PUSHED, f"v1.{self._number}")]
        return build(*_builder(self._number), f"{self._number:08x}-{self.dice.getrandbits(32):08x}")

    async def over(self) -> None:
        """Until every webhook has its 2xx."""
        while self._running:
            await asyncio.gather(*self._running)

    def stop(self) -> None:
        """Give up what is not answered yet."""
        for task in self._running:
            task.cancel()


def _home(place: int) -> tuple[str, str]:
    return f"acme/service{place}", channel_id(place % CHANNELS)


def _builder(number: int) -> tuple[str, str]:
    return f"acme/builder{number % BUILDERS}", f"C0BUILDS{number % BUILDERS}"


def _wishes() -> list[tuple[str, str, str]]:
    found = [("vulnerability_found", *_home(place)) for place in range(CHANNELS * REPOSITORIES)]
    phases = ("build_queued", "build_start", "build_success")
    builds = [(phase, *_builder(number)) for number in range(BUILDERS) for phase in phases]
    return [*found, ("repo_push", "acme/web", PUSHED), *builds]


async def kills(plan: Plan) -> Outcome:
    """Run it."""
    with tempfile.TemporaryDirectory() as folder:
        async with (
            a_database(plan.engine, Path(folder)) as url,
            a_site(url, Path(folder), program=plan.program) as site,
        ):
            return await trial(plan, site)


async def trial(plan: Plan, site: Site) -> Outcome:
    """The same on a site that is there already."""
    dice, began = Random(plan.seed), time.monotonic()
    site.slack.tiers = {"chat.update": EDITS}
    site.environment["SLACK_EDITS_PER_MINUTE"] = str(EDITS)
    await site.furnish(_wishes())
    await asyncio.gather(*(site.wake(place) for place in range(plan.processes)))
    site.slack.seed(plan.seed)
    site.slack.faults = _faults(plan)
    stream = Stream(site, Random(plan.seed + 1))
    flow = stream.start(plan.gap)
    try:
        await _reap(plan, site, dice)
        flow.cancel()
        await stream.over()
    finally:
        stream.stop()
    site.slack.faults = []
    try:
        rest = await site.rest(plan.patience)
    except TimeoutError:
        rest = float("inf")
    lines = wrong_with(stream.sent, site)
    missing, doubled = Counter(line.kind for line in lines)["lost"], Counter(line.kind for line in lines)["twice"]
    rows = [
        Row("lost", missing, 0),
        Row("shown or counted twice", doubled, 0),
        Row("seconds until all was told", rest, plan.patience, "s"),
        Row("kills", plan.kills),
        Row("webhooks answered with 2xx", stream.sent.count),
        Row("webhooks sent again for want of an answer", stream.again),
        Row("calls of Slack", len(site.slack.calls)),
        *(Row(f"  of these: {kind}", count) for kind, count in sorted(site.slack.struck.items())),
        Row("calls refused by Slack's limits", site.slack.refused.total()),
        Row("it took", time.monotonic() - began, None, "s"),
    ]
    title = f"kill -9, {plan.kills} times; {plan.engine}, {plan.processes} process{'es' if plan.processes > 1 else ''}"
    return Outcome(f"{title}; seed {plan.seed}", rows, [line.text for line in lines])


def _faults(plan: Plan) -> list[Fault]:
    """Every way in which a call can fail, as often each."""
    kinds = (
        Fault("*", "429", None, retry_after=1, chance=plan.faults),
        Fault("*", "500", None, chance=plan.faults),
        Fault("*", "500_after", None, chance=plan.faults),
        Fault("*", "reset", None, chance=plan.faults),
        Fault("*", "reset_after", None, chance=plan.faults),
        Fault("*", "timeout", None, chance=plan.faults, hang=plan.hang),
    )
    return list(kinds) if plan.faults else []


async def _reap(plan: Plan, site: Site, dice: Random) -> None:
    """Kill and start again. Of several processes all but one are up when the next one is killed."""
    waking: set[asyncio.Task[None]] = set()
    for number in range(plan.kills):
        await _moment(plan, site, dice)
        while len(site.awake) < max(1, plan.processes - 1):
            done, waking = await asyncio.wait(waking, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.gather(*done)
        place = dice.choice(sorted(site.awake))
        await site.kill(place)
        waking.add(site.wake(place))
        if plan.processes == 1:
            await asyncio.gather(*waking)
        if number % 20 == 19:
            say(f"  … {number + 1} kills, {len(site.slack.calls)} calls of Slack")
    await asyncio.gather(*waking)


async def _moment(plan: Plan, site: Site, dice: Random) -> None:
    """Some moment; every second time it is just after a call of Slack's, when most is in the air."""
    await asyncio.sleep(dice.uniform(0, plan.life))
    if dice.random() < 0.5:
        calls = len(site.slack.calls)
        try:
            await site.slack.wait(lambda: len(site.slack.calls) > calls, 2.0)
        except TimeoutError:
            return
        await asyncio.sleep(dice.uniform(0, 0.02))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--engine", choices=ENGINES)
    for name, kind in (("kills", int), ("processes", int), ("seed", int), ("gap", float), ("faults", float)):
        parser.add_argument(f"--{name}", type=kind)
    parser.add_argument("--program")
    plan = Plan(**{name: value for name, value in vars(parser.parse_args()).items() if value is not None})
    sys.exit(0 if uvloop.run(kills(plan)).show() else 1)


if __name__ == "__main__":
    main()
