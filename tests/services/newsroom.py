"""A store, a fake Slack and a clock that only tests move: everything the outbox needs, and short ways to use it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.adapters.slack.voice import SlackVoice
from bot.adapters.store import SqlStore
from bot.domain.messages import Outgoing
from bot.fakes.slack import FakeSlack
from bot.fakes.slack.model import Call
from bot.ports import Opened, StoredCard, Turned, Voice
from bot.services.outbox import Speaker
from tests.fakes.slack_desk import HandClock

SPOKEN = {"chat.postMessage", "chat.update"}


def no_jitter() -> float:
    return 0.0


@dataclass
class Newsroom:
    """`work` does what is due at this moment; `finish` lets time pass until nothing waits."""

    store: SqlStore
    slack: FakeSlack
    clock: HandClock
    session: aiohttp.ClientSession

    def voice(self, *, deadline: float = 10.0) -> SlackVoice:
        return SlackVoice(self.slack.bot_token, self.slack.url, self.session, deadline=deadline)

    def speaker(self, voice: Voice | None = None) -> Speaker:
        return Speaker(self.store.outbox, self.store.inbox, voice or self.voice(), self.clock, no_jitter)

    async def queue(self, key: str, channel: str = "C1", text: str = "", asker: str | None = None) -> None:
        payload = {"text": text or key, "blocks": [], "attachments": []}
        async with self.store.inbox.ledger() as ledger:
            await ledger.say(Outgoing(key, channel, payload, asker), self.clock.now())

    async def open(self, name: str, text: str, channel: str = "C1", *, weight: int = 0) -> None:
        """Hang up a card."""
        payload = {"text": text, "blocks": []}
        outgoing = Outgoing(f"told:{name}:{channel}", channel, payload, weight=weight)
        async with self.store.inbox.ledger() as ledger:
            (card,) = await ledger.open_cards([Opened("push", "{}", outgoing)], self.clock.now())
            assert card is not None
            await ledger.name_cards([(name, channel, card.id)])

    async def turn(self, name: str, text: str, *, weight: int = 0, urgent: bool = False) -> None:
        """Change what the card says, wherever it hangs."""
        payload = {"text": text, "blocks": []}
        async with self.store.inbox.ledger() as ledger:
            cards = (await ledger.cards((), [name])).values()
            await ledger.turn_cards([Turned(card, "{}", payload, weight, urgent) for card in cards], self.clock.now())

    async def cards(self, name: str) -> tuple[StoredCard, ...]:
        async with self.store.inbox.ledger() as ledger:
            return tuple((await ledger.cards((), [name])).values())

    async def work(self, speaker: Speaker) -> None:
        while await speaker.step():
            await speaker.close()

    async def finish(self, speaker: Speaker, seconds: int = 900) -> None:
        for _ in range(seconds):
            await self.work(speaker)
            if not await self.store.outbox.waiting():
                return
            self.clock.pass_by(1.05)
        raise AssertionError("something still waits to be said")

    def shown(self, channel: str = "C1") -> list[str]:
        return [message["text"] for message in self.slack.messages(channel)]

    def calls(self, *methods: str) -> list[Call]:
        return [call for call in self.slack.calls if call.method in (methods or SPOKEN)]


@asynccontextmanager
async def newsroom(store: SqlStore, **options: Any) -> AsyncIterator[Newsroom]:
    clock = HandClock()
    slack = FakeSlack(clock=clock, **options)
    slack.add_user("U1", "ada")
    slack.add_user("U2", "grace")
    for number in range(1, 5):
        slack.add_channel(f"C{number}", f"releases-{number}", members=["U1"])
    await slack.start()
    try:
        async with aiohttp.ClientSession() as session:
            yield Newsroom(store, slack, clock, session)
    finally:
        await slack.stop()
