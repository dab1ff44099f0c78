"""Small deviations of a body are read for what they mean."""

import json
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest

from bot.domain.events import (
    BuildMoved,
    Event,
    MirrorSynced,
    Pushed,
    QuotaCrossed,
    Severity,
    TagsExpiring,
    VulnerabilityFound,
)
from webhooks.kinds import KINDS
from webhooks.reading import read
from webhooks.sample import sample

AT = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
E = TypeVar("E", bound=Event)
GONE = object()


def changed(expected: type[E], kind: str, condition: str = "", **changes: Any) -> E:
    """The event of a sample with some keys changed, or removed with GONE."""
    body = json.loads(sample(kind, condition)) | changes
    body = {key: value for key, value in body.items() if value is not GONE}
    event = read(kind, "", json.dumps(body).encode(), AT)
    assert isinstance(event, expected), event
    return event


def finding(**changes: Any) -> VulnerabilityFound:
    """The sample finding with some keys of its vulnerability changed, or removed with GONE."""
    vulnerability = json.loads(sample("vulnerability_found"))["vulnerability"] | changes
    vulnerability = {key: value for key, value in vulnerability.items() if value is not GONE}
    return changed(VulnerabilityFound, "vulnerability_found", vulnerability=vulnerability)


@pytest.mark.parametrize("kind", KINDS)
def test_keys_of_a_newer_quay_are_ignored(kind: str):
    plain = changed(Event, kind)

    assert changed(Event, kind, digest="sha256:1", performer={"name": "alice"}) == plain


@pytest.mark.parametrize("missing", [GONE, None])
def test_namespace_and_name_make_up_for_a_missing_repository(missing: object):
    assert changed(Pushed, "repo_push", repository=missing).repository == "acme/web"


def test_the_repository_alone_is_enough():
    event = changed(Pushed, "repo_push", namespace=GONE, name=GONE, docker_url=GONE, homepage=GONE)

    assert (event.namespace, event.repository) == ("acme", "acme/web")


def test_a_repository_name_may_hold_more_slashes():
    event = changed(Pushed, "repo_push", repository="acme/team/web")

    assert (event.namespace, event.repository) == ("acme", "acme/team/web")


@pytest.mark.parametrize(
    ("sent", "tags"),
    [
        (["v1", "v2"], ("v1", "v2")),  # a push over the old protocol
        ([], ()),
        (None, ()),
        ("latest", ("latest",)),
        (["latest", "latest", "", None], ("latest",)),
        ([7, 8.0], ("7", "8")),
        ([1, 2.5, None, True, {}, ["v1"], "v1"], ("1", "2.5", "v1")),  # one odd item does not lose the others
        ({"v1": 1}, ()),
    ],
)
def test_tags_may_be_many_none_one_text_or_numbers(sent: object, tags: tuple[str, ...]):
    assert changed(Pushed, "repo_push", updated_tags=sent).tags == tags


def test_a_push_of_latest_and_foo_is_real_when_no_pruned_images_are_counted():
    assert not changed(Pushed, "repo_push", updated_tags=["latest", "foo"]).test


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.startswith("build_")])
@pytest.mark.parametrize("nothing", [None, GONE, {}, [], "text"])
def test_a_build_without_trigger_metadata_is_read_without_a_commit(kind: str, nothing: object):
    event = changed(BuildMoved, kind, "test", trigger_metadata=nothing, docker_tags=None)

    assert (event.ref, event.commit, event.author, event.tags) == ("", "", "", ())


@pytest.mark.parametrize("date", [1795432361.0, "2024-05-01T10:00:00Z", None, {}])
def test_the_date_of_a_commit_may_be_anything(date: object):
    event = changed(BuildMoved, "build_start", trigger_metadata={"commit": "b", "commit_info": {"date": date}})

    assert event.commit == "b"


@pytest.mark.parametrize(
    ("author", "name"), [({"username": "dev"}, "dev"), ("dev", "dev"), (None, ""), ({}, ""), ({"username": []}, "")]
)
def test_the_author_may_be_an_object_a_text_or_missing(author: object, name: str):
    event = changed(BuildMoved, "build_start", trigger_metadata={"commit_info": {"author": author}})

    assert event.author == name


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ssh://git@host/x", "https://a b", "https://a|b>", 5, None])
def test_a_commit_address_that_cannot_be_linked_to_is_left_out(url: object):
    event = changed(BuildMoved, "build_start", trigger_metadata={"commit_info": {"url": url, "message": "m"}})

    assert (event.commit_url, event.commit_message) == ("", "m")


def test_a_git_push_without_an_author_names_the_account_of_the_git_host():
    event = changed(BuildMoved, "build_queued", "git_push", trigger_metadata={"commit": "b"})

    assert event.requested_by == "alice"


def test_a_manual_build_names_its_requester_beside_the_author():
    event = changed(BuildMoved, "build_queued", "git_push", is_manual=True)

    assert (event.requested_by, event.author) == ("alice", "dev")


