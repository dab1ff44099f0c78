"""Slack's refusals, by what has to be done next."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.slack.errors import translate
from bot.domain.errors import Barred, Busy, GiveUp, MendToken, Odd, TryLater


@dataclass
class Response:
    data: Any = None
    status_code: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def refusal(error: str, **more: Any) -> Response:
    return Response({"ok": False, "error": error, **more})


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ("channel_not_found", "There is no such channel, or it is private and quaybot is not in it: /invite @quaybot."),
        ("not_in_channel", "quaybot is not in the channel: /invite @quaybot."),
        ("is_archived", "The channel is archived."),
        ("user_not_in_channel", "You are not in the channel."),
        ("message_not_found", "The message was deleted."),
        ("edit_window_closed", "The message is too old to be edited."),
        ("thread_not_found", "The message that it belongs to was deleted."),
        ("msg_too_long", "Slack does not take the message as it is."),
        ("invalid_blocks", "Slack does not take the message as it is."),
        ("expired_trigger_id", "Slack waits three seconds only, and they were over. Please try again."),
        ("exchanged_trigger_id", "That click was already used. Please try again."),
        ("restricted_action_read_only_channel", "The channel is read-only."),
    ],
)
def test_what_waiting_cannot_mend_is_given_up_with_a_sentence(error: str, sentence: str) -> None:
    found = translate("chat.postMessage", refusal(error))
    assert isinstance(found, GiveUp)
    assert found.say == sentence


@pytest.mark.parametrize("error", ["invalid_auth", "not_authed", "token_revoked", "account_inactive", "missing_scope"])
def test_a_token_that_does_not_work_is_the_operators_and_is_surely_not_posted(error: str) -> None:
    found = translate("chat.postMessage", refusal(error))
    assert isinstance(found, TryLater)
    assert (found.after, found.doubtful) == (60.0, False)
    assert f"({error})" in found.say
    assert "operator" in found.say


@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked", "missing_scope"])
def test_a_token_that_does_not_work_is_told_from_an_outage(error: str) -> None:
    assert isinstance(translate("chat.postMessage", refusal(error)), MendToken)
    assert not isinstance(translate("chat.postMessage", refusal("fatal_error")), MendToken)


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        ("channel_not_found", "another one"),
        ("not_in_channel", ""),
        ("is_archived", "Unarchive it"),
        ("restricted_action", "Ask an admin"),
        ("restricted_action_read_only_channel", "Ask an admin"),
        ("restricted_action_thread_only_channel", "Ask an admin"),
    ],
)
def test_what_is_wrong_with_the_channel_whatever_is_said_there_comes_with_advice(error: str, advice: str) -> None:
    found = translate("chat.postMessage", refusal(error))
    assert isinstance(found, Barred)
    assert advice in found.advice
    assert advice or "/invite" in found.say


@pytest.mark.parametrize("error", ["restricted_action_non_threadable_channel", "user_not_found", "invalid_blocks"])
def test_what_is_wrong_with_one_message_bars_no_channel(error: str) -> None:
    assert not isinstance(translate("chat.postMessage", refusal(error)), Barred)


def test_a_rate_limit_names_the_call_that_was_refused() -> None:
    found = translate("chat.update", Response({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "7"}))
    assert isinstance(found, Busy)
    assert found.method == "chat.update"


@pytest.mark.parametrize("error", ["missing_scope", "no_permission"])
def test_only_the_right_to_look_may_be_missing(error: str) -> None:
    assert isinstance(translate("conversations.history", refusal(error)), GiveUp)
    assert isinstance(translate("chat.update", refusal(error)), TryLater)


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
def test_the_right_to_share_files_is_the_operators_and_its_lack_says_how_to_mend_it(method: str) -> None:
    found = translate(method, refusal("missing_scope", needed="files:write"))
    assert isinstance(found, GiveUp)
    assert "`files:write`" in found.say


@pytest.mark.parametrize(
    "response",
    [
        Response({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "7"}),
        Response({"ok": False, "error": "ratelimited"}, 429, {"retry-after": "7"}),
        Response(b"slow down", 429, {"RETRY-AFTER": " 7 "}),
        Response({"ok": False, "error": "rate_limited"}, 200, {"Retry-After": "7"}),
        Response({"ok": False, "error": "message_limit_exceeded"}, 200, {"Retry-After": "7.0"}),
    ],
    ids=["429", "lower case", "no json", "200", "workspace"],
)
def test_a_rate_limit_says_how_long_and_leaves_no_doubt(response: Response) -> None:
    found = translate("chat.postMessage", response)
    assert isinstance(found, TryLater)
    assert (found.after, found.doubtful) == (7.0, False)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("0", 0.0), ("-5", 0.0), ("1e9", 3600.0), ("inf", 3600.0), ("nan", 3600.0), ("soon", 1.0), ("", 1.0), (None, 1.0)],
)
def test_an_odd_retry_after_is_kept_within_reason(value: str | None, seconds: float) -> None:
    headers = {} if value is None else {"Retry-After": value}
    found = translate("chat.postMessage", Response({}, 429, headers))
    assert isinstance(found, TryLater)
    assert found.after == seconds


@pytest.mark.parametrize(
    "response",
    [
        Response({}, 500),
        Response(b"<html>", 502),
        Response("Bad Gateway", 503),
        Response(None, 504),
        refusal("fatal_error"),
        refusal("internal_error"),
        refusal("service_unavailable"),
        refusal("an_error_of_next_year"),
        Response({"ok": False, "error": None}),
        Response(["odd"]),
    ],
)
def test_whatever_is_not_known_may_have_happened(response: Response) -> None:
    found = translate("chat.postMessage", response)
    assert isinstance(found, TryLater)
    assert found.doubtful


@pytest.mark.parametrize(
    ("response", "doubtful"),
    [
        (refusal("an_error_of_next_year"), True),
        (refusal("attachment_payload_limit_exceeded"), True),
        (Response("Forbidden", 403), False),
        (Response({"ok": False, "error": "too_odd"}, 413), False),
    ],
)
def test_what_is_answered_to_one_call_is_that_calls_own_trouble(response: Response, doubtful: bool) -> None:
    found = translate("chat.postMessage", response)
    assert isinstance(found, Odd)
    assert found.doubtful is doubtful


@pytest.mark.parametrize(
    "response",
    [
        refusal("fatal_error"),
        refusal("service_unavailable"),
        Response({}, 500),
        Response({}, 408),
        Response(["odd"]),
        Response({"ok": False, "error": "an_error_of_next_year"}, 503),
        Response({"ok": False, "error": ""}),
    ],
)
def test_the_servers_own_trouble_is_nobodys(response: Response) -> None:
    found = translate("chat.postMessage", response)
    assert isinstance(found, TryLater)
    assert not isinstance(found, Odd)


def test_the_log_learns_the_pointers_and_the_person_does_not() -> None:
    response = refusal("invalid_blocks", response_metadata={"messages": ["[ERROR] at /blocks/0"]})
    found = translate("chat.postMessage", response)
    assert str(found) == "chat.postMessage: invalid_blocks ['[ERROR] at /blocks/0']"
    assert "/blocks/0" not in found.say


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["error", "errors", "response_metadata"]), inner),
    max_leaves=8,
)


@given(JSON, st.integers(100, 599), st.dictionaries(st.just("Retry-After"), st.text()))
def test_no_answer_at_all_breaks_the_translation(data: Any, status: int, headers: dict[str, str]) -> None:
    assert isinstance(translate("chat.postMessage", Response(data, status, headers)), TryLater | GiveUp)
