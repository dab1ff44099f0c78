"""Who may use which folder: every process has a room of its own, and takes over those of the dead.

The rooms are the folders 1, 2, 3 … of the spool. A process holds a lock on its own; the lock ends with the process.
"""

import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import structlog

from bot.adapters.locks import locked
from bot.adapters.spool.segments import SUFFIX, Segment, found, synced

log = structlog.stdlib.get_logger(__name__)

_LOCK = "lock"


@dataclass(frozen=True, slots=True)
class Room:
    """A folder that belongs to this process until `leave`."""

    path: Path
    _lock: int

    def leave(self) -> None:
        """Let others have it."""
        os.close(self._lock)

    def adopt(self, known: Collection[str]) -> list[Segment]:
        """Move in what stands in rooms without a living owner; every file here but the `known`, oldest first.

        What cannot be moved in now stays where it is, until the next time. Raises OSError.
        """
        for room in _abandoned(self.path):
            try:
                self._take_over(room)
            except OSError as error:  # what was moved before that is ours all the same
                log.error("spool_not_adopted", room=room.name, why=str(error))
        return surveyed([segment for segment in found(self.path) if segment.path.name not in known])

    def _take_over(self, other: Path) -> None:
        lock = locked(other / _LOCK)
        if lock is None:
            return
        try:
            moved = [path.rename(self.path / path.name) for path in sorted(other.glob(f"*{SUFFIX}"))]
            synced(self.path)
            synced(other)
        finally:
            os.close(lock)
        log.info("spool_adopted", room=other.name, files=len(moved))


def take(folder: Path) -> Room:
    """The first free room; made if need be, for nobody else's eyes. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number in count(1):
        room = folder / str(number)
        room.mkdir(mode=0o700, exist_ok=True)
        lock = locked(room / _LOCK)
        if lock is not None:
            synced(folder)
            return Room(room, lock)
    raise AssertionError("numbers do not end")


def surveyed(segments: list[Segment]) -> list[Segment]:
    """Those that hold something, with what they hold. One that cannot be looked into is kept: reading it will tell."""
    for segment in segments:
        with suppress(OSError):
            segment.survey()
    return segments


def _abandoned(own: Path) -> Iterator[Path]:
    for room in sorted(own.parent.iterdir()):
        if room != own and room.name.isdecimal() and any(room.glob(f"*{SUFFIX}")):
            yield room
