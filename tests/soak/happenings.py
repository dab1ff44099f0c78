"""What happens in the registry during a proof: webhook bodies in the shapes that Quay really sends (facts §1.2)."""

import json
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

SEVERITIES = ("Critical", "High", "Medium", "Low", "Negligible", "Unknown")
_OFTEN = (4, 14, 36, 30, 12, 4)  # how common each is, in a hundred
HOST = "quay.example.com"


@dataclass(frozen=True, slots=True)
class Happening:
    """One webhook. `name` is what must be seen of it: a finding's severity, a pushed tag, a build's id."""

    event: str
    repository: str
    channel: str
    name: str
    body: bytes = field(repr=False)


def _body(repository: str, below: str = "", **more: Any) -> bytes:
    namespace, _, name = repository.partition("/")
    common = {
        "repository": repository,
        "namespace": namespace,
        "name": name,
        "docker_url": f"{HOST}/{repository}",
        "homepage": f"https://{HOST}/repository/{repository}{below}",
    }
    return json.dumps(common | more).encode()


def finding(repository: str, channel: str, cve: str, severity: str, tags: tuple[str, ...] = ("latest",)) -> Happening:
    """The scanner calls back about a manifest."""
    vulnerability = {
        "id": cve,
        "description": f"A flaw that lets somebody do what {cve} is about, at some length and in plain words. " * 4,
        "link": f"https://access.redhat.com/security/cve/{cve}",
        "priority": severity,
        "has_fix": cve[-1] in "02468",
    }
    body = _body(repository, tags=list(tags), vulnerability=vulnerability)
    return Happening("vulnerability_found", repository, channel, severity, body)


def push(repository: str, channel: str, tag: str) -> Happening:
    """A tag is pushed: Quay names one in each body."""
    return Happening("repo_push", repository, channel, tag, _body(repository, updated_tags=[tag]))


def build(repository: str, channel: str, build_id: str) -> list[Happening]:
    """A build from the queue to its success, as three webhooks."""
    below = f"/build/{build_id}"
    queued = {"build_id": build_id, "docker_tags": ["latest"], "repo": repository.partition("/")[2], "is_manual": True}
    later = {
        "build_id": build_id,
        "build_name": build_id[:7],
        "docker_tags": ["latest"],
        "trigger_id": None,
        "trigger_kind": None,
        "trigger_metadata": {},
    }
    return [
        Happening("build_queued", repository, channel, build_id, _body(repository, below, **queued, manual_user="ann")),
        Happening("build_start", repository, channel, build_id, _body(repository, below, **later)),
        Happening("build_success", repository, channel, build_id, _body(repository, below, **later)),
    ]


def severity(dice: Random) -> str:
    """One of the severities, the middle ones more often."""
    return dice.choices(SEVERITIES, _OFTEN)[0]


def wave(dice: Random, *, events: int, channels: int, repositories: int, base_image: bool) -> list[Happening]:
    """Findings for `channels` channels with `repositories` repositories each, in random order.

    Each repository has findings of its own; or, if they share a base image, all of them have the same.
    """
    places = [(c, r) for c in range(channels) for r in range(repositories)]
    each = max(1, events // len(places))
    shared = [(f"CVE-2026-{10_000 + number}", severity(dice)) for number in range(each)]
    found = []
    for place, (c, r) in enumerate(places):
        own = [(f"CVE-2025-{100_000 + place * each + number}", severity(dice)) for number in range(each)]
        for cve, word in shared if base_image else own:
            found.append(finding(f"team{c:02}/service{r}", channel_id(c), cve, word))
    dice.shuffle(found)
    return found


def channel_id(number: int) -> str:
    """A channel's id in Slack's form."""
    return f"C0SOAK{number:03}"


def counted(happenings: list[Happening]) -> dict[str, Counter[str]]:
    """What every channel has to show in the end: findings by severity."""
    totals: dict[str, Counter[str]] = {}
    for one in happenings:
        totals.setdefault(one.channel, Counter())[one.name] += 1
    return totals
