"""Every refusal that is known, with the exact sentence a person reads."""

import json
from pathlib import Path
from typing import Any

from inline_snapshot import snapshot

from bot.adapters.quay import asks
from bot.adapters.quay.answers import Answer
from bot.adapters.quay.ask import Ask
from bot.adapters.quay.errors import UNKNOWN, Sight, translate

RECORDED = json.loads((Path(__file__).parents[1] / "data" / "quay_client_recorded.json").read_text())
TOKEN = "t0ken-of-alice-0123456789-0123456789-012"
HOST = "quay.example"

BUILD = asks.request_build("acme/web", {"archive_url": "https://a.example/?sig=SECRET"})
ROBOT = asks.request_build("acme/web", {"archive_url": "https://a.example/x", "pull_robot": "acme+nosuch"})
PERSON = asks.request_build("acme/web", {"archive_url": "https://a.example/x", "pull_robot": "alice"})
START = asks.start_trigger("acme/web", "t1", {"commit_sha": "a" * 40})
READ = asks.build("acme/web", "b1")
LOG = asks.build_log("acme/web", "b1", 0)
CANCEL = asks.cancel_build("acme/web", "b1")
TRIGGERS = asks.triggers("acme/web")
WHOAMI = asks.whoami()

NOBODY = Sight("alice", seen=False)
READER = Sight("alice", seen=True)
WRITER = Sight("bob", seen=True, can_write=True)
ADMIN = Sight("alice", seen=True, can_write=True, can_admin=True)


def answer(name_or_body: Any, status: int = 0, after: float | None = None) -> Answer:
    recorded = RECORDED.get(name_or_body) if isinstance(name_or_body, str) else None
    body = recorded["answer"] if recorded else name_or_body
    raw = body if isinstance(body, str) else json.dumps(body)
    return Answer(recorded["status"] if recorded else status, raw.encode(), after, (TOKEN, *BUILD.secrets))


def told(ask: Ask, given: Answer, sight: Sight = UNKNOWN) -> tuple[str, str]:
    error = translate(ask, given, HOST, sight)
    assert TOKEN not in f"{error!r}{error}{error.say}"
    assert "SECRET" not in f"{error!r}{error}{error.say}"
    return type(error).__name__, error.say


def test_dead_tokens_are_told_by_whatever_shape_they_come_in() -> None:
    table = {
        "read": told(READ, answer("garbage_repo")),
        "write": told(BUILD, answer("dead_write")),
        "who": told(WHOAMI, answer("garbage_user")),
    }
    assert table == snapshot(
        {
            "read": (
                "NotLinked",
                (
                    "Quay does not accept your linked token any more: it was revoked, it has expired or your account "
                    "is disabled. Please run `/quay link` again."
                ),
            ),
            "write": (
                "NotLinked",
                (
                    "Quay does not accept your linked token any more: it was revoked, it has expired or your account "
                    "is disabled. Please run `/quay link` again."
                ),
            ),
            "who": (
                "NotLinked",
                (
                    "Quay does not accept this token: it was revoked, it has expired, or it lacks the scope "
                    "`user:read`. Make a new one with that scope and run `/quay link` again."
                ),
            ),
        }
    )


