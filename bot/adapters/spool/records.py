"""What stands in a file of the spool: bytes in, records out. No disk here.

Every seal is keyed with the file's random id and covers the place in the file. So a body that holds the image of a
record, whoever sent it, is never taken for one when something before it is damaged.
"""

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

# Mark, length of the body, microseconds since 1970, SHA-256 of the token, seal of the body; then the head's own seal.
_HEAD = struct.Struct(">4sIq32s16s")
_MARK = b"\xf5QBr"  # its first byte stands in no UTF-8 text
_SEAL = 16
HEAD = _HEAD.size + _SEAL
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(time: datetime) -> int:
    """A time as it stands in a record."""
    return (time - _EPOCH) // timedelta(microseconds=1)


def moment(at: int) -> datetime:
    """The time in a record."""
    return _EPOCH + timedelta(microseconds=at)


@dataclass(frozen=True, slots=True)
class Record:
    """A body that is whole. It stands in the file from `start` to `end`."""

    start: int
    end: int
    at: int  # microseconds since 1970
    token: bytes
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that are no record any more, or not yet: a crash may have torn the last one."""

    start: int
    end: int


class _Head(NamedTuple):
    end: int
    at: int
    token: bytes
    seal: bytes


def written(file: UUID, start: int, token: bytes, at: int, body: bytes) -> bytes:
    """The bytes of a record that will begin at `start` of that file. `token` is a SHA-256, 32 bytes."""
    head = _HEAD.pack(_MARK, len(body), at, token, _sealed(file, start + HEAD, body))
    return head + _sealed(file, start, head) + body


def read(file: UUID, data: bytes, start: int = 0) -> Iterator[Record | Damage]:
    """Everything in the file from `start` on, without a gap. `data` is the whole file."""
    while start < len(data):
        head = _head(file, data, start)
        if head is None:
            end = _next(file, data, start + 1)
            yield Damage(start, end)
        elif _sealed(file, start + HEAD, body := data[start + HEAD : head.end]) == head.seal:
            end = head.end
            yield Record(start, end, head.at, head.token, body)
        else:  # the head is right, so the next one stands where it says
            end = min(head.end, len(data))
            yield Damage(start, end)
        start = end


def _head(file: UUID, data: bytes, start: int) -> _Head | None:
    head = data[start : start + _HEAD.size]
    if not head.startswith(_MARK) or data[start + _HEAD.size : start + HEAD] != _sealed(file, start, head):
        return None
    _, length, at, token, seal = _HEAD.unpack(head)
    return _Head(start + HEAD + length, at, token, seal)


def _next(file: UUID, data: bytes, start: int) -> int:
    while (start := data.find(_MARK, start)) >= 0:
        if _head(file, data, start) is not None:
            return start
        start += 1
    return len(data)


def _sealed(file: UUID, place: int, data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_SEAL, key=file.bytes, salt=place.to_bytes(8, "big")).digest()
