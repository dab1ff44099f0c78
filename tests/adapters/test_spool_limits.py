"""A spool that has no room: its limit, the part of one token, a disk that is full or broken."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.adapters.spool import FileSpool, segments
from bot.adapters.spool.records import HEAD
from bot.domain.errors import TryLater
from tests.plugins.spools import NOW, OTHER, drained, files, keep


async def test_beyond_its_limit_it_takes_nothing_and_says_so_once(opened: Callable[..., FileSpool]) -> None:
    spool = opened(limit=2000)
    for number in range(4):
        await keep(spool, b"x" * 380, token=f"{number:064x}")
    with capture_logs() as logs:
        for _ in range(3):
            with pytest.raises(TryLater, match="SPOOL_LIMIT_MB"):
                await keep(spool, b"x" * 200)
    assert [line["event"] for line in logs] == ["spool_takes_no_more"]
    await keep(spool, b"y" * 50)
    assert [len(body) for body in await drained(spool)] == [380, 380, 380, 380, 50]
    await keep(spool, b"x" * 200)


async def test_of_a_batch_that_is_too_big_it_takes_what_fits(opened: Callable[..., FileSpool]) -> None:
    spool = opened(limit=2000)
    batch = [(f"{number:064x}", b"x" * 380) for number in range(7)]
    kept = await spool.write(batch, NOW)
    assert [isinstance(one, TryLater) for one in kept] == [False] * 4 + [True] * 3
    assert len(await drained(spool)) == 4


async def test_of_one_token_no_more_is_kept_than_a_quarter_until_there_is_room_again(
    opened: Callable[..., FileSpool],
) -> None:
    spool = opened(limit=4000)
    with capture_logs() as logs:
        kept = await keep(spool, b"x" * 500, b"x" * 600, b"y" * 100)
        assert [type(one) for one in kept] == [str, TryLater, str]
        assert [type(one) for one in await keep(spool, b"x" * 600)] == [TryLater]
        assert [type(one) for one in await keep(spool, b"z" * 800, token=OTHER)] == [str]
    assert [line["event"] for line in logs] == ["spool_part_full"]
    await spool.close()
    next_one = opened(limit=4000)
    assert [type(one) for one in await keep(next_one, b"x" * 600)] == [TryLater]
    assert [len(body) for body in await drained(next_one)] == [500, 100, 800]
    assert [type(one) for one in await keep(next_one, b"x" * 600)] == [str]


async def test_a_full_disk_leaves_nothing_half_written(
    spool: FileSpool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keep(spool, b"one")
    real, room = os.pwrite, [HEAD + 2]

    def nearly_full(file: int, data: Any, place: int) -> int:
        if not room:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(file, bytes(data)[: room.pop()], place)

    monkeypatch.setattr(segments.os, "pwrite", nearly_full)
    with pytest.raises(TryLater, match="No space"):
        await keep(spool, b"two")
    with pytest.raises(TryLater):
        await keep(spool, b"three")
    monkeypatch.undo()
    await keep(spool, b"four", later=1)
    assert await drained(spool) == [b"one", b"four"]
    assert spool.numbers().damaged == 0
    assert files(tmp_path) == []


async def test_a_sync_that_fails_is_no_promise(spool: FileSpool, monkeypatch: pytest.MonkeyPatch) -> None:
    await keep(spool, b"one")

    def broken(file: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(segments.os, "fsync", broken)
    with pytest.raises(TryLater):
        await keep(spool, b"two")
    monkeypatch.undo()
    assert await drained(spool) == [b"one"]


async def test_without_a_folder_nothing_is_kept_and_nothing_breaks(
    opened: Callable[..., FileSpool], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    spool = opened("file")
    with capture_logs() as logs:
        assert await spool.recall() == b""
        await spool.remember(bytes(32))
        with pytest.raises(TryLater, match="SPOOL_DIR"):
            await keep(spool, b"one")
        await spool.adopt()
        assert await drained(spool) == []
    assert [line["event"] for line in logs] == ["spool_not_usable"]
    assert spool.numbers().bytes == 0
