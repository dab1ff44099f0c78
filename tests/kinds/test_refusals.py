"""What cannot be read is answered with a sentence that helps, and never with a piece of the body."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.domain.events import Event
from webhooks.kinds import KINDS
from webhooks.reading import Unreadable, read
from webhooks.sample import sample

AT = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
LATER_BUILDS = ("build_start", "build_success", "build_failure", "build_cancelled")


def refused(kind: str, body: bytes) -> str:
    """The reason why a body could not be read."""
    answer = read(kind, "acme/web", body, AT)
    assert isinstance(answer, Unreadable), answer
    return answer.reason


def altered(kind: str, **changes: Any) -> bytes:
    """A sample with some keys changed."""
    return json.dumps(json.loads(sample(kind)) | changes).encode()


def test_an_empty_body():
    assert refused("repo_push", b" \n") == snapshot("the body is empty")


def test_a_body_that_is_not_utf_8():
    assert refused("repo_push", b'{"a": "\xff"}') == snapshot("the body is not JSON: it is not UTF-8 text at byte 7")


def test_a_body_that_is_not_json():
    assert refused("repo_push", b'{"repository": secret}') == snapshot(
        "the body is not JSON: Expecting value (line 1, column 16)"
    )


def test_a_form_is_not_json():
    assert refused("repo_push", b"payload=%7B%7D") == snapshot(
        "the body is not JSON: Expecting value (line 1, column 1)"
    )


@pytest.mark.parametrize("body", [b"[]", b"null", b'"text"', b"1", b"NaN"])
def test_json_that_is_not_an_object(body: bytes):
    assert refused("repo_push", body) == snapshot(
        "the body is JSON, but not an object: Quay always sends an object, so this came from elsewhere"
    )


@pytest.mark.parametrize("deep", [b"[" * 200_000, b'{"a":' * 200_000, b"[" * 50_000 + b"]" * 50_000])
def test_a_body_nested_too_deeply(deep: bytes):
    assert refused("repo_push", deep) == snapshot("the body is nested too deeply to be read")


def test_a_number_with_too_many_digits():
    assert refused("quota_error", b'{"usage_bytes": ' + b"9" * 5000 + b"}") == snapshot(
        "the body holds a number with too many digits"
    )


def test_an_event_that_nobody_knows():
    assert refused("repo_pull\ud800" + "x" * 100, b"{}") == snapshot(
        'this version knows no event "repo_pull�xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": '
        "update quaybot, or choose another event in Quay"
    )


def test_a_template_that_leaves_everything_out():
    assert refused("build_start", b'{"hello": "world"}') == snapshot(
        "the body cannot be read as build_start: repository is missing; build_id is missing. If the "
        "notification in Quay has a custom template, remove the template"
    )


def test_a_message_of_the_slack_method():
    body = {"text": "Repository acme/web updated", "username": "quayiobot", "attachments": []}

    assert refused("repo_push", json.dumps(body).encode()) == snapshot(
        "this is a message for Slack: choose the method Webhook POST, not Slack, in Quay's notification settings"
    )


def test_a_push_sent_to_the_url_of_failed_builds():
    assert refused("build_failure", sample("repo_push")) == snapshot(
        "this looks like repo_push, but the URL is for build_failure: check the event in Quay's notification settings"
    )


def test_a_queued_build_sent_to_the_url_of_failed_builds():
    assert refused("build_failure", sample("build_queued")) == snapshot(
        "this looks like build_queued, but the URL is for build_failure: check the event in Quay's "
        "notification settings"
    )


def test_a_failed_build_sent_to_the_url_of_queued_builds():
    assert refused("build_queued", sample("build_failure")) == snapshot(
        "this looks like build_start, build_success, build_failure or build_cancelled, but the URL is "
        "for build_queued: check the event in Quay's notification settings"
    )


def test_a_quota_warning_sent_to_the_url_of_pushes():
    assert refused("repo_push", sample("quota_warning")) == snapshot(
        "this looks like quota_warning or quota_error, but the URL is for repo_push: check the event in "
        "Quay's notification settings"
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("condition", ["", "test"])
@pytest.mark.parametrize("url", KINDS)
def test_every_body_is_read_at_its_own_url_and_refused_at_those_of_other_shapes(kind: str, condition: str, url: str):
    families: tuple[tuple[str, ...], ...] = (
        LATER_BUILDS,
        ("repo_mirror_sync_started", "repo_mirror_sync_success", "repo_mirror_sync_failed"),
        ("quota_warning", "quota_error"),
    )
    alike = kind == url or any(kind in family and url in family for family in families)

    answer = read(url, "acme/web", sample(kind, condition), AT)

    assert isinstance(answer, Event) is alike
    if isinstance(answer, Unreadable):
        assert answer.reason.startswith("this looks like ")
        assert kind in answer.reason
        assert f"the URL is for {url}:" in answer.reason


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("condition", ["", "test"])
def test_a_body_without_its_owner_is_refused(kind: str, condition: str):
    body = json.loads(sample(kind, condition))
    for key in ("repository", "namespace", "name"):
        body.pop(key, None)

    assert "is missing" in refused(kind, json.dumps(body).encode())


def test_wrong_types_are_named_by_their_keys_and_not_by_their_values():
    body = altered("build_start", build_id={"s3cret": 1}, docker_tags=["a", ["s3cret"]], build_name=True)

    assert refused("build_start", body) == snapshot(
        "the body cannot be read as build_start: build_id should be text, but is an object; build_name "
        "should be text, but is true or false"
    )


def test_more_than_three_problems_are_counted():
    body = altered("build_failure", build_id=None, build_name=[], trigger_kind={}, error_message=True)

    assert refused("build_failure", body) == snapshot(
        "the body cannot be read as build_failure: build_id should not be empty; build_name should be text, "
        "but is a list; trigger_kind should be text, but is an object, and 1 more"
    )


@pytest.mark.parametrize("repository", ["web", "/web", "acme/", "", "\0/\0"])
def test_a_repository_is_a_namespace_and_a_name(repository: str):
    assert "repository should" in refused("repo_push", altered("repo_push", repository=repository))


def test_a_repository_name_that_no_index_can_hold_is_refused():
    body = altered("repo_push", repository="acme/" + "x" * 600)

    assert refused("repo_push", body) == snapshot(
        "the body cannot be read as repo_push: repository should have at most 512 characters"
    )


@pytest.mark.parametrize("identity", [None, "", " \0 ", [], True])
def test_a_build_without_an_identity_is_refused(identity: object):
    assert "build_id should" in refused("build_success", altered("build_success", build_id=identity))


def test_a_finding_that_is_no_object_is_refused_in_our_own_words():
    assert refused("vulnerability_found", altered("vulnerability_found", vulnerability="CVE-1")) == snapshot(
        "the body cannot be read as vulnerability_found: vulnerability should be an object"
    )


@pytest.mark.parametrize("vulnerability", [None, {}, [], "CVE-1", {"id": None}, {"id": ""}])
def test_a_finding_without_an_identity_is_refused(vulnerability: object):
    assert "vulnerability" in refused(
        "vulnerability_found", altered("vulnerability_found", vulnerability=vulnerability)
    )


@pytest.mark.parametrize("key", ["threshold_percent", "usage_percent", "limit_bytes"])
def test_a_quota_with_few_numbers_sent_to_the_url_of_pushes_is_told_apart(key: str):
    assert "this looks like quota_warning or quota_error" in refused(
        "repo_push", b'{"namespace": "a", "%s": 1}' % key.encode()
    )


def test_an_unknown_body_of_a_repository_is_no_quota():
    assert refused("quota_error", b'{"repository": "acme/web", "namespace": "acme"}') == snapshot(
        "this looks like an event of a repository, but the URL is for quota_error: check the event in "
        "Quay's notification settings"
    )


def test_of_a_repeated_key_the_last_one_counts():
    body = sample("repo_push").rstrip().removesuffix(b"}") + b', "updated_tags": ["last"]}'

    answer = read("repo_push", "acme/web", body, AT)

    assert getattr(answer, "tags", None) == ("last",)


def test_a_byte_order_mark_is_no_harm():
    assert isinstance(read("repo_push", "acme/web", b"\xef\xbb\xbf" + sample("repo_push"), AT), Event)


@pytest.mark.parametrize(
    ("kind", "target", "note"),
    [
        ("repo_push", "acme/web", ""),
        ("repo_push", "acme/api", "sent to the webhook URL of acme/api"),
        ("quota_error", "acme", ""),
        ("quota_error", "acme/web", ""),
        ("quota_error", "globex", "sent to the webhook URL of globex"),
    ],
)
def test_a_body_of_another_owner_is_read_with_a_note(kind: str, target: str, note: str):
    answer = read(kind, target, sample(kind), AT)

    assert isinstance(answer, Event)
    assert (answer.note, answer.namespace) == (note, "acme")
