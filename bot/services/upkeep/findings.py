"""Findings that came up in images whose scan was known before: what the scanner's call-backs told, or would have told.

An image that is new brings findings as well, but Quay sends none of those (facts §1.1).
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.events import VulnerabilityFound
from bot.domain.images import TagRow, Vulnerability
from bot.ports import Quay, Subscriptions
from bot.rules.pushed_rows import SCANNED, scanned_as
from bot.rules.recovering import whole_seconds
from bot.rules.severities import severity_of

MOST_TAGS = 20  # living ones, the newest
MOST_NAMES = 2_000  # of one image: whoever has more of them is not compared
MOST_IMAGES = 50  # of which anything is kept between two whole looks
AT_ONCE = 4
SCANNING = timedelta(minutes=30)  # after its push an image has been scanned for the first time

Known = Mapping[str, object]
"""What is kept: {"images": {digest: [names of findings]}, "at": when that was}."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An image that living tags have, and what was found in it. `since`: the first of them has it."""

    tags: tuple[str, ...]
    findings: tuple[Vulnerability, ...]
    since: datetime | None = None


async def scans(quay: Quay, repository: str) -> dict[str, Seen]:
    """What is known of the images of the newest living tags, by the digest that is scanned. Not scanned: left out."""
    rows = (await quay.tags.page(repository, limit=MOST_TAGS)).rows
    having: dict[str, list[TagRow]] = {}
    for row in rows:
        having.setdefault(row.digest, []).append(row)
    images = list({row.digest: row for row in rows}.values())
    turns = asyncio.Semaphore(AT_ONCE)

    async def look(row: TagRow) -> tuple[str, Seen] | None:
        async with turns:
            manifest = await quay.tags.manifest(repository, row.digest) if row.is_list else None
            digest = scanned_as(row, manifest)
            scan = await quay.tags.scan(repository, digest) if digest else None
        if scan is None or scan.status != SCANNED or len(scan.findings) > MOST_NAMES:
            return None
        mine = having[row.digest]
        return digest, Seen(tuple(one.name for one in mine), scan.findings, min(one.start for one in mine))

    return dict(found for found in await asyncio.gather(*map(look, images)) if found)


def known_now(seen: Mapping[str, Seen], at: datetime) -> Known:
    """What is kept of it."""
    names = {digest: sorted({one.name for one in image.findings}) for digest, image in seen.items()}
    return {"images": names, "at": at.isoformat()}


def unlearned(known: Known, before: Known | None, names: Collection[str]) -> Known:
    """The same without those names that were not known before: whoever looks at it later takes them for new."""
    old = _images(before)
    left = {image: sorted({*its} - ({*names} - {*old.get(image, ())})) for image, its in _images(known).items()}
    return {**known, "images": left}


def learned(known: Known | None, scanned: Mapping[str, Iterable[Vulnerability]]) -> Known | None:
    """The same with what the first scan of images has found; None if that is no news, or nothing is kept yet.

    What is known already of an image stays: what came up since then is for a whole look to find.
    """
    images = _images(known)
    new = {one: sorted({each.name for each in its}) for one, its in scanned.items() if one not in images}
    new = {one: names for one, names in new.items() if len(names) <= MOST_NAMES}
    if not new or known is None or known_since(known) is None:
        return None
    return {**known, "images": dict(list((images | new).items())[-MOST_IMAGES:])}


def known_since(known: Known | None) -> datetime | None:
    """Since when it is known; None if nothing is."""
    at = known.get("at") if known else None
    return datetime.fromisoformat(at) if isinstance(at, str) else None


def news(
    repository: str, known: Known | None, seen: Mapping[str, Seen], at: datetime, *, strangers: bool = True
) -> list[VulnerabilityFound]:
    """Findings that images did not have, one event for each name and image; `at` is the earliest they came.

    Of an image that was pushed since, nobody knows what its first scan has found: what no other image had is told. One
    that was pushed shortly before `at` has only been scanned for the first time, and without `strangers` so have all.
    """
    images, told_at = _images(known), known_since(known)
    anywhere = frozenset[str]().union(*images.values())
    found = []
    for digest, image in seen.items():
        pushed = image.since if strangers and told_at else None
        scanned = pushed is not None and told_at is not None and whole_seconds(told_at) <= pushed <= at - SCANNING
        before = images.get(digest, anywhere if scanned else None)
        if before is not None:
            named = _by_name(image.findings).items()
            found += [_found(repository, image.tags, findings, at) for name, findings in named if name not in before]
    return found


async def learn(
    subscriptions: Subscriptions, name: str, target: str, scanned: Mapping[str, Iterable[Vulnerability]], now: datetime
) -> None:
    """Keep what the first scans of these images have found: that is no news later."""
    if scanned and (known := learned(await subscriptions.baseline(name, target), scanned)):
        await subscriptions.set_baseline(name, target, known, now)


def _images(known: Known | None) -> dict[str, Collection[str]]:
    """What is kept of each image."""
    found = known.get("images") if known else None
    return found if isinstance(found, dict) else {}


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
