"""The files of one process, oldest first: written at the end, given back from the beginning. For one thread."""

import errno
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import structlog

from bot.adapters.spool.records import HEAD, Damage, Record, microseconds, moment
from bot.adapters.spool.rooms import Room, surveyed
from bot.adapters.spool.segments import Item, Segment, found, made, synced
from bot.domain.errors import TryLater
from bot.ports import Spooled, SpoolNumbers

log = structlog.stdlib.get_logger(__name__)

SEGMENT = 8 * 1024 * 1024  # bytes after which a new file is begun: as much is read again after a crash, at most
MOST, LARGEST = 100, 2 * 1024 * 1024  # records and bytes that are given back at once
PART = 4  # one token has at most this part of the spool: the others have room, too
_FULL = "The spool is full, and the database is away. Raise SPOOL_LIMIT_MB or bring the database back."
_SHARE = "This webhook has filled its part of the spool. Raise SPOOL_LIMIT_MB or bring the database back."


@dataclass(slots=True)
class Shelf:
    """The segments in a room."""

    room: Room
    limit: int  # bytes
    damaged: int = 0
    spooled: int = 0
    _segments: list[Segment] = field(default_factory=list)
    _open: Segment | None = None  # the one that is written to
    _skip: set[str] = field(default_factory=set)
    _over: set[str] = field(default_factory=set)  # files with nothing in them that could not be removed
    _greedy: set[bytes] = field(default_factory=set)  # tokens of which it was said that they had their part
    _made: int = 0  # the time in the newest file's name, in microseconds
    _peeked: int = 0  # where what was read last ends
    _complained: bool = False  # that it is full

    def arrive(self) -> None:
        """Find what a dead process left in this room. Raises OSError."""
        self._take_up(surveyed(found(self.room.path)))

    def adopt(self) -> None:
        """Take over what processes left behind that are gone."""
        known = {segment.path.name for segment in self._segments} | self._over
        try:
            self._take_up(self.room.adopt(known))
        except OSError as error:
            log.error("spool_not_adopted", why=str(error))

    def _take_up(self, segments: list[Segment]) -> None:
        # Behind what is here: its beginning may have been read just now.
        self._segments.extend(segments)
        self._made = max([self._made, *(segment.made for segment in segments)])

    def write(self, items: Sequence[Item]) -> list[str | TryLater]:
        """Append what there is room for; on disk when it returns: the records' ids, or why one is not kept.

        Raises TryLater when there is room for none of them, or the disk fails.
        """
        why_not = list(self._refusals(items))
        if why_not and all(why == _FULL for why in why_not):
            self._complain(_FULL)
            raise TryLater(_FULL, after=30.0)
        ids = iter(self._append([item for item, why in zip(items, why_not, strict=True) if not why]))
        if _FULL in why_not:
            self._complain(_FULL)
        return [TryLater(why, after=30.0) if why else next(ids) for why in why_not]

    def _refusals(self, items: Sequence[Item]) -> Iterator[str]:
        """Why each of them has no room; empty for those that have."""
        shares, total = sum((segment.shares for segment in self._segments), Counter[bytes]()), self.numbers().bytes
        for item in items:
            need = HEAD + len(item.body)
            if shares[item.token] + need > self.limit // PART:
                if item.token not in self._greedy:
                    log.error("spool_part_full", token=item.token.hex()[:12], why=_SHARE)
                self._greedy.add(item.token)
                yield _SHARE
            elif total + need > self.limit:
                yield _FULL
            else:
                shares[item.token] += need
                total += need
                yield ""

    def _append(self, items: Sequence[Item]) -> list[str]:
        if not items:
            return []
        try:
            ids = self._current(items[0].at).append(items)
        except OSError as error:
            self._give_up_file()
            self._complain(f"{type(error).__name__}: {error.strerror}")
            said = "The disk is full." if error.errno in {errno.ENOSPC, errno.EDQUOT} else "The disk does not take it."
            raise TryLater(said, after=30.0, detail=f"the spool cannot be written: {error}") from error
        self._complained = False
        self.spooled += len(ids)
        return ids

    def read(self) -> tuple[Spooled, ...]:
        """The oldest records that are whole and not to be skipped. What is damaged before them is left out."""
        while self._segments:
            head = self._segments[0]
            try:
                batch = self._batch(head)
            except OSError as error:  # it cannot be read: put it aside, so that the others get their turn
                log.error("spool_not_read", file=head.path.name, why=str(error))
                self._leave_out(head, Damage(head.taken, head.size))
                batch = []
            if batch:
                return tuple(batch)
            self._remove(head)
        self._greedy.clear()
        self._skip.clear()  # nothing is left that it could be about
        return ()

    def forget(self, batch: Sequence[Spooled]) -> None:
        """What was read last is safe elsewhere."""
        if not batch or not self._segments:
            return
        head = self._segments[0]
        head.taken, head.records = self._peeked, head.records - len(batch)
        head.oldest = microseconds(batch[-1].received_at) if head.records else 0
        if head.taken >= head.size:
            self._remove(head)

    def skip(self, ids: Sequence[str]) -> None:
        """These are safe elsewhere."""
        self._skip.update(ids)

    def numbers(self) -> SpoolNumbers:
        """What is there."""
        times = [segment.oldest for segment in self._segments if segment.oldest]
        return SpoolNumbers(
            bytes=sum(segment.size for segment in self._segments),
            records=sum(segment.records for segment in self._segments),
            oldest=moment(min(times)) if times else None,
            spooled=self.spooled,
            damaged=self.damaged,
        )

    def close(self) -> None:
        """Let go of the files. An empty one is no use to anybody."""
        self._give_up_file()
        self.room.leave()

    def _batch(self, head: Segment) -> list[Spooled]:
        batch: list[Spooled] = []
        size = 0
        for item in head.rest():
            if isinstance(item, Record) and head.name(item.start) not in self._skip:
                if batch and (len(batch) >= MOST or size + len(item.body) > LARGEST):
                    break
                batch.append(Spooled(head.name(item.start), item.token.hex(), item.body, moment(item.at)))
                size += len(item.body)
                self._peeked = item.end
            elif batch:
                break  # it is passed when these are safe
            else:
                self._leave_out(head, item)
        return batch

    def _leave_out(self, head: Segment, item: Record | Damage) -> None:
        if isinstance(item, Damage):
            self.damaged += 1
            head.sound = False
            log.error("spool_damaged", file=head.path.name, first=item.start, bytes=item.end - item.start)
        else:
            head.records -= 1
            self._skip.discard(head.name(item.start))
        head.taken = item.end

    def _remove(self, head: Segment) -> None:
        """Nothing is left in it to be given back. What was damaged is kept beside, for whoever wants to look."""
        self._segments.remove(head)
        head.end()
        if head is self._open:
            self._open = None
        try:
            if head.sound:
                head.path.unlink()
            else:
                head.path.rename(head.path.with_suffix(".damaged"))
            synced(self.room.path)
        except OSError as error:  # it comes again at the next start, and nothing of it is stored twice
            self._over.add(head.path.name)
            log.error("spool_not_removed", file=head.path.name, why=str(error))

    def _current(self, now: int) -> Segment:
        if self._open is not None and self._open.size >= SEGMENT:
            self._give_up_file()
        if self._open is None:
            self._made = max(now, self._made + 1)  # names tell the order, even if the clock is turned back
            self._open = made(self.room.path, self._made)
            self._segments.append(self._open)
        return self._open

    def _give_up_file(self) -> None:
        segment, self._open = self._open, None
        if segment is not None:
            segment.end()
            if not segment.size:
                self._remove(segment)

    def _complain(self, why: str) -> None:
        if not self._complained:
            log.error("spool_takes_no_more", why=why)
        self._complained = True
