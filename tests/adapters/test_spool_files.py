"""The spool on a real disk: what goes in comes out, and crashes. Two spools in one test are two processes."""

import os
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.adapters.spool import FileSpool, shelf
from bot.adapters.spool.records import HEAD
from tests.plugins.rows import NOW
from tests.plugins.spools import MB, TOKEN, drained, files, keep


async def test_what_goes_in_comes_out_in_its_order_with_its_time(spool: FileSpool) -> None:
    ids = await keep(spool, b"one", b"two")
    ids += await keep(spool, b"", later=5)
    batch = await spool.read()
    assert [(record.id, record.token_hash, record.body) for record in batch] == [
        (ids[0], TOKEN, b"one"), (ids[1], TOKEN, b"two"), (ids[2], TOKEN, b""),
    ]  # fmt: skip
    assert [record.received_at for record in batch] == [NOW, NOW, NOW + timedelta(seconds=5)]
    assert len(set(ids)) == 3


async def test_the_same_is_read_until_it_is_forgotten(spool: FileSpool) -> None:
    await keep(spool, b"one")
    first = await spool.read()
    await keep(spool, b"two")
    assert (await spool.read())[: len(first)] == first
    assert await drained(spool) == [b"one", b"two"]


async def test_what_comes_while_it_is_drained_comes_after(spool: FileSpool) -> None:
    await keep(spool, b"one")
    batch = await spool.read()
    await keep(spool, b"two")
    await spool.forget(batch)
    assert await drained(spool) == [b"two"]
    await keep(spool, b"three")
    assert await drained(spool) == [b"three"]


async def test_nothing_is_left_on_the_disk_when_everything_is_drained(spool: FileSpool, tmp_path: Path) -> None:
    await keep(spool, *[b"%d" % number for number in range(1000)])
    assert spool.numbers().records == 1000
    assert len(await drained(spool)) == 1000
    assert files(tmp_path) == []
    numbers = spool.numbers()
    assert (numbers.bytes, numbers.records, numbers.oldest, numbers.spooled) == (0, 0, None, 1000)


async def test_a_large_spool_is_several_files_and_given_back_in_pieces(
    spool: FileSpool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "SEGMENT", 3 * MB)
    for number in range(10):
        await keep(spool, bytes([number]) * MB)
    assert len(files(tmp_path)) == 4
    assert len(await spool.read()) == 2
    assert [body[0] for body in await drained(spool)] == list(range(10))


async def test_the_order_outlives_the_process_even_if_the_clock_is_turned_back(
    opened: Callable[..., FileSpool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "SEGMENT", 1)
    dead = opened()
    for number in range(6):
        await keep(dead, b"%d" % number, later=-number // 2)
    await dead.close()
    assert await drained(opened()) == [b"%d" % number for number in range(6)]


async def test_what_comes_after_a_restart_is_younger_even_if_the_clock_was_turned_back(
    opened: Callable[..., FileSpool],
) -> None:
    for number in range(3):  # each time the process dies, and begins again with an earlier clock
        process = opened()
        await keep(process, b"%d" % number, later=-100 * number)
        await process.close()
    assert await drained(opened()) == [b"0", b"1", b"2"]


async def test_only_its_owner_can_look_into_it(spool: FileSpool, tmp_path: Path) -> None:
    await keep(spool, b"one")
    await spool.remember(bytes(64))
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "spool").rglob("*") if path.is_file()}
    folders = [tmp_path / "spool", *[path for path in (tmp_path / "spool").rglob("*") if path.is_dir()]]
    assert modes == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}


async def test_the_numbers_tell_how_much_waits_and_since_when(spool: FileSpool) -> None:
    await keep(spool, b"12345")
    await keep(spool, b"12345", later=60)
    numbers = spool.numbers()
    assert (numbers.bytes, numbers.records, numbers.oldest) == (2 * (HEAD + 5), 2, NOW)


