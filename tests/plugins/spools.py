"""Spools on a real disk, each of them as a process that has just begun."""

import hashlib
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.spool import FileSpool
from tests.plugins.rows import NOW

TOKEN, OTHER = (hashlib.sha256(word).hexdigest() for word in (b"token", b"other"))
MB = 1024 * 1024


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Callable[..., FileSpool]]:
    """Opens a spool, as a process would that has just begun."""
    spools: list[FileSpool] = []

    def open_spool(folder: str = "spool", limit: int = 64 * MB) -> FileSpool:
        spools.append(FileSpool(tmp_path / folder, limit))
        return spools[-1]

    yield open_spool
    for spool in spools:
        await spool.close()


@pytest.fixture
def spool(opened: Callable[..., FileSpool]) -> FileSpool:
    return opened()


async def keep(spool: FileSpool, *bodies: bytes, token: str = TOKEN, later: float = 0) -> list[Any]:
    return await spool.write([(token, body) for body in bodies], NOW + timedelta(seconds=later))


async def drained(spool: FileSpool, most: int = 1000) -> list[bytes]:
    bodies: list[bytes] = []
    for _ in range(most):
        batch = await spool.read()
        if not batch:
            return bodies
        bodies += [record.body for record in batch]
        await spool.forget(batch)
    raise AssertionError("draining does not end")


def files(folder: Path, kind: str = ".spool") -> list[Path]:
    return sorted((folder / "spool").rglob(f"*{kind}"))
