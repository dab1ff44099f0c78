"""Locks on files that end with the process that holds them, however it ends."""

import os
import sys
from pathlib import Path


def locked(path: Path) -> int | None:
    """The open file, locked until it is closed; None if a living process has the lock. Raises OSError."""
    if sys.platform == "win32":
        raise OSError("this system has no locks that end with their process")
    import fcntl  # noqa: PLC0415 - there is none on Windows

    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    except OSError:
        os.close(file)
        raise
    return file
