"""The spool for the event loop: everything that touches the disk is done by one thread, in turn."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import structlog

from bot.adapters.hand import Hand
from bot.adapters.spool import tokens
from bot.adapters.spool.records import microseconds
from bot.adapters.spool.rooms import take
from bot.adapters.spool.segments import Item
from bot.adapters.spool.shelf import Shelf
from bot.domain.errors import TryLater
from bot.ports import Spool, Spooled, SpoolNumbers

log = structlog.stdlib.get_logger(__name__)

_ADVICE = "make the folder writable, or set another SPOOL_DIR"


class FileSpool:
    """Implements ports.Spool in a folder, with `limit` bytes at most. The folder is opened at the first use."""

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._limit = limit
        self._hand = Hand("spool")
        self._opened: Shelf | None = None
        self._complained = False
        self._usable = True  # as far as anybody has tried

    async def write(self, batch: Sequence[tuple[str, bytes]], now: datetime) -> list[str | TryLater]:
        """Keep (token hash, body) pairs: on disk when it returns, but for those of a token that has had its part.

        Raises TryLater if nothing can be kept.
        """
        at = microseconds(now)
        items = [Item(bytes.fromhex(token), at, body) for token, body in batch]
        return await self._hand.do(lambda: self._written(items)) if items else []

    async def read(self) -> tuple[Spooled, ...]:
        """The oldest records, some of them; the same ones until they are forgotten."""
        return await self._hand.do(lambda: shelf.read() if (shelf := self._shelf()) else ())

    async def forget(self, batch: Sequence[Spooled]) -> None:
        """What was read last is safe elsewhere."""
        await self._hand.do(lambda: shelf.forget(batch) if (shelf := self._shelf()) else None)

    async def skip(self, records: Sequence[str]) -> None:
        """These need not be read: they are safe elsewhere."""
        await self._hand.do(lambda: shelf.skip(records) if (shelf := self._shelf()) else None)

    async def remember(self, tokens: bytes) -> None:
        """Keep the hashes of all tokens that work."""
        await self._hand.do(lambda: self._remembered(tokens))

    async def recall(self) -> bytes:
        """What was remembered last, perhaps by another process; empty if nothing was."""
        return await self._hand.do(self._recalled)

    async def adopt(self) -> None:
        """Take over what processes left behind that are gone."""
        await self._hand.do(lambda: shelf.adopt() if (shelf := self._shelf()) else None)

    def numbers(self) -> SpoolNumbers:
        """For whoever measures."""
        numbers = self._opened.numbers() if self._opened else SpoolNumbers()
        return replace(numbers, limit=self._limit, usable=self._usable)

    async def close(self) -> None:
        """Let go of the files, after what is being done. Closing again does nothing."""
        await self._hand.close()
        shelf, self._opened = self._opened, None
        if shelf is not None:
            shelf.close()

    def _shelf(self) -> Shelf | None:
        """Opened if need be; None while that cannot be done, which is said once."""
        if self._opened is None:
            try:
                shelf = Shelf(take(self._folder), self._limit)
                shelf.arrive()
                self._opened, self._usable = shelf, True
            except OSError as error:
                self._usable = False
                self._complain(error)
        return self._opened

    def _written(self, items: list[Item]) -> list[str | TryLater]:
        shelf = self._shelf()
        if shelf is None:
            raise TryLater("There is no place for a spool. Set SPOOL_DIR to a folder on a local disk.", after=30.0)
        return shelf.write(items)

    def _remembered(self, hashes: bytes) -> None:
        try:
            if shelf := self._shelf():
                tokens.keep(self._folder, shelf.room.path, hashes)
        except OSError as error:
            self._complain(error)

    def _recalled(self) -> bytes:
        try:
            return tokens.kept(self._folder)
        except OSError as error:
            self._complain(error)
            return b""

    def _complain(self, error: OSError) -> None:
        if not self._complained:
            log.warning("spool_not_usable", folder=str(self._folder), why=str(error), advice=_ADVICE)
        self._complained = True


_granted: type[Spool] = FileSpool  # mypy checks here that every wish is granted