@pytest.mark.parametrize(
    ("word", "severity", "kept"),
    [
        ("Critical", Severity.CRITICAL, ""),
        ("CRITICAL", Severity.CRITICAL, ""),
        (" high ", Severity.HIGH, ""),
        ("Important", Severity.HIGH, "Important"),
        ("important", Severity.HIGH, "important"),
        ("Moderate", Severity.MEDIUM, "Moderate"),
        ("medium", Severity.MEDIUM, ""),
        ("low", Severity.LOW, ""),
        ("Minor", Severity.LOW, "Minor"),
        ("Negligible", Severity.NEGLIGIBLE, ""),
        ("unimportant", Severity.NEGLIGIBLE, "unimportant"),
        ("Unknown", Severity.UNKNOWN, ""),
        ("Defcon1", Severity.UNKNOWN, "Defcon1"),
        ("", Severity.UNKNOWN, ""),
        (None, Severity.UNKNOWN, ""),
        (GONE, Severity.UNKNOWN, ""),
    ],
)
def test_severities_are_read_in_any_case_and_in_the_vendors_words(word: object, severity: Severity, kept: str):
    event = finding(priority=word)

    assert (event.severity, event.severity_word) == (severity, kept)


@pytest.mark.parametrize(("sent", "fixable"), [(True, True), (False, False), (None, None), (GONE, None)])
def test_whether_there_is_a_fix_may_be_unknown(sent: object, fixable: bool | None):
    assert finding(has_fix=sent).fixable is fixable


def test_links_are_separated_by_blanks_and_named_once():
    links = finding(link="https://a.example/1  ftp://b.example\nhttps://c.example https://a.example/1").links

    assert links == ("https://a.example/1", "https://c.example")


def test_the_scanners_internal_number_may_be_a_number():
    assert finding(id=5176024).vulnerability == "5176024"


@pytest.mark.parametrize(("sent", "first"), [("true", True), (True, True), ("false", False), (None, False), (1, False)])
def test_a_first_index_says_so_with_the_text_true(sent: object, first: bool):
    event = changed(VulnerabilityFound, "vulnerability_found", vulnerable_index_report_created=sent)

    assert event.first_index is first


@pytest.mark.parametrize("sent", [["a", {"b": 1}, True, 2.5], "a"])
def test_odd_items_among_the_tags_of_builds_and_findings_lose_nothing(sent: object):
    tags = ("a", "2.5") if isinstance(sent, list) else ("a",)

    assert changed(BuildMoved, "build_start", docker_tags=sent).tags == tags
    assert changed(VulnerabilityFound, "vulnerability_found", tags=sent).tags == tags
    assert changed(TagsExpiring, "repo_image_expiry", tags=sent).tags == tags


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (["a", None, "b", 3, {}], "a\nb\n3"),
        (5, "5"),
        (2.5, "2.5"),
        (None, ""),
        (GONE, ""),
        ({"a": "b"}, ""),
        (True, ""),
    ],
)
def test_the_message_of_a_mirror_may_be_a_list_or_a_number(sent: object, message: str):
    assert changed(MirrorSynced, "repo_mirror_sync_failed", message=sent).message == message


def test_a_mirror_body_without_a_message_still_tells_its_outcome():
    assert changed(MirrorSynced, "repo_mirror_sync_failed", message=None).outcome == "failed"


def test_a_distance_that_nobody_configured_is_left_out():
    assert changed(TagsExpiring, "repo_image_expiry", expiring_in="None days").expiring_in == ""


def test_expiring_tags_with_the_tests_names_are_real_when_the_notification_is_named():
    assert not changed(TagsExpiring, "repo_image_expiry", tags=["latest", "v1"]).test


def test_quota_numbers_may_be_floats():
    event = changed(QuotaCrossed, "quota_warning", usage_bytes=8212.0, limit_bytes=16000.4, usage_percent=51.3)

    assert (event.usage_bytes, event.limit_bytes, event.usage_percent) == (8212, 16000, 51.3)


def test_quota_numbers_may_be_texts():
    event = changed(
        QuotaCrossed,
        "quota_error",
        threshold_percent="95",
        usage_percent=" 96.5 % ",
        usage_bytes="8212",
        limit_bytes="9000.0",
    )

    assert (event.threshold_percent, event.usage_percent) == (95, 96.5)
    assert (event.usage_bytes, event.limit_bytes) == (8212, 9000)


QUOTA_NUMBERS = ("threshold_percent", "usage_percent", "usage_bytes", "limit_bytes")
NO_NUMBERS = [
    None, GONE, "", "many", "(none)", "nan", "1e999", "-1", "9" * 40, [], {}, True,
    10**400, 2**63, -1, float("inf"), float("nan"), 1e300,
]  # fmt: skip


@pytest.mark.parametrize("nothing", NO_NUMBERS, ids=lambda value: repr(value)[:16])
@pytest.mark.parametrize("key", QUOTA_NUMBERS)
def test_a_quota_number_that_is_none_is_unknown_and_not_zero(key: str, nothing: object):
    event = changed(QuotaCrossed, "quota_warning", **{key: nothing})

    assert [name for name in QUOTA_NUMBERS if getattr(event, name) is None] == [key]


@pytest.mark.parametrize("kind", ["quota_warning", "quota_error"])
def test_of_a_quota_only_the_namespace_is_needed(kind: str):
    event = read(kind, "acme", b'{"namespace": "acme", "usage_bytes_formatted": [], "limit_bytes_formatted": null}', AT)

    assert isinstance(event, QuotaCrossed)
    assert (event.namespace, event.usage, event.limit, event.test) == ("acme", "", "", False)
    assert [getattr(event, key) for key in QUOTA_NUMBERS] == [None] * 4


def test_the_tests_quota_numbers_of_the_other_event_are_real():
    body = sample("quota_error", "test")

    event = read("quota_warning", "acme", body, AT)

    assert isinstance(event, QuotaCrossed)
    assert not event.test


def test_nul_and_lone_surrogates_are_taken_out_of_texts():
    event = finding(description="a\0b\ud800c\U0001f600")

    assert event.description == "ab\ufffdc\U0001f600"