async def test_what_is_safe_elsewhere_is_not_given_back(spool: FileSpool, tmp_path: Path) -> None:
    ids = await keep(spool, b"a", b"b", b"c", b"d")
    await spool.skip([ids[0], ids[2]])
    assert await drained(spool) == [b"b", b"d"]
    ids = await keep(spool, b"e")
    await spool.skip(ids)
    assert await drained(spool) == []
    assert files(tmp_path) == []


# A crash


async def test_what_a_dead_process_left_is_drained_by_the_next(opened: Callable[..., FileSpool]) -> None:
    dead = opened()
    ids = await keep(dead, b"one", b"two")
    await dead.close()
    alive = opened()
    batch = await alive.read()
    assert [(record.id, record.body) for record in batch] == [(ids[0], b"one"), (ids[1], b"two")]
    await keep(alive, b"three", later=1)
    assert await drained(alive) == [b"one", b"two", b"three"]


@pytest.mark.parametrize("missing", [1, 4, HEAD, HEAD + 4, HEAD + 5])
async def test_a_crash_before_the_sync_costs_nothing_that_was_answered(
    opened: Callable[..., FileSpool], tmp_path: Path, missing: int
) -> None:
    dead = opened()
    await keep(dead, b"answered")
    await keep(dead, b"torn!")
    await dead.close()
    (file,) = files(tmp_path)
    os.truncate(file, file.stat().st_size - missing)
    alive = opened()
    assert await drained(alive) == [b"answered"]
    assert await drained(alive) == []


async def test_a_file_that_was_only_begun_is_no_trouble(opened: Callable[..., FileSpool], tmp_path: Path) -> None:
    dead = opened()
    await keep(dead, b"one")
    await dead.close()
    (file,) = files(tmp_path)
    os.truncate(file, 0)
    alive = opened()
    assert await drained(alive) == []
    assert files(tmp_path) == []
    assert alive.numbers().damaged == 0


async def test_what_is_damaged_is_left_out_told_and_kept_beside(
    opened: Callable[..., FileSpool], tmp_path: Path
) -> None:
    dead = opened()
    await keep(dead, b"one", b"two", b"three")
    await dead.close()
    (file,) = files(tmp_path)
    data = file.read_bytes()
    file.write_bytes(data.replace(b"two", b"tw0"))
    alive = opened()
    with capture_logs() as logs:
        assert await drained(alive) == [b"one", b"three"]
    assert [(line["event"], line["first"], line["bytes"]) for line in logs] == [
        ("spool_damaged", HEAD + 3, HEAD + 3),
    ]
    assert alive.numbers().damaged == 1
    (kept,) = files(tmp_path, ".damaged")
    assert b"tw0" in kept.read_bytes()
    assert files(tmp_path) == []


async def test_a_file_that_vanishes_does_not_stop_the_others(
    opened: Callable[..., FileSpool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "SEGMENT", 1)
    spool = opened()
    await keep(spool, b"one")
    await keep(spool, b"two")
    files(tmp_path)[0].unlink()
    assert await drained(spool) == [b"two"]
    assert spool.numbers().damaged == 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sizes=st.lists(st.integers(0, 300), min_size=1, max_size=6), place=st.integers(0), flip=st.integers(1, 255))
async def test_whatever_byte_is_damaged_the_draining_ends_and_gives_back_all_others(
    opened: Callable[..., FileSpool], tmp_path: Path, sizes: list[int], place: int, flip: int
) -> None:
    dead = opened()
    bodies = [bytes([number]) * size for number, size in enumerate(sizes)]
    await keep(dead, *bodies)
    await dead.close()
    (file,) = files(tmp_path)
    data = bytearray(file.read_bytes())
    place %= len(data)
    data[place] ^= flip
    file.write_bytes(data)
    ends = [sum(size + HEAD for size in sizes[: count + 1]) for count in range(len(sizes))]
    lost = next(count for count, end in enumerate(ends) if place < end)
    alive = opened()
    assert await drained(alive) == bodies[:lost] + bodies[lost + 1 :]
    await alive.close()
