"""The policy file on disk: its text, whenever it has changed."""

import time
from pathlib import Path

_TRIES = 20


class PolicyFile:
    """Implements services.policies.PolicySource.

    Blocks. A file that is just being written is not taken half: its text counts once nothing has changed for `settled`
    seconds.
    """

    def __init__(self, path: Path, *, settled: float = 0.1) -> None:
        self._path = path
        self._settled = settled
        self._seen: tuple[int, int, int] | None = None

    @property
    def name(self) -> str:
        """The file's name, for people."""
        return self._path.name

    def changed(self) -> str | None:
        """Its text, if it has changed since the last call. Raises OSError when it cannot be read."""
        if self._state() == self._seen:
            return None
        for _ in range(_TRIES):
            before = self._state()
            text = self._text()
            time.sleep(self._settled)
            if self._state() == before:
                self._seen = before
                return text
        raise OSError("it is being written all the time")

    def _state(self) -> tuple[int, int, int]:
        found = self._path.stat()
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _text(self) -> str:
        try:
            return self._path.read_text(encoding="utf-8-sig")  # (some editors put a mark in front)
        except UnicodeDecodeError:
            raise OSError("it is not UTF-8 text") from None
