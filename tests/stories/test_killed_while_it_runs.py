"""The bot is killed while something runs that others have agreed to: it is not done twice, and everybody is told."""

import asyncio
import secrets
import sqlite3
from contextlib import AsyncExitStack, closing
from pathlib import Path

import pytest
from aiohttp import web

from bot.adapters.clock import SystemClock
from bot.app import open_database
from bot.domain.people import Account, Person
from bot.fakes.quay import FakeQuay
from bot.fakes.quay.identities import Session
from bot.fakes.slack import FakeSlack
from bot.settings import load
from tests.stories.council import GROUP, ONE, PROD
from tests.stories.process import Bot, running
from tests.stories.reading import Json, words
from tests.stories.scenery import DEV, PEOPLE, furnish, neighbours, settings_for

ALICE, BOB = PEOPLE["alice"], PEOPLE["bob"]


def _hangs(quay: FakeQuay, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Quay never answers the first request for a build, which it has begun. Set as soon as it came."""
    came, answer = asyncio.Event(), quay._answer

    async def hanging(request: web.Request, session: Session) -> web.Response:
        if request.method != "POST" or not request.path.endswith("/build/") or came.is_set():
            return await answer(request, session)
        await answer(request, session)
        came.set()
        await asyncio.sleep(60)
        raise AssertionError("nobody waited for it")

    monkeypatch.setattr(quay, "_answer", hanging)
    return came


async def _asked(slack: FakeSlack, bot: Bot) -> Json:
    """Alice has asked, over the bot that runs now; the card."""
    slack.deliver_to = f"{bot.address}/slack/events"
    await slack.command(ALICE, DEV, PROD.removeprefix("/quay "))
    found = await slack.wait(lambda: [one for one in slack.messages(DEV) if "Approval needed" in words(one)], 15)
    return found[0]


def _ten_minutes_pass(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT stage FROM approvals").fetchall() == [("running",)]
        (at,) = connection.execute("SELECT moved_at FROM approvals").fetchone()
        connection.execute("UPDATE approvals SET moved_at = ?", (_earlier(at),))
        connection.commit()


def _earlier(at: int | str) -> int | str:
    return at - 11 * 60 * 1_000_000 if isinstance(at, int) else at.replace(at[:4], "2020", 1)


def _outcomes(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as connection:
        return [outcome for (outcome,) in connection.execute("SELECT outcome FROM audit ORDER BY number")]


async def test_killed_while_it_runs_it_is_not_run_again_and_its_fate_is_said_to_be_open(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text(ONE)
    async with neighbours(SystemClock()) as (slack, quay):
        tokens = furnish(slack, quay)
        slack.add_group(GROUP, [BOB])
        given = settings_for(slack, quay, database, secrets.token_urlsafe(32)) | {"policy_file": str(policy)}
        environment = {name.upper(): str(value) for name, value in given.items()} | {"LOG_FORMAT": "json"}
        async with AsyncExitStack() as closing_:
            store = await open_database(load(_env_file=None, **given), closing_)
            for name in ("alice", "bob"):
                person = Person(slack.team, PEOPLE[name])
                await store.accounts.link(Account(person, name, SystemClock().now(), tokens[name]))
        came = _hangs(quay, monkeypatch)
        async with running(environment, tmp_path) as bot:
            shown = await _asked(slack, bot)
            await slack.click(BOB, DEV, shown["ts"], "approval_approve")
            async with asyncio.timeout(15):
                await came.wait()
            await bot.kill()
        _ten_minutes_pass(database)
        async with running(environment, tmp_path):
            await slack.wait(lambda: any("I was stopped while it ran" in words(one) for one in slack.messages(DEV)), 20)
            told = await slack.wait(lambda: [one for one in slack.messages(ALICE) if "was not done" in words(one)], 15)
            assert "Look before you ask again" in words(told[0])
        assert len(quay.builds) == 1
        assert _outcomes(database) == ["tried", "asked", "approved", "tried", "failed"]
