"""A voice before Slack's own that makes trouble for some messages only, and short ways to let time pass."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.fakes.slack import Fault
from bot.ports import Voice
from bot.services.outbox import Speaker
from tests.services.newsroom import Newsroom


class Stubborn:
    """Before each post or edit that `picks` picks (by its payload), Slack is given a fault of that kind."""

    def __init__(self, room: Newsroom, kind: str, picks: Callable[[Mapping[str, Any]], bool]) -> None:
        self.voice: Voice = room.voice()
        self.room, self.kind, self.picks = room, kind, picks

    def __getattr__(self, name: str) -> Any:
        return getattr(self.voice, name)

    async def post(self, channel: str, payload: Mapping[str, Any], key: str) -> str:
        self._spoil("chat.postMessage", payload)
        return await self.voice.post(channel, payload, key)

    async def update(self, channel: str, ts: str, payload: Mapping[str, Any], key: str) -> None:
        self._spoil("chat.update", payload)
        await self.voice.update(channel, ts, payload, key)

    def _spoil(self, method: str, payload: Mapping[str, Any]) -> None:
        if self.kind and self.picks(payload):
            self.room.slack.faults.append(Fault(method, self.kind))


def poison(payload: Mapping[str, Any]) -> bool:
    return str(payload["text"]).startswith("poison")


async def seconds(room: Newsroom, speaker: Speaker, number: float, step: float = 1.0) -> None:
    for _ in range(int(number / step)):
        await room.work(speaker)
        room.clock.pass_by(step)
