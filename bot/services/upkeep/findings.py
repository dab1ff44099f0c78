"""Findings that came up in images whose scan was known before: what the scanner's call-backs told, or would have told.

An image that is new brings findings as well, but Quay sends none of those (facts §1.1).
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.events import VulnerabilityFound
from bot.domain.images import TagRow, Vulnerability
from bot.ports import Quay
from bot.rules.pushed_rows import SCANNED, scanned_as
from bot.rules.severities import severity_of

MOST_TAGS = 20  # living ones, the newest
MOST_NAMES = 2_000  # of one image: whoever has more of them is not compared
AT_ONCE = 4

Known = Mapping[str, object]
"""What is kept: {"images": {digest: [names of findings]}, "at": when that was}."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An image that living tags have, and what was found in it."""

    tags: tuple[str, ...]
    findings: tuple[Vulnerability, ...]


async def scans(quay: Quay, repository: str) -> dict[str, Seen]:
    """What is known of the images of the newest living tags, by the digest that is scanned. Not scanned: left out."""
    rows = (await quay.tags.page(repository, limit=MOST_TAGS)).rows
    tags: dict[str, list[str]] = {}
    for row in rows:
        tags.setdefault(row.digest, []).append(row.name)
    images = list({row.digest: row for row in rows}.values())
    turns = asyncio.Semaphore(AT_ONCE)

    async def look(row: TagRow) -> tuple[str, Seen] | None:
        async with turns:
            manifest = await quay.tags.manifest(repository, row.digest) if row.is_list else None
            digest = scanned_as(row, manifest)
            scan = await quay.tags.scan(repository, digest) if digest else None
        if scan is None or scan.status != SCANNED or len(scan.findings) > MOST_NAMES:
            return None
        return digest, Seen(tuple(tags[row.digest]), scan.findings)

    return dict(found for found in await asyncio.gather(*map(look, images)) if found)


def known_now(seen: Mapping[str, Seen], at: datetime) -> Known:
    """What is kept of it."""
    names = {digest: sorted({one.name for one in image.findings}) for digest, image in seen.items()}
    return {"images": names, "at": at.isoformat()}


def known_since(known: Known | None) -> datetime | None:
    """Since when it is known; None if nothing is."""
    at = known.get("at") if known else None
    return datetime.fromisoformat(at) if isinstance(at, str) else None


def news(repository: str, known: Known | None, seen: Mapping[str, Seen], at: datetime) -> list[VulnerabilityFound]:
    """Findings that known images did not have, one event for each name and image; `at` is the earliest they came."""
    before = known.get("images") if known else None
    images = before if isinstance(before, dict) else {}
    return [
        _found(repository, image.tags, findings, at)
        for digest, image in seen.items()
        if digest in images
        for name, findings in _by_name(image.findings).items()
        if name not in images[digest]
    ]


def _by_name(findings: Iterable[Vulnerability]) -> dict[str, list[Vulnerability]]:
    found: dict[str, list[Vulnerability]] = {}
    for one in findings:
        found.setdefault(one.name, []).append(one)
    return found


def _found(repository: str, tags: tuple[str, ...], findings: list[Vulnerability], at: datetime) -> VulnerabilityFound:
    """The event of one name, which may be found in several packages."""
    first = findings[0]
    severity, word = severity_of(first.severity)
    return VulnerabilityFound(
        kind="vulnerability_found",
        namespace=repository.partition("/")[0],
        repository=repository,
        at=at,
        recovered=True,
        tags=tags,
        vulnerability=first.name,
        severity=severity,
        severity_word=word,
        description=first.description,
        links=tuple(first.link.split()),
        fixable=any(one.fixed_by for one in findings),
    )
