"""One person's calls: made with their token, refusals explained by their cause."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from pydantic import BaseModel

from bot.adapters.quay import reading
from bot.adapters.quay.answers import Answer
from bot.adapters.quay.ask import Ask
from bot.adapters.quay.errors import UNKNOWN, translate, wants_sight
from bot.adapters.quay.probe import look
from bot.adapters.quay.transport import Transport

_Shape = TypeVar("_Shape", bound=BaseModel)


class Caller:
    """Calls with one token. Keep it for one piece of work only; it never shows the token."""

    def __init__(self, transport: Transport, token: str, now: Callable[[], datetime]) -> None:
        self.transport = transport
        self.token = token
        self.now = now

    async def read(self, ask: Ask, shape: type[_Shape]) -> _Shape:
        """What one call brings, in its shape."""
        return reading.shaped(await self.ask(ask), shape, self.transport.host)

    async def ask(self, ask: Ask) -> Answer:
        """The answer, if it is a 2xx; else the error that names the cause."""
        answer = await self.transport.exchange(ask, self.token)
        if 200 <= answer.status < 300:
            return answer
        sight = await look(self.transport, self.token, ask.repository) if wants_sight(ask, answer) else UNKNOWN
        raise translate(ask, answer, self.transport.host, sight)

    def __repr__(self) -> str:
        return "Caller(…)"
