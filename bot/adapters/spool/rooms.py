"""Who may use which folder: every process has a room of its own, and takes over those of the dead.

The rooms are the folders 1, 2, 3 … of the spool. A process holds a lock on its own; the lock ends with the process.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import structlog

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

    def adopt(self) -> list[Segment]:
        """Move in what stands in rooms without a living owner, oldest first, and look into it. Raises OSError."""
        names = [path.name for path in _abandoned(self.path) for path in self._taken_over(path)]
        return surveyed([segment for segment in found(self.path) if segment.path.name in names])

    def _taken_over(self, other: Path) -> list[Path]:
        lock = _locked(other)
        if lock is None:
            return []
        try:
            moved = [path.rename(self.path / path.name) for path in sorted(other.glob(f"*{SUFFIX}"))]
            synced(self.path)
            synced(other)
        finally:
            os.close(lock)
        log.info("spool_adopted", room=other.name, files=len(moved))
        return moved


def take(folder: Path) -> Room:
    """The first free room; made if need be, for nobody else's eyes. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number in count(1):
        room = folder / str(number)
        room.mkdir(mode=0o700, exist_ok=True)
        lock = _locked(room)
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


def _locked(room: Path) -> int | None:
    """A lock on the room; None if a living process has it. Raises OSError."""
    if sys.platform == "win32":
        raise OSError("this system has no locks that end with their process")
    import fcntl  # noqa: PLC0415 - there is none on Windows

    file = os.open(room / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    except OSError:
        os.close(file)
        raise
    return file
