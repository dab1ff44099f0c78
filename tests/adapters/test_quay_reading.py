"""Reading answers: whatever JSON Quay sends, we get our nouns or one of our errors, and no secret."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.adapters.quay import asks, bodies, reading
from bot.adapters.quay.answers import Answer
from bot.adapters.quay.errors import Sight, translate
from bot.adapters.quay.shapes import BuildShape, LogShape, StatusShape, TriggersShape
from bot.domain.errors import GiveUp, UserError
from bot.domain.events import Phase, Progress
from bot.ports import BuildRequest
from bot.rules.addresses import without_credentials

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4))
BUILD_KEYS = st.sampled_from(sorted(BuildShape.model_fields))
ODD_BUILD = st.dictionaries(BUILD_KEYS, JSON | st.just({"commit_info": 3}) | st.just({"total_commands": 1e400}))
LOG_KEYS = st.sampled_from(["start", "total", "logs", "logs_url"])


def answer(document: Any, status: int = 200) -> Answer:
    return Answer(status, json.dumps(document).encode())


def read_build(document: Any) -> Any:
    return reading.to_build(reading.shaped(answer(document), BuildShape, "quay.example"), "acme/web")


@given(JSON | ODD_BUILD)
def test_any_json_is_a_build_or_given_up(document: Any) -> None:
    with suppress(GiveUp):
        read_build(document)


@given(ODD_BUILD)
@example({"started": "\ud800", "error": "\ud800", "tags": ["\ud800"]})
@example({"started": "Mon, 99 Nov 99999 99:99:99 +9999", "status": {"push_completion": float("nan")}})
@example({"status": {"current_command": 10**400, "push_completion": 10**400}, "trigger": [], "pull_robot": "x"})
def test_odd_optional_keys_never_cost_the_build(document: dict[str, Any]) -> None:
    build = read_build(document | {"id": "b1", "phase": "waiting"})
    assert (build.id, build.phase) == ("b1", Phase.WAITING)
    repr(build).encode()


@given(st.dictionaries(LOG_KEYS, JSON) | JSON, st.integers(0, 9))
def test_any_json_is_a_log_or_given_up(document: Any, start: int) -> None:
    with suppress(GiveUp):
        log = reading.to_log(reading.shaped(answer(document), LogShape, "quay.example"), start)
        assert log.archived or len(log.lines) == len(document["logs"])


@given(JSON | st.fixed_dictionaries({"triggers": JSON}))
def test_any_json_is_triggers_or_given_up(document: Any) -> None:
    with suppress(GiveUp):
        shape = reading.shaped(answer(document), TriggersShape, "quay.example")
        assert all(reading.to_trigger(one).source is not None for one in shape.triggers)


@given(st.binary(max_size=40) | JSON.map(lambda document: json.dumps(document).encode()), st.integers(300, 599))
def test_any_refusal_is_one_of_our_errors_in_one_line(body: bytes, status: int) -> None:
    for ask in (
        asks.whoami(),
        asks.build("a/b", "c"),
        asks.start_trigger("a/b", "c", {}),
        asks.cancel_build("a/b", "c"),
    ):
        for sight in (Sight(), Sight("x", seen=True), Sight(seen=False)):
            error = translate(ask, Answer(status, body), "quay.example", sight)
            assert error.say
            assert "\n" not in error.say
            assert len(str(error)) < 300


@given(JSON.map(lambda old: {"trigger_metadata": old, "trigger": old}) | ODD_BUILD)
def test_any_old_build_is_asked_for_again_or_refused_in_a_sentence(document: dict[str, Any]) -> None:
    old = BuildShape.model_validate(document | {"id": "b1", "phase": "complete"})
    for again in (bodies.same_build, bodies.same_run):
        with suppress(UserError):
            assert again(old)


@given(st.text() | st.sampled_from(["http://", "https://[", "https://h:", "https://h:0", "https://\x00"]))
def test_any_archive_address_is_plain_or_refused(address: str) -> None:
    with suppress(UserError):
        body = bodies.build_request(BuildRequest(address))
        assert body["archive_url"].isascii()
        assert body["archive_url"].startswith(("http://", "https://", "HTTP"))


def test_a_wrong_shape_never_shows_its_values() -> None:
    with pytest.raises(ValidationError) as caught:
        BuildShape.model_validate({"id": "b1", "archive_url": "https://a/?sig=SECRET"})
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Mon, 23 Nov 2026 11:16:10 -0000", datetime(2026, 11, 23, 11, 16, 10, tzinfo=UTC)),
        ("Mon, 23 Nov 2026 13:16:10 +0200", datetime(2026, 11, 23, 11, 16, 10, tzinfo=UTC)),
        ("", None),
        ("yesterday", None),
    ],
)
def test_a_start_is_read_as_utc(text: str, moment: datetime | None) -> None:
    assert reading.to_time(text) == moment


@pytest.mark.parametrize(
    ("status", "phase", "progress"),
    [
        ({}, Phase.WAITING, None),
        ({}, Phase.PUSHING, Progress(pushed=0.0)),
        (
            {"total_commands": 9, "current_command": 3, "push_completion": 0.0},
            Phase.BUILDING,
            Progress(step=3, steps=9),
        ),
        (
            {"total_commands": 9, "current_command": 9, "push_completion": 0.5},
            Phase.PUSHING,
            Progress(step=9, steps=9, pushed=0.5),
        ),
        ({"total_commands": "9", "current_command": -1, "push_completion": 7}, Phase.BUILDING, None),
    ],
)
def test_progress_is_what_the_builder_says(status: dict[str, Any], phase: Phase, progress: Progress | None) -> None:
    assert reading.to_progress(StatusShape.model_validate(status), phase) == progress


def test_phases_of_other_versions_are_unknown() -> None:
    assert reading.to_phase("dreaming") is Phase.UNKNOWN
    assert {reading.to_phase(phase.value) for phase in Phase} == set(Phase)


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("https://user:pa:ss@git.example/acme/web", "https://git.example/acme/web"),
        ("https://token@git.example/acme/web?private_token=x#y", "https://git.example/acme/web"),
        ("https://user:p@ss@git.example/a@b", "https://git.example/a@b"),
        ("ssh://git@git.example/acme/web.git", "ssh://git.example/acme/web.git"),
        ("git@git.example:acme/web.git", "git@git.example:acme/web.git"),
        ("user:pass@git.example:acme/web.git", "git.example:acme/web.git"),
        ("acme/web", "acme/web"),
        ("", ""),
    ],
)
def test_a_source_is_shown_without_credentials(address: str, source: str) -> None:
    assert reading.to_source(address) == source


@given(st.text(alphabet="abc:/@ ", max_size=20), st.text(alphabet="xyz:@", min_size=1, max_size=10))
def test_no_password_survives_in_an_address(before: str, password: str) -> None:
    assert "PASS" not in without_credentials(f"{before} https://me:PASS{password}@git.example/x")
