"""The format of the spool's files: whatever happens to the bytes, no wrong body is read and no right one is lost."""

import hashlib
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.spool.records import HEAD, Damage, Record, read, written

FILE = UUID(int=7)
TOKEN = hashlib.sha256(b"token").digest()

bodies_of_all_kinds = st.lists(st.one_of(st.binary(max_size=200), st.just(b"\xf5QBr" * 30)), min_size=1, max_size=8)


def file_with(bodies: list[bytes], file: UUID = FILE) -> tuple[bytes, list[int]]:
    """The file, and where each record begins."""
    data, starts = b"", []
    for number, body in enumerate(bodies):
        starts.append(len(data))
        data += written(file, len(data), TOKEN, number, body)
    return data, starts


def whole(data: bytes, file: UUID = FILE) -> list[Record]:
    return [item for item in read(file, data) if isinstance(item, Record)]


@given(bodies=bodies_of_all_kinds)
def test_what_was_written_is_read_in_its_order(bodies: list[bytes]) -> None:
    data, starts = file_with(bodies)
    records = list(read(FILE, data))
    assert [record for record in records if isinstance(record, Damage)] == []
    assert [(record.start, record.at, record.token, record.body) for record in whole(data)] == [
        (start, number, TOKEN, body) for number, (start, body) in enumerate(zip(starts, bodies, strict=True))
    ]


@given(bodies=bodies_of_all_kinds, place=st.integers(0), length=st.integers(1, 400), noise=st.randoms())
def test_any_damage_costs_only_the_records_that_it_touches(bodies: list[bytes], place: int, length: int, noise) -> None:
    data, starts = file_with(bodies)
    place %= len(data)
    length = min(length, len(data) - place)
    damaged = data[:place] + bytes(byte ^ noise.randint(1, 255) for byte in data[place : place + length])
    damaged += data[place + length :]
    ends = [*starts[1:], len(data)]
    untouched = [
        body for body, start, end in zip(bodies, starts, ends, strict=True) if end <= place or start >= place + length
    ]
    assert [record.body for record in whole(damaged)] == untouched


@given(bodies=bodies_of_all_kinds, place=st.integers(0), bit=st.integers(0, 7))
def test_one_wrong_bit_costs_one_record(bodies: list[bytes], place: int, bit: int) -> None:
    data = bytearray(file_with(bodies)[0])
    data[place % len(data)] ^= 1 << bit
    assert len(whole(bytes(data))) == len(bodies) - 1


@given(bodies=bodies_of_all_kinds, length=st.integers(0))
def test_a_file_that_was_cut_off_gives_what_stood_before_the_cut(bodies: list[bytes], length: int) -> None:
    data, starts = file_with(bodies)
    length %= len(data) + 1
    ends = [*starts[1:], len(data)]
    items = list(read(FILE, data[:length]))
    assert [item.body for item in items if isinstance(item, Record)] == [
        body for body, end in zip(bodies, ends, strict=True) if end <= length
    ]
    assert items == [] or items[-1].end == length


@given(data=st.binary(max_size=500), start=st.integers(0, 10))
def test_any_bytes_are_read_to_their_end_without_a_gap(data: bytes, start: int) -> None:
    place = start
    for item in read(FILE, data, start):
        assert item.start == place
        assert item.end > item.start
        place = item.end
    assert place == max(start, len(data))


@given(bodies=bodies_of_all_kinds, zeros=st.integers(1, 300))
def test_zeros_behind_the_last_record_are_no_records(bodies: list[bytes], zeros: int) -> None:
    data, _ = file_with(bodies)
    assert [record.body for record in whole(data + bytes(zeros))] == bodies


def test_a_body_that_looks_like_a_record_is_never_taken_for_one() -> None:
    forged = b"x" * 10 + written(UUID(int=8), HEAD + 10, TOKEN, 0, b"forged")
    data = bytearray(file_with([forged, b"next"])[0])
    data[0] ^= 1  # the head that would have told how long the body is
    assert [record.body for record in whole(bytes(data))] == [b"next"]


def test_a_record_at_another_place_or_in_another_file_is_none() -> None:
    data, _ = file_with([b"one", b"two"])
    assert whole(data[1:]) == []
    assert whole(b"\0" + data) == []
    assert whole(data, UUID(int=8)) == []


def test_a_megabyte_made_to_look_like_heads_is_read_quickly() -> None:
    data, _ = file_with([b"\xf5QBr" * 262_144, b"next"])
    torn = b"\0" + data[1:]
    assert [record.body for record in whole(torn)] == [b"next"]
