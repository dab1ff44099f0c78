"""One person's calls: made with their token, refusals explained by their cause."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from pydantic import BaseModel

from bot.adapters.quay import asks, reading
from bot.adapters.quay.answers import Answer
from bot.adapters.quay.ask import Ask
from bot.adapters.quay.errors import UNKNOWN, translate, wants_sight
from bot.adapters.quay.probe import look
from bot.adapters.quay.shapes_people import UserShape
from bot.adapters.quay.transport import Transport
from bot.domain.errors import BotError

_Shape = TypeVar("_Shape", bound=BaseModel)


class Caller:
    """Calls with one token. Keep it for one piece of work only; it never shows the token."""

    def __init__(self, transport: Transport, token: str, now: Callable[[], datetime]) -> None:
        self.transport = transport
        self.token = token
        self.now = now
        self._me = ""

    async def read(self, ask: Ask, shape: type[_Shape]) -> _Shape:
        """What one call brings, in its shape."""
        return reading.shaped(await self.ask(ask), shape, self.transport.host)

    async def ask(self, ask: Ask) -> Answer:
        """The answer, if it is a 2xx; else the error that names the cause."""
        answer = await self.transport.exchange(ask, self.token)
        if 200 <= answer.status < 300:
            return answer
        raise await self.refusal(ask, answer)

    async def refusal(self, ask: Ask, answer: Answer) -> BotError:
        """The error for an answer that is no 2xx, after a look at the repository where only that tells the cause."""
        sight = await look(self.transport, self.token, ask.repository) if wants_sight(ask, answer) else UNKNOWN
        return translate(ask, answer, self.transport.host, sight)

    async def is_mine(self, namespace: str) -> bool:
        """True for the namespace of the token's owner, who is asked for once (user:read)."""
        self._me = self._me or (await self.read(asks.whoami(), UserShape)).username
        return namespace == self._me

    def __repr__(self) -> str:
        return "Caller(…)"
