"""Tags, manifests, labels and scans, read with one person's token."""

from bot.adapters.quay import asks_tags, reading
from bot.adapters.quay.answers import Answer
from bot.adapters.quay.ask import Ask
from bot.adapters.quay.caller import Caller
from bot.adapters.quay.errors import NotThere
from bot.adapters.quay.reading_tags import to_label, to_manifest, to_rows, to_scan
from bot.adapters.quay.shapes_tags import LabelsShape, ManifestShape, RowsShape, SecurityShape
from bot.ports import Label, Manifest, Scan, TagPage, TagRow

MOST_PAGES = 10  # of a hundred rows: nobody reads a longer history, and each takes a call


class TagsAs:
    """Implements ports.Tags."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def history(self, repository: str, tag: str, *, limit: int = 100) -> tuple[TagRow, ...]:
        """The rows of exactly this tag, dead ones included, newest first."""
        found: list[TagRow] = []
        for page in range(1, MOST_PAGES + 1):
            raw = await self._caller.read(asks_tags.history(repository, tag, page), RowsShape)
            found += [row for row in self._rows(raw) if row.name == tag]
            if not raw.has_additional or not raw.tags or len(found) >= limit:
                break
        return tuple(found[:limit])

    async def page(self, repository: str, *, like: str = "", page: int = 1, limit: int = 50) -> TagPage:
        """Living tags, newest first."""
        raw = await self._caller.read(asks_tags.living(repository, like, page, limit), RowsShape)
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
