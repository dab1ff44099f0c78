"""Tags, manifests, labels and scans, read with one person's token."""

import asyncio
from math import ceil

from bot.adapters.quay import asks_tags, reading
from bot.adapters.quay.answers import Answer
from bot.adapters.quay.ask import Ask
from bot.adapters.quay.caller import Caller
from bot.adapters.quay.errors import NotThere
from bot.adapters.quay.reading_tags import to_label, to_manifest, to_rows, to_scan
from bot.adapters.quay.shapes_tags import LabelsShape, ManifestShape, RowsShape, SecurityShape
from bot.domain.images import MOST_ROWS, PAGE_ROWS, Label, Manifest, Scan, TagPage, TagRow

_AT_ONCE = 5  # pages of a long history that are read beside each other


class TagsAs:
    """Implements ports.Tags."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def history(self, repository: str, tag: str, *, limit: int = MOST_ROWS) -> tuple[TagRow, ...]:
        """The rows of exactly this tag, dead ones included, newest first; a short history takes one call.

        A change meanwhile moves rows on to the next page: none of them is lost, and none is there twice.
        """
        pages = ceil(limit / PAGE_ROWS)
        read = [await self._past(repository, tag, 1)]
        while _goes_on(read[-1]) and len(read) < pages:
            after = range(len(read) + 1, min(len(read) + _AT_ONCE, pages) + 1)
            read += await asyncio.gather(*(self._past(repository, tag, number) for number in after))
        rows = (row for raw in read for row in self._rows(raw) if row.name == tag)
        return tuple(dict.fromkeys(rows))[:limit]

    async def page(
        self, repository: str, *, like: str = "", page: int = 1, limit: int = 50, dead: bool = False
    ) -> TagPage:
        """Tags, newest first: the living ones, or every row."""
        raw = await self._caller.read(asks_tags.page(repository, like, page, limit, dead=dead), RowsShape)
        return TagPage(self._rows(raw), page, raw.has_additional)

    async def manifest(self, repository: str, digest: str) -> Manifest | None:
        """What it is; None if no living tag has it."""
        answer = await self._shown(asks_tags.manifest(repository, digest))
        return None if answer is None else to_manifest(reading.shaped(answer, ManifestShape, self._host), digest)

    async def labels(self, repository: str, digest: str) -> tuple[Label, ...] | None:
        """Its labels; None if no living tag has it."""
        answer = await self._shown(asks_tags.labels(repository, digest))
        if answer is None:
            return None
        return tuple(to_label(one) for one in reading.shaped(answer, LabelsShape, self._host).labels)

    async def scan(self, repository: str, digest: str) -> Scan:
        """What the scanner found. No scanner and no such image look the same: a 404."""
        answer = await self._shown(asks_tags.security(repository, digest))
        return Scan("") if answer is None else to_scan(reading.shaped(answer, SecurityShape, self._host))

    async def _past(self, repository: str, tag: str, page: int) -> RowsShape:
        return await self._caller.read(asks_tags.history(repository, tag, page), RowsShape)

    @property
    def _host(self) -> str:
        return self._caller.transport.host

    def _rows(self, raw: RowsShape) -> tuple[TagRow, ...]:
        return to_rows(raw, self._caller.now(), self._host)

    async def _shown(self, ask: Ask) -> Answer | None:
        """The answer; None for a 404 within a repository that the asker sees. Raises as `Caller.ask` otherwise."""
        try:
            return await self._caller.ask(ask)
        except NotThere:
            return None


def _goes_on(raw: RowsShape) -> bool:
    return raw.has_additional and bool(raw.tags)
