"""States of the whole server or repository: full, frozen, broken or away, with the exact sentence a person reads."""

import json
from pathlib import Path
from typing import Any

from inline_snapshot import snapshot

from bot.adapters.quay import asks
from bot.adapters.quay.answers import Answer
from bot.adapters.quay.ask import Ask
from bot.adapters.quay.errors import translate
from bot.domain.errors import GiveUp, TryLater

RECORDED = json.loads((Path(__file__).parents[1] / "data" / "quay_client_recorded.json").read_text())
HOST = "quay.example"
BUILD = asks.request_build("acme/web", {"archive_url": "https://a.example/x"})
START = asks.start_trigger("acme/web", "t1", {"commit_sha": "a" * 40})
READ = asks.build("acme/web", "b1")
HTML = "<html><head><title>429 Too Many Requests</title></head></html>"
READONLY = {"errors": [{"code": "DENIED", "is_readonly": True, "message": "System is currently read-only"}]}
QUEUE = {"message": "Maximum queued build rate exceeded."}


def answer(name_or_body: Any, status: int = 0, after: float | None = None) -> Answer:
    recorded = RECORDED.get(name_or_body) if isinstance(name_or_body, str) else None
    body = recorded["answer"] if recorded else name_or_body
    raw = body if isinstance(body, str) else json.dumps(body)
    return Answer(recorded["status"] if recorded else status, raw.encode(), after)


def told(ask: Ask, given: Answer) -> tuple[str, str]:
    error = translate(ask, given, HOST)
    return type(error).__name__, error.say


def test_states_of_the_server_are_told() -> None:
    table = {
        "mirror": told(BUILD, answer("frozen")),
        "read-only": told(BUILD, answer({"message": "Repository is in read only or mirror mode: 1"}, 503)),
        "registry read-only": told(BUILD, answer(READONLY, 405)),
        "wrong method": told(BUILD, answer({"message": "The method is not allowed."}, 405)),
        "queue": told(BUILD, answer(QUEUE, 429)),
        "rate": told(READ, answer(HTML, 429)),
        "crash": told(BUILD, answer("crash")),
        "front, reading": told(READ, answer("<html>", 502)),
        "front, writing": told(BUILD, answer("<html>", 504)),
        "front refuses a write": told(BUILD, answer("<html>", 503)),
        "git service": told(START, answer({"error_type": "downstream_issue"}, 520)),
        "redirect": told(READ, answer("slash")),
        "teapot": told(READ, answer("", 418)),
    }
    assert table == snapshot(
        {
            "mirror": (
                "UserError",
                "acme/web is a mirror, so nothing can be built or changed there. An admin can change that in Quay.",
            ),
            "read-only": (
                "UserError",
                "acme/web is read-only, so nothing can be built or changed there. An admin can change that in Quay.",
            ),
            "registry read-only": (
                "UserError",
                "The whole registry is read-only at the moment. Please try again when its maintenance is over.",
            ),
            "wrong method": (
                "GiveUp",
                "Quay at quay.example answered something that this bot does not understand. Please tell its operator.",
            ),
            "queue": (
                "TryLater",
                "Too many builds of this namespace wait already. Please wait until one has finished and try again.",
            ),
            "rate": ("TryLater", "Quay gets too many requests at the moment. Please try again in a few seconds."),
            "crash": (
                "GiveUp",
                "Quay at quay.example had an error of its own. Please tell its operator if it happens again.",
            ),
            "front, reading": (
                "TryLater",
                "Quay at quay.example is not available at the moment. Please try again in a minute.",
            ),
            "front, writing": (
                "TryLater",
                (
                    "Quay at quay.example did not answer in time after it was asked to start builds, so nobody knows "
                    "whether it did. Please look at the repository's builds before you ask again."
                ),
            ),
            "front refuses a write": (
                "TryLater",
                "Quay at quay.example is not available at the moment. Please try again in a minute.",
            ),
            "git service": (
                "TryLater",
                "Quay could not reach the git service behind this. Please try again in a few minutes.",
            ),
            "redirect": (
                "GiveUp",
                (
                    "Quay at quay.example sends us to another address, which we do not follow. Please tell the "
                    "operator of this bot."
                ),
            ),
            "teapot": (
                "GiveUp",
                "Quay at quay.example answered something that this bot does not understand. Please tell its operator.",
            ),
        }
    )


def test_waiting_times_are_told_to_the_program() -> None:
    def after(given: Answer) -> float:
        error = translate(READ, given, HOST)
        assert isinstance(error, TryLater)
        return error.after

    assert after(answer(HTML, 429)) == 5.0
    assert after(answer(HTML, 429, after=12)) == 12
    assert after(answer(QUEUE, 429)) == 60.0
    assert after(answer("<html>", 503)) == 60.0


def test_an_unknown_cause_is_never_blamed_on_the_person() -> None:
    for status in (418, 500, 501, 599, 302):
        assert isinstance(translate(READ, answer("", status), HOST), GiveUp)
