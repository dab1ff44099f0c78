"""The real program is told to end: it finishes what is in flight, gives back what it holds, and is soon gone."""

import asyncio
import secrets
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot import operator
from bot.adapters.clock import SystemClock
from bot.app import open_database
from bot.domain.people import Account, Person
from bot.fakes.quay import FakeQuay
from bot.fakes.slack import FakeSlack, Fault
from bot.services.outbox import Speaker
from bot.settings import Settings, load
from tests.stories.process import Bot, running
from tests.stories.scenery import DEV, PEOPLE, furnish, neighbours, settings_for
from tests.stories.world import World, body_of
from webhooks.sample import sample

SOON = 12.5  # seconds: everything that is waited for, and a little for a busy machine


@dataclass
class Told:
    """A speaker of which one knows when it was told to stop."""

    speaker: Speaker
    stop: Callable[[], None]

    async def close(self, *, patience: float) -> None:
        await self.speaker.close(patience=patience)


@dataclass
class Site:
    """A Slack, a Quay and a database, and the settings of the bot between them."""

    slack: FakeSlack
    quay: FakeQuay
    database: Path
    settings: Settings
    environment: dict[str, str]
    tokens: dict[str, str]

    async def hook(self) -> str:
        ((_, url),) = await operator.add_hooks(self.settings, "acme/web", ["repo_push"], [DEV])
        return url.rpartition("/")[2]

    async def link(self, name: str) -> None:
        async with AsyncExitStack() as closing_:
            store = await open_database(self.settings, closing_)
            person = Person(self.slack.team, PEOPLE[name])
            await store.accounts.link(Account(person, name, SystemClock().now(), self.tokens[name]))

    def texts(self) -> list[str]:
        return [message["text"] for message in self.slack.messages(DEV)]

    def rows(self, question: str) -> int:
        with closing(sqlite3.connect(self.database)) as connection:
            return int(connection.execute(question).fetchone()[0])


@pytest.fixture
async def site(database: Path) -> AsyncIterator[Site]:
    async with neighbours(SystemClock()) as (slack, quay):
        tokens = furnish(slack, quay)
        given = settings_for(slack, quay, database, secrets.token_urlsafe(32))
        environment = {name.upper(): str(value) for name, value in given.items()} | {"LOG_FORMAT": "json"}
        yield Site(slack, quay, database, load(_env_file=None, **given), environment, tokens)


async def _post(bot: Bot, token: str, tag: str) -> None:
    async with aiohttp.ClientSession() as http:
        where = f"{bot.address}/webhooks/quay/{token}"
        async with http.post(where, json=body_of("repo_push", updated_tags=[tag])) as response:
            assert response.status == 200


async def _ended(bot: Bot) -> float:
    """Tell it to end; it has to end well. How many seconds it took."""
    told = time.monotonic()
    assert await bot.stop() == 0, "\n".join(bot.lines)
    assert [line for line in bot.lines if '"level": "error"' in line or "Traceback" in line] == []
    return time.monotonic() - told


async def test_with_nothing_to_do_it_ends_at_once_and_holds_nothing_any_more(site: Site, tmp_path: Path) -> None:
    async with running(site.environment, tmp_path) as bot:
        assert site.rows("SELECT count(*) FROM leases") == 1
        assert await _ended(bot) < SOON / 2
    assert site.rows("SELECT count(*) FROM leases") == 0
    assert site.rows("SELECT count(*) FROM deliveries WHERE state = 'new' AND lease_until IS NOT NULL") == 0


async def test_with_slack_hanging_it_ends_in_time_and_says_nothing_twice(site: Site, tmp_path: Path) -> None:
    token = await site.hook()
    site.slack.faults = [Fault("chat.postMessage", "timeout")]  # it is posted, but the answer never comes
    async with running(site.environment, tmp_path) as bot:
        await _post(bot, token, "v1")
        await site.slack.wait(lambda: site.slack.messages(DEV))
        assert await _ended(bot) < SOON
    assert site.rows("SELECT count(*) FROM deliveries WHERE state != 'done'") == 0
    assert len(site.texts()) == 1
    # It is written down that a post was tried, so the next life looks for it first.
    assert site.rows("SELECT count(*) FROM outbox WHERE attempted_at IS NOT NULL") == 1


async def test_what_somebody_asked_for_is_answered_although_it_is_told_to_end(site: Site, tmp_path: Path) -> None:
    await site.link("alice")
    site.quay.slow = 1.5
    async with running(site.environment, tmp_path) as bot:
        site.slack.deliver_to = f"{bot.address}/slack/events"
        await site.slack.command(PEOPLE["alice"], DEV, "whoami", "/quay")
        await _ended(bot)
    assert "alice" in site.slack.whispers(PEOPLE["alice"])[-1]["text"]


async def test_a_webhook_that_is_being_stored_is_stored_and_answered(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, begun, go_on = world.app.intake.intake.keep, asyncio.Event(), asyncio.Event()

    async def slowly(*batch: Any) -> list[bool]:
        begun.set()
        await go_on.wait()
        return await keep(*batch)

    monkeypatch.setattr(world.app.intake.intake, "keep", slowly)
    url = await world.hook("repo_push", "acme/web", DEV)
    posting = asyncio.create_task(world.deliver(url, sample("repo_push")))
    await begun.wait()
    ending = asyncio.create_task(world.sleep())
    await asyncio.sleep(0)  # it has begun to end
    go_on.set()
    assert await posting == 200
    await ending
    await world.wake()
    await world.card(DEV, "latest")


async def test_a_message_that_is_claimed_at_the_last_moment_is_still_sent_and_noted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaker, claim = world.app.speaker, world.app.store.outbox.claim
    begun, go_on, stopped = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slowly(*args: Any, **how: Any) -> Any:
        claimed = await claim(*args, **how)
        if claimed:
            begun.set()
            await go_on.wait()
        return claimed

    def stop() -> None:
        stopped.set()
        Speaker.stop(speaker)

    monkeypatch.setattr(world.app.store.outbox, "claim", slowly)
    monkeypatch.setattr(world.app, "speaker", Told(speaker, stop))
    url = await world.hook("repo_push", "acme/web", DEV)
    await world.deliver(url, sample("repo_push"))
    await begun.wait()
    ending = asyncio.create_task(world.sleep())
    await stopped.wait()
    go_on.set()
    await ending
    await world.wake()
    assert await world.app.store.outbox.waiting() == 0
    assert world.calls("chat.postMessage") == len(world.slack.messages(DEV)) == 1