def test_missing_rights_are_told_by_what_is_seen_of_the_repository() -> None:
    no = answer("no_scope")
    table = {
        "reader builds": told(BUILD, no, READER),
        "reader without user:read": told(BUILD, no, Sight(seen=True)),
        "writer cancels": told(CANCEL, answer("cancel_as_writer"), WRITER),
        "reader reads the log": told(LOG, answer("log_as_reader"), READER),
        "writer lists triggers": told(TRIGGERS, no, WRITER),
        "writer starts a trigger": told(START, no, WRITER),
        "stranger": told(BUILD, no, NOBODY),
        "stranger without user:read": told(BUILD, no, Sight(seen=False)),
        "nobody knows": told(BUILD, no),
        "contradiction": told(BUILD, no, ADMIN),
        "not about a repository": told(WHOAMI, no),
        "a wall in front of Quay": told(BUILD, answer("<html>blocked", 403)),
    }
    assert table == snapshot(
        {
            "reader builds": (
                "Lacking",
                (
                    "You (alice) can read acme/web but need write there to start builds. Either your account lacks "
                    "that role: ask an admin of the repository. Or your linked token lacks the scope `repo:write`: "
                    "make one that has it and run `/quay link` again."
                ),
            ),
            "reader without user:read": (
                "Lacking",
                (
                    "You can read acme/web but need write there to start builds. Either your account lacks that role:"
                    " ask an admin of the repository. Or your linked token lacks the scope `repo:write`: make one "
                    "that has it and run `/quay link` again."
                ),
            ),
            "writer cancels": (
                "Lacking",
                (
                    "You (bob) can write to acme/web but need admin there to cancel builds. Either your account lacks"
                    " that role: ask an admin of the repository. Or your linked token lacks the scope `repo:admin`: "
                    "make one that has it and run `/quay link` again."
                ),
            ),
            "reader reads the log": (
                "Lacking",
                (
                    "You (alice) can read acme/web but need write there to read build logs. Either your account lacks"
                    " that role: ask an admin of the repository. Or your linked token lacks the scope `repo:write`: "
                    "make one that has it and run `/quay link` again."
                ),
            ),
            "writer lists triggers": (
                "Lacking",
                (
                    "You (bob) can write to acme/web but need admin there to see build triggers. Either your account "
                    "lacks that role: ask an admin of the repository. Or your linked token lacks the scope "
                    "`repo:admin`: make one that has it and run `/quay link` again."
                ),
            ),
            "writer starts a trigger": (
                "Lacking",
                (
                    "You (bob) can write to acme/web but need admin there to start builds through triggers. Either "
                    "your account lacks that role: ask an admin of the repository. Or your linked token lacks the "
                    "scope `repo:admin`: make one that has it and run `/quay link` again."
                ),
            ),
            "stranger": (
                "Lacking",
                (
                    "acme/web does not exist, or you (alice) may not see it. Please check the name and that your "
                    "linked token has the scope `repo:read`, or ask the owner for access."
                ),
            ),
            "stranger without user:read": (
                "Lacking",
                (
                    "acme/web does not exist, or you may not see it. Please check the name and that your linked token"
                    " has the scope `repo:read`, or ask the owner for access."
                ),
            ),
            "nobody knows": (
                "Forbidden",
                (
                    "Quay did not let you start builds in acme/web. That takes the role write there and a token with "
                    "the scope `repo:write`: ask an admin of the repository, or run `/quay link` with a better token."
                ),
            ),
            "contradiction": (
                "Forbidden",
                (
                    "Quay did not let you start builds in acme/web. That takes the role write there and a token with "
                    "the scope `repo:write`: ask an admin of the repository, or run `/quay link` with a better token."
                ),
            ),
            "not about a repository": (
                "Forbidden",
                "Quay did not let you read your account. Please check your account in Quay or run `/quay link` again.",
            ),
            "a wall in front of Quay": (
                "GiveUp",
                "Quay at quay.example answered something that this bot does not understand. Please tell its operator.",
            ),
        }
    )


