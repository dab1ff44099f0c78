"""What single images tell about pushed tags: platforms and sizes of indexes, and scans. Bounded questions."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from bot.domain.errors import GiveUp, TryLater, UserError
from bot.domain.images import Manifest, Scan, TagRow, Vulnerability
from bot.domain.looked_up import Found, Missing
from bot.ports import Quay
from bot.rules.pushed_rows import QUEUED, SCANNED, grown, scanned_as, total, with_scans

T = TypeVar("T")

MOST_CALLS = 20  # in one look at a repository: manifests and scans together
AT_ONCE = 4
MOST_PLATFORMS = 8  # of an index whose sizes are added up
NO_SCAN = Scan("")


class Spent(Exception):
    """No more may be asked in this look."""


@dataclass(slots=True)
class ImageLook:
    """Asks about images, each once. `trouble`: something was away. `calls` counts the questions."""

    quay: Quay
    repository: str
    trouble: TryLater | None = None
    calls: int = 0
    _manifests: dict[str, Manifest | None] = field(default_factory=dict)
    _scans: dict[str, Scan] = field(default_factory=dict)
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    @property
    def scanned(self) -> dict[str, tuple[Vulnerability, ...]]:
        """What was found in the images whose scan is done, by digest."""
        return {digest: scan.findings for digest, scan in self._scans.items() if scan.status == SCANNED}

    async def complete(self, found: Found, row: TagRow | None, before: TagRow | None) -> Found:
        """With what can be known now. Without its row (`row`) only a scan that is not done yet is asked for.

        What is away stays missing; what goes beyond MOST_CALLS is not looked for any more. Raises nothing.
        """
        try:
            if row and Missing.IMAGE in found.missing:
                found = await self._with_platforms(found, row, before)
            if Missing.SCAN in found.missing and (not row or found.image):
                found = await self._with_scan(found)
            if row and Missing.IMAGE in found.missing:
                found = await self._with_sizes(found, row, before)
        except TryLater as error:
            self.trouble = error
        except Spent:
            found = found.without(Missing.IMAGE, Missing.SCAN)
        return found

    async def _with_platforms(self, found: Found, row: TagRow, before: TagRow | None) -> Found:
        """An index tells its platforms; one of its images stands for it where scans are told."""
        manifest = await self._manifest(row.digest) if row.is_list else None
        earlier = await self._manifest(before.digest) if before and before.is_list else None
        platforms = manifest.platforms if manifest else ()
        facts = found.facts.model_copy(update={"architectures": tuple(dict.fromkeys(one.name for one in platforms))})
        image = scanned_as(row, manifest)
        known = {"facts": facts, "image": image, "earlier": scanned_as(before, earlier) if before else ""}
        found = found.model_copy(update=known)
        return found if image else found.without(Missing.SCAN)

    async def _with_scan(self, found: Found) -> Found:
        if not found.image:
            return found.without(Missing.SCAN)
        asked = dict.fromkeys(filter(None, (found.image, found.earlier)))
        scans = dict(zip(asked, await asyncio.gather(*map(self._scan, asked)), strict=True))
        scan = scans[found.image]
        facts = with_scans(found.facts, scan, scans.get(found.earlier))
        found = found.model_copy(update={"facts": facts})
        return found if scan.status == QUEUED else found.without(Missing.SCAN)

    async def _with_sizes(self, found: Found, row: TagRow, before: TagRow | None) -> Found:
        """How large it is, and by how much it grew. An index is no larger or smaller than a single image."""
        size, earlier = await self._size(row), None
        if before and before.is_list == row.is_list and size is not None:
            earlier = await self._size(before)
        facts = found.facts.model_copy(update={"size": size, "grew": grown(size, earlier)})
        return found.model_copy(update={"facts": facts}).without(Missing.IMAGE)

    async def _size(self, row: TagRow) -> int | None:
        """In bytes; that of an index is the sum of its images."""
        if not row.is_list:
            return row.size
        manifest = await self._manifest(row.digest)
        platforms = {one.digest for one in manifest.platforms} if manifest else set()
        if not platforms or len(platforms) > MOST_PLATFORMS:
            return None
        children = await asyncio.gather(*map(self._manifest, sorted(platforms)))
        return total([child.size if child else None for child in children])

    async def _manifest(self, digest: str) -> Manifest | None:
        if digest not in self._manifests:
            self._manifests[digest] = await self._ask(self.quay.tags.manifest, digest, None)
        return self._manifests[digest]

    async def _scan(self, digest: str) -> Scan:
        if digest not in self._scans:
            self._scans[digest] = await self._ask(self.quay.tags.scan, digest, NO_SCAN)
        return self._scans[digest]

    async def _ask(self, question: Callable[[str, str], Awaitable[T]], digest: str, refused: T) -> T:
        """The answer, or `refused` if there never will be one. Raises TryLater, and Spent if it was one too many."""
        async with self._turns:
            if self.calls >= MOST_CALLS:
                raise Spent
            self.calls += 1
            try:
                return await question(self.repository, digest)
            except (UserError, GiveUp):  # this image stays unknown
                return refused
