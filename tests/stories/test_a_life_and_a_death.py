"""The real program is started, killed in the worst moments and started again; every message is shown exactly once."""

import asyncio
import random
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot import operator
from bot.adapters.clock import SystemClock
from bot.fakes.quay import FakeQuay
from bot.fakes.slack import FakeSlack, Fault
from bot.settings import Settings, load
from tests.stories.process import Bot, running
from tests.stories.scenery import DEV, furnish, neighbours, settings_for
from tests.stories.world import body_of


class Site:
    """A Slack, a Quay, and a database on which one bot after the other lives."""

    def __init__(self, slack: FakeSlack, quay: FakeQuay, database: Path) -> None:
        self.slack, self.database = slack, database
        self._given = settings_for(slack, quay, database, secrets.token_urlsafe(32))
        self.environment = {name.upper(): str(value) for name, value in self._given.items()} | {"LOG_FORMAT": "json"}

    @property
    def settings(self) -> Settings:
        return load(_env_file=None, **self._given)

    async def hook(self) -> str:
        ((_, url),) = await operator.add_hooks(self.settings, "acme/web", ["repo_push"], [DEV])
        return url.rpartition("/")[2]


async def _post(bot: Bot, token: str, tag: str) -> None:
    async with aiohttp.ClientSession() as http:
        where = f"{bot.address}/webhooks/quay/{token}"
        async with http.post(where, json=body_of("repo_push", updated_tags=[tag])) as response:
            assert response.status == 200


async def _until_all_is_said(bot: Bot) -> None:
    async with asyncio.timeout(30), aiohttp.ClientSession() as http:
        while True:
            async with http.get(f"{bot.address}/readyz") as response:
                found = await response.json()
            if not found["messages_waiting"] and not found["deliveries_waiting"]:
                return
            await asyncio.sleep(0.02)


def _texts(slack: FakeSlack) -> list[str]:
    return sorted(message["text"] for message in slack.messages(DEV))


@pytest.fixture
async def site(database: Path) -> AsyncIterator[Site]:
    async with neighbours(SystemClock()) as (slack, quay):
        furnish(slack, quay)
        yield Site(slack, quay, database)


async def test_it_starts_quickly_and_ends_cleanly(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with running(site.environment, tmp_path) as bot:
        with capsys.disabled():
            print(f"\n/healthz answered {bot.startup:.2f} s after the start")  # noqa: T201
        assert bot.startup < 20  # about a second and a half on a machine that has nothing else to do
        assert await bot.stop() == 0
    assert [line for line in bot.lines if '"level": "error"' in line or "Traceback" in line] == []


async def test_what_was_said_to_it_is_shown_although_it_is_told_to_stop(site: Site, tmp_path: Path) -> None:
    token = await site.hook()
    async with running(site.environment, tmp_path) as bot:
        await _post(bot, token, "v1")
        assert await bot.stop() == 0
    async with running(site.environment, tmp_path) as bot:
        await _until_all_is_said(bot)
    assert _texts(site.slack) == ["Pushed acme/web:v1."]


@pytest.mark.parametrize("seed", [1, 2])
async def test_killed_right_after_its_200_it_shows_everything_once(site: Site, tmp_path: Path, seed: int) -> None:
    chance, token, tags = random.Random(seed), await site.hook(), ["v1", "v2"]
    for tag in tags:
        async with running(site.environment, tmp_path) as bot:
            await _post(bot, token, tag)
            await asyncio.sleep(chance.choice((0, 0.002, 0.005, 0.01, 0.02, 0.04)))
            await bot.kill()
    async with running(site.environment, tmp_path) as bot:
        await _until_all_is_said(bot)
        assert _texts(site.slack) == ["2 tags pushed to acme/web: v1, v2."]


@pytest.mark.parametrize("kind", ["timeout", "reset_after"])
async def test_killed_between_slacks_deed_and_its_own_note_of_it(site: Site, tmp_path: Path, kind: str) -> None:
    token = await site.hook()
    site.slack.faults = [Fault("chat.postMessage", kind, times=2)]
    async with running(site.environment, tmp_path) as bot:
        await _post(bot, token, "v1")
        await site.slack.wait(lambda: site.slack.messages(DEV))
        await bot.kill()
    site.slack.faults = []
    async with running(site.environment, tmp_path) as bot:
        await _until_all_is_said(bot)
    assert _texts(site.slack) == ["Pushed acme/web:v1."]
    assert sum(call.method == "chat.postMessage" for call in site.slack.calls) == 1


async def test_nothing_secret_is_in_the_log_of_the_real_program(site: Site, tmp_path: Path) -> None:
    token = await site.hook()
    async with running(site.environment, tmp_path) as bot:
        await _post(bot, token, "v1")
        await _until_all_is_said(bot)
        assert await bot.stop() == 0
    hidden = [token, site.slack.bot_token, site.slack.signing_secret, str(site.environment["SECRET_KEYS"])]
    assert [secret for secret in hidden if secret in "\n".join(bot.lines)] == []