def test_missing_things_are_told_apart() -> None:
    gone = answer("build_missing")
    table = {
        "repository": told(BUILD, answer("no_repo"), NOBODY),
        "repository, unknown": told(BUILD, answer("no_repo")),
        "robot": told(ROBOT, answer("no_robot"), ADMIN),
        "robot, repository gone too": told(ROBOT, answer("no_robot"), NOBODY),
        "a person as robot": told(PERSON, answer("not_a_robot"), ADMIN),
        "a foreign robot": told(ROBOT, answer("not_a_robot"), WRITER),
        "build": told(READ, gone, READER),
        "build to cancel": told(CANCEL, gone, ADMIN),
        "log": told(LOG, answer("log_missing")),
        "trigger": told(START, gone, ADMIN),
        "the call itself": told(BUILD, answer("<html>Not Found", 404)),
        "the call itself, in JSON": told(WHOAMI, gone),
    }
    assert table == snapshot(
        {
            "repository": (
                "Unseen",
                (
                    "acme/web does not exist, or you (alice) may not see it. Please check the name and that your "
                    "linked token has the scope `repo:read`, or ask the owner for access."
                ),
            ),
            "repository, unknown": (
                "Unseen",
                (
                    "acme/web does not exist, or you may not see it. Please check the name and that your linked token"
                    " has the scope `repo:read`, or ask the owner for access."
                ),
            ),
            "robot": (
                "UserError",
                "There is no robot account “acme+nosuch”. Please check its full name (namespace+robot).",
            ),
            "robot, repository gone too": (
                "Unseen",
                (
                    "acme/web does not exist, or you (alice) may not see it. Please check the name and that your "
                    "linked token has the scope `repo:read`, or ask the owner for access."
                ),
            ),
            "a person as robot": (
                "UserError",
                "“alice” is not a robot account: write its full name as namespace+robot.",
            ),
            "a foreign robot": ("UserError", "You may not use the robot acme+nosuch: that takes an admin of acme."),
            "build": ("UserError", "There is no build b1 in acme/web."),
            "build to cancel": ("UserError", "There is no build b1 in acme/web."),
            "log": ("UserError", "There is no build b1 in acme/web."),
            "trigger": ("UserError", "There is no build trigger t1 in acme/web."),
            "the call itself": (
                "GiveUp",
                "Quay at quay.example does not know this call: builds may be switched off there, or QUAY_URL is wrong.",
            ),
            "the call itself, in JSON": (
                "GiveUp",
                "Quay at quay.example does not know this call: builds may be switched off there, or QUAY_URL is wrong.",
            ),
        }
    )


def test_refused_values_are_told_without_dumps() -> None:
    table = {
        "schema dump": told(BUILD, answer("bad_tags")),
        "address": told(BUILD, answer("ftp")),
        "file": told(BUILD, answer({"detail": "File nope could not be found or is invalid"}, 400)),
        "inactive": told(START, answer("inactive")),
        "disabled": told(START, answer("disabled")),
        "no commit": told(START, answer("no_sha")),
        "broken trigger": told(START, answer("crashed_start")),
        "cancel too late": told(CANCEL, answer("cancel_again")),
        "anything else": told(BUILD, answer({"message": "Sorry,  no " + "x" * 300}, 400)),
        "without a word": told(BUILD, answer("", 400)),
        "echo of the address": told(BUILD, answer({"detail": f"bad {BUILD.secrets[0]} {TOKEN}"}, 400)),
    }
    assert table == snapshot(
        {
            "schema dump": (
                "UserError",
                "Quay did not accept the values of this request. Please check tags, paths and addresses and try again.",
            ),
            "address": (
                "UserError",
                (
                    "The archive address must be a complete http or https address in plain ASCII, for example "
                    "https://example.com/app.tar.gz."
                ),
            ),
            "file": (
                "UserError",
                "Quay does not have the uploaded file of that build any more. Please start a new build in Quay.",
            ),
            "inactive": ("UserError", "This build trigger is not active yet. Please finish its set-up in Quay first."),
            "disabled": (
                "UserError",
                "This build trigger is switched off. `/quay triggers` shows it, and switches it on.",
            ),
            "no commit": (
                "UserError",
                "This build trigger builds commits: name one by its SHA (at least 7 hex digits).",
            ),
            "broken trigger": (
                "GiveUp",
                (
                    "Quay crashed while it started this build trigger. Its set-up is probably incomplete: delete the "
                    "trigger in Quay and set it up again."
                ),
            ),
            "cancel too late": (
                "UserError",
                "This build cannot be cancelled any more: it is already running or has finished.",
            ),
            "anything else": (
                "UserError",
                (
                    "Quay refused: Sorry, no xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                    "xxxxxxxxxxxxxxxxxxxxx…"
                ),
            ),
            "without a word": (
                "UserError",
                "Quay did not accept the values of this request. Please check tags, paths and addresses and try again.",
            ),
            "echo of the address": ("UserError", "Quay refused: bad (hidden) (hidden)"),
        }
    )


def test_the_detail_for_the_log_is_short_and_names_the_call() -> None:
    error = translate(BUILD, answer("bad_tags"), HOST)
    assert str(error).startswith("POST /api/v1/repository/acme/web/build/: 400 {")
    assert len(str(error)) < 260
