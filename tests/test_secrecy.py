"""No test in which the bot tells a secret passes, whichever way it takes; and one that tells none does."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CONFTEST = 'pytest_plugins = ["tests.plugins.secrecy"]\n'
TESTS = '''
"""Leaks on purpose, one a test, and what is none."""

import logging
import sys
from datetime import UTC, datetime
from types import SimpleNamespace

import aiohttp
import pytest
import structlog
from aiohttp import web

from bot.adapters import logs
from bot.app import listening, wiring
from bot.fakes.quay import FakeQuay
from bot.fakes.slack import FakeSlack
from bot.settings import load
from tests.stories.process import Bot

log = structlog.stdlib.get_logger("quaybot.test")
CLOCK = SimpleNamespace(now=lambda: datetime(2026, 3, 4, tzinfo=UTC))
CLIENT = "a-client-s3cret-of-the-operator"


@pytest.fixture
def token():
    return FakeQuay(clock=CLOCK).token("alice")


def test_leak_in_a_fact(token):
    log.info("said", about=[f"x{token}x"])


def test_leak_in_a_fact_below_the_level(token):
    log.debug("said", about=token)


def test_leak_of_half_a_token(token):
    log.info("said", start=token[:20])


def test_leak_in_a_traceback(token):
    try:
        raise ValueError(f"no {token}")
    except ValueError:
        log.exception("failed")


def test_leak_by_a_library(token):
    logging.getLogger("some.library").warning("sent %s", token)


def test_leak_in_a_configured_log(token, tmp_path):
    with (tmp_path / "log").open("w") as file:
        logs.configure(stream=file)
        log.warning("said", about=token)
    structlog.reset_defaults()


def test_leak_on_standard_output(token, capsys):
    print("token", token)
    capsys.readouterr()


def test_leak_on_standard_error(token, capsys):
    print("token", token, file=sys.stderr)
    capsys.readouterr()


def test_leak_of_a_setting():
    load(quay_client_secret=CLIENT, _env_file=None)
    log.info("said", about=CLIENT)


def test_leak_of_a_key():
    load(secret_keys="the-old-key-of-16-or-more,the-new-key-of-16-or-more", _env_file=None)
    log.info("said", about="the-new-key-of-16-or-more")


def test_leak_in_a_process(token):
    Bot(None, "", 0.0, lines=[f"said {token}"])


async def said_to_slack(path, **json):
    slack = FakeSlack(clock=CLOCK)
    slack.add_channel("C1", "dev")
    await slack.start()
    try:
        async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {slack.bot_token}"}) as http:
            async with http.post(slack.url.replace("/api/", path), json=json) as response:
                await response.read()
    finally:
        await slack.stop()


async def test_leak_in_a_message(token):
    await said_to_slack("/api/chat.postMessage", channel="C1", text="x", blocks=[{"type": "section", "text": token}])


async def test_leak_through_a_response_url(token):
    await said_to_slack("/response/T0FAKE/nobody", text=token)


async def answer_of_the_site(body):
    async def numbers():
        return body.encode()

    site = wiring.site(wiring.Door(None, None, numbers), None)
    async with listening(site, "127.0.0.1", 0) as address, aiohttp.ClientSession() as http:
        async with http.get(f"{address}/metrics") as response:
            return response.status


async def test_leak_in_the_metrics(token):
    assert await answer_of_the_site(f"tokens 1 # {token}") == 200


async def test_leak_while_cleaning_up(token, request):
    request.addfinalizer(lambda: log.info("over", about=token))


@pytest.mark.shows_secrets("")
def test_leak_without_a_reason(token):
    log.info("said", about=token)


@pytest.mark.shows_secrets("it is about the log itself")
def test_fine_with_a_reason(token):
    log.info("said", about=token)


def test_fine_where_the_mask_of_the_log_hides_it(token):
    log.info("said", access_token=token, header=f"Bearer {token}")


async def test_fine_to_know_one_and_speak_of_something_else(token):
    await said_to_slack("/api/chat.postMessage", channel="C1", text="acme/web was pushed")
    assert await answer_of_the_site("quaybot_dead 0") == 200
    log.info("said", about="acme/web")
'''


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], str]:
    """What became of each of these tests in a run of their own, and all that this run said."""
    folder = tmp_path_factory.mktemp("leaking")
    (folder / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (folder / "test_leaking.py").write_text(TESTS, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nasyncio_mode = auto\n", encoding="utf-8")
    quiet = ["-q", "-rA", "--tb=short", "-p", "no:randomly", "-p", "no:cacheprovider", "--show-capture=no"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *quiet, str(folder)],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=50, check=False,
    )  # fmt: skip
    words = re.findall(r"^(PASSED|FAILED|ERROR) \S+::(\w+)", done.stdout, re.MULTILINE)
    return {name: word for word, name in words}, done.stdout + done.stderr


def test_whoever_leaks_fails_and_nobody_else(outcomes: tuple[dict[str, str], str]):
    words, said = outcomes
    fine = {name for name, word in words.items() if word == "PASSED"}

    assert len(words) == TESTS.count("\ndef test_") + TESTS.count("\nasync def test_"), said
    assert fine == {name for name in words if name.startswith("test_fine")}, said


def test_it_says_where_without_telling_the_secret_once_more(outcomes: tuple[dict[str, str], str]):
    said = outcomes[1]

    assert "a secret of Quay's in said to Slack (chat.postMessage)" in said
    assert "a secret of Quay's in answer of /metrics" in said
    assert "QUAY_CLIENT_SECRET in log" in said
    assert 'about": "***"' in said.replace("******", "***")


def test_a_leak_while_cleaning_up_is_an_error_of_that_test(outcomes: tuple[dict[str, str], str]):
    assert outcomes[0]["test_leak_while_cleaning_up"] == "ERROR"
    assert outcomes[0]["test_leak_in_a_fact"] == "FAILED"
