"""Tags, manifests, labels and scans as one person sees them."""

from datetime import datetime
from typing import Protocol

from bot.domain.images import MOST_ROWS, Label, Manifest, Scan, TagPage, TagRow


class Tags(Protocol):
    """Looking at tags and images (read role). All calls raise as `Quay` says."""

    async def history(self, repository: str, tag: str, *, limit: int = MOST_ROWS) -> tuple[TagRow, ...]:
        """The rows of exactly this tag, dead ones included, newest first: all of them, or the newest `limit`.

        Up to PAGE_ROWS are one call; longer ones take several, a few of them at once.
        """

    async def page(
        self, repository: str, *, like: str = "", page: int = 1, limit: int = 50, dead: bool = False
    ) -> TagPage:
        """Living tags; `like` is a part of their names. With `dead`, rows of all tags: a name may come repeatedly."""

    async def manifest(self, repository: str, digest: str) -> Manifest | None:
        """What it is; None if no living tag has it (Quay shows only those; facts §3.1)."""

    async def labels(self, repository: str, digest: str) -> tuple[Label, ...] | None:
        """Its labels; None as for `manifest`."""

    async def scan(self, repository: str, digest: str) -> Scan:
        """What the scanner found; works for digests of the history as well (facts §3.1)."""


class Tagging(Protocol):
    """Changing tags (write role). None of these is repeated by itself. All raise as `Quay` says."""

    async def restore(self, repository: str, tag: str, digest: str) -> None:
        """Make the tag point at a digest of its history. Quay does not check that it ever did (facts §3.1)."""

    async def move(self, repository: str, tag: str, digest: str) -> None:
        """Make the tag, new or not, point at a digest."""

    async def expire(self, repository: str, tag: str, at: datetime | None) -> None:
        """Let the tag end at that time; None: never."""

    async def delete(self, repository: str, tag: str) -> bool:
        """Delete it; False if it was not there."""

    async def add_label(self, repository: str, digest: str, key: str, value: str) -> Label:
        """Put a label on an image."""

    async def remove_label(self, repository: str, digest: str, label: str) -> None:
        """Take off the label with that id."""
