"""The copy of the token hashes, for a process that starts while the database is away."""

import hashlib
import os
from pathlib import Path

from bot.adapters.spool.segments import synced

_NAME = "tokens"
_SEAL = 32


def keep(folder: Path, room: Path, tokens: bytes) -> None:
    """Replace the copy in `folder` at once; `room` is where it is prepared. Raises OSError."""
    draft = room / _NAME
    file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(file, "wb") as stream:  # noqa: PTH123 - a path's open cannot set the rights
        stream.write(hashlib.blake2b(tokens, digest_size=_SEAL).digest() + tokens)
        stream.flush()
        os.fsync(file)
    draft.replace(folder / _NAME)
    synced(folder)


def kept(folder: Path) -> bytes:
    """The copy, if there is one and it is whole; else nothing. Raises OSError when it cannot be read."""
    try:
        data = (folder / _NAME).read_bytes()
    except FileNotFoundError:
        return b""
    tokens = data[_SEAL:]
    return tokens if hashlib.blake2b(tokens, digest_size=_SEAL).digest() == data[:_SEAL] else b""
