"""One file of the spool: it grows at its end, and is given back from its beginning."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid4

from bot.adapters.spool import records
from bot.adapters.spool.records import Damage, Record

SUFFIX = ".spool"


class Item(NamedTuple):
    """What is written of one body."""

    token: bytes
    at: int  # microseconds since 1970
    body: bytes


@dataclass(slots=True)
class Segment:
    """A file with records. `size` is what is surely on disk, `taken` what of it was given back or left out.

    Names sort by the time at which the file was made: `{microseconds}-{id}.spool`.
    """

    path: Path
    id: UUID
    size: int = 0
    taken: int = 0
    records: int = 0  # not given back yet
    oldest: int = 0  # the time of the first of them; 0 if there is none
    shares: Counter[bytes] = field(default_factory=Counter)  # bytes of each token
    sound: bool = True
    _file: int | None = None  # open for writing
    _data: bytes = b""

    def append(self, items: Sequence[Item]) -> list[str]:
        """Write records with one sync to disk; gives their ids. Raises OSError, and then nothing was written."""
        assert self._file is not None  # noqa: S101 - only a segment that was just made is written to
        place, pieces, ids = self.size, [], []
        for item in items:
            pieces.append(records.written(self.id, place, *item))
            ids.append(self.name(place))
            place += len(pieces[-1])
        try:
            _write(self._file, b"".join(pieces), self.size)
            os.fsync(self._file)
        except OSError:
            self._undo()
            raise
        self.size = place
        self.oldest = self.oldest or items[0].at
        self.records += len(items)
        self._share(items)
        return ids

    def name(self, place: int) -> str:
        """The id of the record that begins there, unique for ever."""
        return f"{self.id.hex}:{place}"

    def rest(self) -> Iterator[Record | Damage]:
        """What was not taken yet. Raises OSError."""
        if len(self._data) < self.size:
            self._data = self.path.read_bytes()[: self.size]
        # Bytes that were there once and are gone: what is missing is damage, too.
        yield from records.read(self.id, self._data, self.taken)
        if max(len(self._data), self.taken) < self.size:
            yield Damage(max(len(self._data), self.taken), self.size)

    def survey(self) -> None:
        """Learn what a file of a dead process holds. Raises OSError."""
        self.size = self.path.stat().st_size
        whole = [item for item in self.rest() if isinstance(item, Record)]
        self.records, self.oldest = len(whole), whole[0].at if whole else 0
        self._share(whole)
        self._data = b""

    def end(self) -> None:
        """Nothing is written to it any more."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    @property
    def made(self) -> int:
        """The time in its name, in microseconds."""
        time = self.path.name.partition("-")[0]
        return int(time) if time.isdecimal() else 0

    def _share(self, items: Iterable[Item | Record]) -> None:
        for item in items:
            self.shares[item.token] += records.HEAD + len(item.body)

    def _undo(self) -> None:
        # What was half written must not be taken for a record later: its sender is told to send it again.
        try:
            os.ftruncate(self._file or 0, self.size)
        finally:
            self.end()


def made(folder: Path, now: int) -> Segment:
    """A new file, which is surely in its folder. Raises OSError."""
    number = uuid4()
    path = folder / f"{now:016d}-{number.hex}{SUFFIX}"
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    synced(folder)
    return Segment(path, number, _file=file)


def found(folder: Path) -> list[Segment]:
    """The files that are there, oldest first, not looked into."""
    segments = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            segments.append(Segment(path, UUID(path.name.removesuffix(SUFFIX).rpartition("-")[2])))
        except ValueError:  # not one of ours
            continue
    return segments


def synced(folder: Path) -> None:
    """Wait until the names in a folder are on disk."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _write(file: int, data: bytes, place: int) -> None:
    view = memoryview(data)
    while view:
        count = os.pwrite(file, view, place)
        view, place = view[count:], place + count
