"""The whole bot between a simulated Slack and a simulated Quay, and what people do in the stories."""

import asyncio
import io
import json
import secrets
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import aiohttp

from bot.app import App, build, listening
from bot.domain.acts import Deed
from bot.domain.people import Person
from bot.fakes.quay import FakeQuay
from bot.fakes.slack import Answer, FakeSlack
from bot.settings import Settings, load
from tests.stories.logbook import Log, logging_everything
from tests.stories.reading import Json, words
from tests.stories.scenery import DEV, PEOPLE, QUAY_SEES, LeapingClock, furnish, neighbours, settings_for
from webhooks.kinds import KINDS
from webhooks.sample import sample
from webhooks.server import token_hash

T = TypeVar("T")

PATIENCE = 15.0  # seconds; a busy machine is slow, and a story that goes wrong may take its time to say so
_CONFIG = {
    "vulnerability_found": {"level": 4, "vulnerability": {"priority": "Negligible"}},
    "repo_image_expiry": {"days": 5},
}


@dataclass
class World:
    """What a story needs. `secrets` grows with every secret that exists: none of them may ever be logged."""

    settings: Settings
    slack: FakeSlack
    quay: FakeQuay
    http: aiohttp.ClientSession
    tokens: dict[str, str]
    log: Log
    secrets: list[str]
    clock: LeapingClock  # of the bot and of its neighbours
    _life: AsyncExitStack = field(default_factory=AsyncExitStack)
    _running: App | None = None
    _address: str = ""

    @property
    def app(self) -> App:
        """The bot that runs now."""
        assert self._running is not None
        return self._running

    @property
    def address(self) -> str:
        """Where it listens."""
        return self._address

    async def wake(self, **changes: object) -> None:
        """Start the bot, or another one on the same database after `sleep`; `changes` are settings."""
        self.settings = self.settings.model_copy(update=changes)
        closing = AsyncExitStack()
        app = await build(self.settings, closing, clock=self.clock)
        await closing.enter_async_context(app.running())
        self._address = await closing.enter_async_context(listening(app.site, QUAY_SEES, self.settings.port))
        self.slack.deliver_to = f"{self._address}/slack/events"
        self._life, self._running = closing, app

    async def sleep(self) -> None:
        """Stop the bot as SIGTERM would."""
        life, self._life, self._running = self._life, AsyncExitStack(), None
        await life.aclose()

    def leap(self, **span: float) -> None:
        """So much later (as of `timedelta`), everybody goes on."""
        self.clock.ahead += timedelta(**span)

    # Quay's side

    async def hook(self, event: str, target: str, *channels: str) -> str:
        """A webhook URL of the bot for an event, as `quaybot hooks add` makes it."""
        secret = secrets.token_urlsafe(32)
        self.secrets.append(secret)
        await self.app.store.hooks.add(event, target, channels, token_hash(secret), self.app.clock.now())
        return f"{self._address}/webhooks/quay/{secret}"

    async def notification(self, event: str, target: str, *channels: str) -> str:
        """A webhook URL that is also set up in Quay, through its API, so that Quay delivers to it. Gives its uuid."""
        url = await self.hook(event, target, *channels)
        place = (
            f"organization/{target}/notifications" if KINDS[event].namespace else f"repository/{target}/notification/"
        )
        wish = {
            "event": event,
            "method": "webhook",
            "config": {"url": url},
            "eventConfig": _CONFIG.get(event, {}),
            "title": event,
        }
        headers = {"Authorization": f"Bearer {self.tokens['operator']}"}
        async with self.http.post(f"{self.quay.url}/api/v1/{place}", json=wish, headers=headers) as response:
            assert response.status == 201, await response.text()
            return str((await response.json())["uuid"])

    async def deliver(self, url: str, body: bytes | Json, **how: Any) -> int:
        """Post a body as Quay would, and give the status of the answer."""
        data = io.BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
        headers = {"Content-Type": "application/json"}
        async with self.http.post(url, data=data, headers=headers, **how) as response:
            await response.read()
            return response.status

    # Slack's side

    async def links(self, name: str) -> None:
        """Somebody has linked their Quay account before."""
        await self.app.desk.accounts.link(Person(self.slack.team, PEOPLE[name]), self.tokens[name])

    async def types(self, name: str, line: str, channel: str = DEV) -> Answer:
        """Somebody types a line that begins with a slash command."""
        command, _, rest = line.partition(" ")
        return await self.slack.command(PEOPLE[name], channel, rest, command)

    async def link_form(self, name: str) -> Json:
        """Somebody asks how to link their account, and opens the form that takes a token."""
        await self.types(name, "/quay link")
        ways = await self.whispered(name, "Paste a token")
        await self.presses(name, ways, "link_paste", whisper=True)
        return await self.window(name, "I act in Quay as")

    async def presses(self, name: str, message: Json, action: str, channel: str = DEV, **how: Any) -> Answer:
        """Somebody presses a button under a message."""
        return await self.slack.click(PEOPLE[name], channel, message["ts"], action, **how)

    async def mentions(self, name: str, text: str, channel: str = DEV, **how: Any) -> Answer:
        """Somebody mentions the bot."""
        said = f"<@{self.slack.bot_user}> {text}"
        event = {"type": "app_mention", "user": PEOPLE[name], "text": said, "channel": channel, "ts": "1.000001"}
        return await self.slack.event(event, **how)

    async def shown(self, channel: str, predicate: Callable[[list[Json]], T]) -> T:
        """The first truthy value of `predicate(messages)`; fails with what there was instead."""
        return await self._seen(lambda: predicate(self.slack.messages(channel)), lambda: self.slack.messages(channel))

    async def card(self, channel: str, *expected: str) -> Json:
        """The one message of a channel, as soon as it says all that is expected."""
        only = await self.shown(channel, lambda all_: len(all_) == 1 and _says(all_[0], expected) and all_[0])
        assert only
        return only

    async def whispered(self, name: str, *expected: str) -> Json:
        """The first message for this person's eyes only that says all that is expected."""
        user = PEOPLE[name]
        found = await self._seen(
            lambda: next((one for one in self.slack.whispers(user) if _says(one, expected)), None),
            lambda: self.slack.whispers(user),
        )
        assert found
        return found

    async def window(self, name: str, *expected: str) -> Json:
        """This person's top modal, as soon as it says all that is expected."""
        user = PEOPLE[name]
        found = await self._seen(
            lambda: next((one for one in self.slack.open_views(user)[-1:] if _says(one, expected)), None),
            lambda: self.slack.open_views(user),
        )
        assert found
        return found

    async def hears(self, name: str, line: str, channel: str = DEV) -> Json:
        """Somebody types a line; the next message for their eyes only."""
        user = PEOPLE[name]
        before = len(self.slack.whispers(user))
        await self.types(name, line, channel)
        return (await self._seen(lambda: self.slack.whispers(user)[before:], lambda: self.slack.whispers(user)))[0]

    async def told(self, name: str, *expected: str) -> Json:
        """The newest direct message of the bot to this person, as soon as it says all that is expected."""
        user = PEOPLE[name]
        found = await self._seen(
            lambda: next((one for one in reversed(self.slack.messages(user)) if _says(one, expected)), None),
            lambda: self.slack.messages(user),
        )
        assert found
        return found

    # What the bot has written down

    async def deeds(self, name: str = "") -> list[Deed]:
        """Every line of the audit, the oldest first; those of one person."""
        user = PEOPLE[name] if name else ""
        return [line.deed async for line in self.app.store.audit.all() if user in ("", line.deed.person.user)]

    async def outcomes(self, name: str = "") -> list[str]:
        """The same, in a few words each: "build acme/web:v1 done"."""
        return [" ".join(filter(None, (d.act.name, d.act.target, d.outcome.value))) for d in await self.deeds(name)]

    async def _seen(self, look: Callable[[], T], instead: Callable[[], list[Json]]) -> T:
        try:
            return await self.slack.wait(look, PATIENCE)
        except TimeoutError:
            seen = "\n---\n".join(words(one) for one in instead())
            raise AssertionError(f"it did not come; instead there was:\n{seen}\n{self.log.tail()}") from None

    async def settled(self) -> None:
        """Until the bot has read everything and said all that it can say: what waits for a parked channel goes on."""
        store, end = self.app.store, time.monotonic() + PATIENCE
        while await store.inbox.waiting() or await store.outbox.waiting() > sum(
            lane.waiting for lane in await store.dead.lanes()
        ):
            assert time.monotonic() < end, f"the bot does not come to rest\n{self.log.tail()}"
            await asyncio.sleep(0.02)

    def calls(self, method: str) -> int:
        """How often the bot has called a method of Slack."""
        return sum(call.method == method for call in self.slack.calls)


def _says(message: Json, expected: tuple[str, ...]) -> bool:
    return all(one in words(message) for one in expected)


@asynccontextmanager
async def a_world(database: Path) -> AsyncIterator[World]:
    """A world with everybody in it and the bot asleep."""
    clock = LeapingClock()
    async with neighbours(clock) as (slack, quay), logging_everything() as log:
        tokens = furnish(slack, quay)
        key = secrets.token_urlsafe(32)
        settings = load(_env_file=None, **settings_for(slack, quay, database, key))
        known = [key, slack.bot_token, slack.app_token, slack.signing_secret, *tokens.values()]
        async with aiohttp.ClientSession() as http:
            world = World(settings, slack, quay, http, tokens, log, known, clock)
            try:
                yield world
            finally:
                await world.sleep()


def body_of(event: str, condition: str = "", **changes: object) -> Json:
    """A recorded body with some of its values changed."""
    found: Mapping[str, Any] = json.loads(sample(event, condition))
    return {**found, **changes}
