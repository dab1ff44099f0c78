"""A place on the local disk for webhook bodies that the database cannot take right now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.errors import TryLater
from bot.ports.inbox import Spooled


@dataclass(frozen=True, slots=True)
class SpoolNumbers:
    """How the spool is. `spooled` and `damaged` count since the start, the others say what is there now.

    `limit` is how many bytes it may have; `usable` is false if its place cannot be used.
    """

    bytes: int = 0
    records: int = 0
    oldest: datetime | None = None  # when the oldest body was received
    spooled: int = 0
    damaged: int = 0
    limit: int = 0
    usable: bool = True


class Spool(Protocol):
    """Keeps bodies in order, and gives them back in order. Token hashes are SHA-256 hex.

    `write` raises TryLater if nothing could be kept. The others raise nothing: what goes wrong is in the log.
    """

    async def write(self, batch: Sequence[tuple[str, bytes]], now: datetime) -> list[str | TryLater]:
        """Keep (token hash, body) pairs: they are on disk when it returns, or not there at all. Gives their ids.

        Of one token no more is kept than a part of the spool: for the others of it, gives why.
        """

    async def read(self) -> tuple[Spooled, ...]:
        """The oldest records, some of them; the same ones until they are forgotten. Empty: there is nothing left."""

    async def forget(self, batch: Sequence[Spooled]) -> None:
        """What was read last is safe elsewhere."""

    async def skip(self, records: Sequence[str]) -> None:
        """These need not be read: they are safe elsewhere."""

    async def remember(self, tokens: bytes) -> None:
        """Keep the hashes of all tokens that work: 32 bytes each, one after the other."""

    async def recall(self) -> bytes:
        """What was remembered last, perhaps by another process; empty if nothing was."""

    async def adopt(self) -> None:
        """Take over what processes left behind that are gone."""

    def numbers(self) -> SpoolNumbers:
        """For whoever measures."""

    async def close(self) -> None:
        """Let go of the files. What was written stays."""
