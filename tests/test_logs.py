"""What is logged, in which form, and what never is."""

import base64
import io
import json
import logging
from collections.abc import Callable

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.logs import configure, masked
from tests.house.untouched import untouched_logs

__all__ = ["untouched_logs"]
pytestmark = pytest.mark.usefixtures("untouched_logs")

# Put together, so that nobody's scanner takes them for real ones.
CAPABILITY = "Zm9vYmFyLWZvb2Jhci1mb29iYXItZm9vYmFyLWZvb2Jh"
BOT, APP = "xoxb-" + "1234-5678-abcdefGHIJKL", "xapp-" + "1-A0-1234-abcdef"
# What is said, what of it is kept, and the secret in it.
LEAKS = {
    "a webhook": (f"POST /webhooks/quay/{CAPABILITY} failed", "POST /webhooks/quay/*** failed", CAPABILITY),
    "a bot token": (f"token {BOT} is bad", "token xoxb-*** is bad", BOT),
    "an app token": (f"({APP})", "(xapp-***)", APP),
    "a rotated token": ("xoxe.xoxp-1-abc", "xoxe.***", "xoxp-1-abc"),
    "a bearer": ("Authorization: Bearer abcdefgh12345678", "Authorization: Bearer ***", "abcdefgh12345678"),
    "basic": ("authorization: basic YWxpY2U6cGFzcw==", "authorization: basic ***", "YWxpY2U6cGFzcw"),
    "a query": ("https://x.example/?access_token=abc123&x=1", "https://x.example/?access_token=***&x=1", "abc123"),
    "a form": ("client_secret=s3cr3t password=p4", "client_secret=*** password=***", "s3cr3t"),
    "a socket": ("wss://s.example/link?ticket=1-2-3-4", "wss://s.example/link?ticket=***", "1-2-3-4"),
    "an answer's address": ("https://hooks.slack.com/commands/T1/2/abc", "https://hooks.slack.com/***", "T1/2/abc"),
    "a database": ("postgresql://me:p4ssw0rd@db.example/x", "postgresql://me:***@db.example/x", "p4ssw0rd"),
}
Lines = Callable[[], list[str]]


def logging_to(form: str, level: str = "INFO") -> Lines:
    stream = io.StringIO()
    configure(level=level, form=form, stream=stream)
    return lambda: stream.getvalue().splitlines()


def fresh(name: str = "quaybot.test"):
    """A logger that nobody has used yet: structlog keeps what it made first."""
    return structlog.stdlib.get_logger(name)


@pytest.mark.parametrize("leak", LEAKS)
def test_what_looks_like_a_secret_is_masked(leak: str):
    said, kept, _ = LEAKS[leak]

    assert masked(said) == kept
    assert masked(kept) == kept


@pytest.mark.parametrize("text", ["acme/web:v1 was pushed", "https://quay.example/repository/acme/web", "12:30:01", ""])
def test_what_is_no_secret_stays(text: str):
    assert masked(text) == text


@pytest.mark.parametrize("form", ["text", "json"])
@given(raw=st.binary(min_size=32, max_size=32), before=st.text(), after=st.from_regex(r"([^\w~*-].*)?", fullmatch=True))
def test_a_capability_never_survives(form: str, raw: bytes, before: str, after: str):
    token = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    lines = logging_to(form)

    fresh().info(
        "said", where=f"{before}/webhooks/quay/{token}{after}", many=[f"/webhooks/quay/{token}"], tried=token[:0]
    )

    assert token not in "\n".join(lines())


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("leak", LEAKS)
def test_no_secret_is_in_any_part_of_a_line(form: str, leak: str):
    said, _, secret = LEAKS[leak]
    lines = logging_to(form)

    try:
        raise ValueError(said)
    except ValueError:
        fresh().exception(said, fact=said, list=[said], map={"key": said}, error=ValueError(said))
    logging.getLogger("somebody.else").error("%s", said)
    logging.getLogger("somebody.else").error("said", extra={"fact": said})

    assert len(lines()) >= 3
    assert secret not in "\n".join(lines())


def test_what_is_named_a_secret_is_hidden_whatever_it_looks_like():
    lines = logging_to("json")

    fresh().info(
        "said", access_token="plain", client_secret="plain", Authorization="plain", password=b"plain", tokens=3
    )

    facts = json.loads(lines()[0])
    assert [facts[name] for name in ("access_token", "client_secret", "Authorization", "password")] == ["***"] * 4
    assert facts["tokens"] == 3


def test_json_stays_json_where_something_was_masked():
    lines = logging_to("json")

    fresh().warning("said", url=f'"https://x.example/?token={CAPABILITY}"', header='"Bearer abcdefgh12345678"')

    facts = json.loads(lines()[0])
    assert facts["url"] == '"https://x.example/?token=***"'
    assert facts["header"] == '"Bearer ***"'


def test_a_line_of_json_has_the_facts():
    lines = logging_to("json")

    fresh("bot.test").info("sent", channel="C1", revision=2)

    facts = json.loads(lines()[0])
    assert facts.pop("timestamp").endswith("Z")
    assert facts == {"event": "sent", "channel": "C1", "revision": 2, "level": "info", "logger": "bot.test"}


def test_a_line_for_people_has_the_facts():
    lines = logging_to("text")

    fresh().info("sent", channel="C1")

    assert len(lines()) == 1
    assert "sent" in lines()[0]
    assert "channel=C1" in lines()[0]


def test_a_job_that_is_left_out_because_it_still_runs_is_no_line_but_its_trouble_is():
    lines = logging_to("json", "DEBUG")

    logging.getLogger("apscheduler.scheduler").warning("Execution of job skipped")
    logging.getLogger("apscheduler.executors.default").error("Job raised an exception")

    assert [json.loads(line)["event"] for line in lines()] == ["Job raised an exception"]


def test_libraries_are_logged_in_the_same_form():
    lines = logging_to("json")

    logging.getLogger("some.library").warning("%s things", 3)

    assert json.loads(lines()[0])["event"] == "3 things"


def test_an_exception_is_one_line_of_json_with_its_traceback():
    lines = logging_to("json")

    try:
        raise LookupError("nobody")
    except LookupError:
        fresh().exception("failed")

    assert len(lines()) == 1
    assert "LookupError: nobody" in json.loads(lines()[0])["exception"]


@pytest.mark.parametrize("name", ["httpx", "slack_sdk", "slack_bolt", "apscheduler", "alembic", "aiohttp.access"])
def test_libraries_that_name_addresses_and_payloads_only_warn(name: str):
    lines = logging_to("text", level="DEBUG")

    logging.getLogger(name).info("https://x.example/")
    logging.getLogger(f"{name}.part").debug("body")

    assert lines() == []


def test_nothing_below_the_level_is_said_by_anybody():
    lines = logging_to("text", level="ERROR")

    fresh().warning("no")
    logging.getLogger("slack_sdk").warning("no")

    assert lines() == []


def test_a_terminal_gets_colours_and_a_file_none():
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal, file = Terminal(), io.StringIO()
    for stream in (terminal, file):
        configure(stream=stream)
        fresh().info("said", access_token=CAPABILITY, url=f"/webhooks/quay/{CAPABILITY}")

    assert "\x1b[" in terminal.getvalue()
    assert "\x1b[" not in file.getvalue()
    assert CAPABILITY not in terminal.getvalue() + file.getvalue()
