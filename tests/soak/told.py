"""Is everything that was sent told exactly once? Compared with what a person sees."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import text

from bot.adapters.store.engines import sync_engine
from bot.adapters.store.urls import normal_url
from tests.soak.eyes import Misread, Seen, build, findings, pushes, said_twice, seen
from tests.soak.happenings import Happening
from tests.soak.site import Site

T = TypeVar("T")
_ENDED = "Build succeeded"
_GATHERED = text(
    "SELECT told.key AS teller, row.key AS key, row.channel AS channel, row.payload AS payload "
    "FROM outbox AS row JOIN outbox AS told ON told.id = row.gathered"
)


@dataclass(slots=True)
class Sent:
    """What was answered with 2xx, by channel: each thing once, however often it was sent."""

    findings: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))  # by severity
    builds: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    tags: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))  # how often each was sent
    count: int = 0

    def note(self, one: Happening, tries: int) -> None:
        """One more."""
        self.count += 1
        if one.event == "vulnerability_found":
            self.findings[one.channel][one.name] += 1
        elif one.event == "repo_push":
            self.tags[one.channel][one.name] += tries
        else:
            self.builds[one.channel].add(one.name[:8])


@dataclass(frozen=True, slots=True)
class Wrong:
    """`kind` is "lost" or "twice"."""

    kind: str
    text: str


def wrong_with(sent: Sent, site: Site) -> list[Wrong]:
    """A line for each thing that is not told, or more than once."""
    shown = seen(site.slack)
    found = [Wrong("twice", f"two messages with the key {key}") for key in said_twice(shown)]
    told: dict[str, list[Seen]] = defaultdict(list)
    for one in _said(shown, site.database):
        told[one.channel].append(one)
    for channel, total in sent.findings.items():
        found += _findings(channel, total, told[channel])
    for channel, ids in sent.builds.items():
        found += _builds(channel, ids, told[channel])
    for channel, tags in sent.tags.items():
        found += _tags(channel, tags, told[channel])
    return found


def _said(shown: list[Seen], database: str) -> list[Seen]:
    """What the messages tell: those that gather others stand for the ones that are on their lists."""
    engine = sync_engine(normal_url(database))
    with engine.begin() as connection:
        rows = connection.execute(_GATHERED).all()
    engine.dispose()
    keys = {one.key for one in shown}
    tellers = {row.teller for row in rows}
    listed = [Seen(row.channel, "", row.key, json.loads(row.payload)["text"]) for row in rows if row.teller in keys]
    return [one for one in shown if one.key not in tellers] + listed


def _read(how: Callable[[str], T], messages: Iterable[Seen], wrong: list[Wrong]) -> list[T]:
    found = []
    for one in messages:
        try:
            found.append(how(one.text))
        except Misread as error:
            wrong.append(Wrong("lost", f"{one.channel}: {error}"))
    return found


def _findings(channel: str, total: Counter[str], messages: list[Seen]) -> list[Wrong]:
    wrong: list[Wrong] = []
    told = sum(_read(findings, messages, wrong), Counter[str]())
    wrong += [Wrong("lost", f"{channel}: {count} findings, {word}") for word, count in (total - told).items()]
    wrong += [Wrong("twice", f"{channel}: {count} findings, {word}") for word, count in (told - total).items()]
    return wrong


def _builds(channel: str, ids: set[str], messages: list[Seen]) -> list[Wrong]:
    wrong: list[Wrong] = []
    told = _read(build, messages, wrong)
    times = Counter(name for name, _ in told)
    wrong += [Wrong("lost", f"{channel}: the end of build {n}: {state}") for n, state in told if state != _ENDED]
    wrong += [Wrong("lost", f"{channel}: build {name}") for name in ids - set(times)]
    wrong += [
        Wrong("twice", f"{channel}: build {name}, {count} messages") for name, count in times.items() if count > 1
    ]
    return wrong


def _tags(channel: str, tags: Counter[str], messages: list[Seen]) -> list[Wrong]:
    """A tag that was sent again may be counted again: nobody can tell that from a second push (facts §1.2)."""
    wrong: list[Wrong] = []
    told = _read(pushes, messages, wrong)
    distinct = sum(number for number, _ in told)
    again = sum(times > 1 for times in tags.values())
    if distinct < len(tags):
        wrong.append(Wrong("lost", f"{channel}: {len(tags) - distinct} tags"))
    if distinct > len(tags) + again:
        wrong.append(Wrong("twice", f"{channel}: {distinct - len(tags)} tags, where {again} were sent again"))
    named = Counter({tag: times for _, card in told for tag, times in card.items()})
    wrong += [Wrong("twice", f"{channel}: tag {tag}, {n} times") for tag, n in named.items() if n > tags[tag]]
    return wrong
