"""Several processes and one spool: rooms, what the dead leave behind, and the tokens for the next process."""

import errno
from collections.abc import Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.adapters.spool import FileSpool, rooms
from tests.plugins.spools import drained, files, keep


async def test_two_processes_have_a_room_each(opened: Callable[..., FileSpool], tmp_path: Path) -> None:
    first, second = opened(), opened()
    await keep(first, b"one")
    await keep(second, b"two")
    await first.adopt()
    await second.adopt()
    assert {path.parent.name for path in files(tmp_path)} == {"1", "2"}
    assert await drained(first) == [b"one"]
    assert await drained(second) == [b"two"]


async def test_who_lives_takes_over_what_the_dead_left(opened: Callable[..., FileSpool], tmp_path: Path) -> None:
    first, second = opened(), opened()
    ids = await keep(first, b"mine")
    ids += await keep(second, b"left", b"behind", later=1)
    await second.close()
    await first.adopt()
    assert first.numbers().records == 3
    batch = await first.read()
    await first.forget(batch)
    batch += await first.read()
    assert [(record.id, record.body) for record in batch] == list(zip(ids, [b"mine", b"left", b"behind"], strict=True))
    third = opened()
    assert await third.read() == ()


async def test_a_room_that_cannot_be_entered_keeps_nobody_from_taking_over_the_others(
    opened: Callable[..., FileSpool], monkeypatch: pytest.MonkeyPatch
) -> None:
    alive, *others = (opened() for _ in range(4))
    for number, process in enumerate((alive, *others)):
        await keep(process, b"%d" % number, later=number)
    for process in others:
        await process.close()
    real = rooms.locked

    def locked(lock: Path) -> int | None:
        if lock.parent.name == "3":
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(lock)

    monkeypatch.setattr(rooms, "locked", locked)
    with capture_logs() as logs:
        await alive.adopt()
    assert [line["room"] for line in logs if line["event"] == "spool_not_adopted"] == ["3"]
    assert alive.numbers().records == 3
    monkeypatch.setattr(rooms, "locked", real)
    await alive.adopt()
    assert await drained(alive) == [b"0", b"1", b"3", b"2"]


async def test_what_was_moved_in_before_a_disk_failed_is_taken_up_the_next_time(
    opened: Callable[..., FileSpool], monkeypatch: pytest.MonkeyPatch
) -> None:
    alive, dead = opened(), opened()
    await keep(alive, b"mine")
    await keep(dead, b"left")
    await dead.close()

    def failing(folder: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(rooms, "synced", failing)
    await alive.adopt()
    monkeypatch.undo()
    await alive.adopt()
    await alive.adopt()
    assert await drained(alive) == [b"mine", b"left"]
    assert alive.numbers().records == 0


async def test_a_file_that_cannot_be_removed_is_not_taken_up_again(
    spool: FileSpool, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keep(spool, b"one")

    def failing(path: Path, *, missing_ok: bool = False) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "unlink", failing)
    assert await drained(spool) == [b"one"]
    monkeypatch.undo()
    await spool.adopt()
    assert (await spool.read(), spool.numbers().records) == ((), 0)


async def test_nothing_is_given_to_two_who_come_at_once(opened: Callable[..., FileSpool]) -> None:
    spools = [opened() for _ in range(4)]
    for number, spool in enumerate(spools):
        await keep(spool, b"%d" % number)
        await spool.close()
    first, second = opened(), opened()
    for spool in (second, first, second, first):
        await spool.adopt()
    assert sorted(await drained(first) + await drained(second)) == [b"0", b"1", b"2", b"3"]


async def test_the_tokens_are_there_for_the_next_process(opened: Callable[..., FileSpool]) -> None:
    first = opened()
    assert await first.recall() == b""
    await first.remember(b"a" * 64)
    await first.remember(b"b" * 32)
    assert await opened().recall() == b"b" * 32


async def test_damaged_tokens_are_nobodys(opened: Callable[..., FileSpool], tmp_path: Path) -> None:
    spool = opened()
    await spool.remember(b"a" * 64)
    file = tmp_path / "spool" / "tokens"
    data = file.read_bytes()
    for broken in (data[:-1], data[:40], b"", data[:-1] + b"b"):
        file.write_bytes(broken)
        assert await spool.recall() == b""
