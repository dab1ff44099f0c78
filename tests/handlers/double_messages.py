"""A hand-written list of global messages that remembers who asked for what."""

from dataclasses import dataclass, field
from typing import Any

from bot.domain.banners import GlobalMessage


@dataclass
class Board:
    """The banners of the registry. `errors` are raised by the call of that name, one after the other; None: no error.

    `slips`: the next post is done, and its answer is lost.
    """

    shown: list[GlobalMessage] = field(default_factory=list)
    errors: dict[str, list[Exception | None]] = field(default_factory=dict)
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    slips: Exception | None = None
    unclear: bool = False  # nobody can tell which one is ours
    made: int = 0

    def has(
        self, content: str = "Maintenance", severity: str = "info", media_type: str = "text/plain"
    ) -> GlobalMessage:
        self.made += 1
        self.shown.append(GlobalMessage(f"{self.made:08}-c071-4b52", content, severity, media_type))
        return self.shown[-1]

    def texts(self) -> list[str]:
        return [one.content for one in self.shown]


@dataclass
class FakeMessages:
    """ports.Messages with one token."""

    board: Board
    token: str

    def _note(self, call: str, *arguments: Any) -> None:
        self.board.calls.append((self.token, call, *arguments))
        waiting = self.board.errors.get(call)
        error = waiting.pop(0) if waiting else None
        if error:
            raise error

    async def all(self) -> tuple[GlobalMessage, ...]:
        self._note("all")
        return tuple(self.board.shown)

    async def admitted(self) -> None:
        self._note("admitted")

    async def post(self, content: str, severity: str, media_type: str) -> str:
        self._note("post", content, severity, media_type)
        made = self.board.has(content, severity, media_type)
        slip, self.board.slips = self.board.slips, None
        if slip:
            raise slip
        return "" if self.board.unclear else made.uuid

    async def delete(self, uuid: str) -> None:
        self._note("delete", uuid)
        self.board.shown[:] = [one for one in self.board.shown if one.uuid != uuid]
