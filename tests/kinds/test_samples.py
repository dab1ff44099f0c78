"""Every sample reads to exactly this event."""

from datetime import UTC, datetime
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.domain.events import Event
from webhooks.kinds import KINDS
from webhooks.reading import read
from webhooks.sample import conditions, sample

AT = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def told(kind: str, condition: str = "", *, target: str = "acme/web") -> dict[str, Any]:
    """The event of a sample, without what is the same everywhere and without what has its default."""
    event = read(kind, target, sample(kind, condition), AT)
    assert isinstance(event, Event)
    assert (event.kind, event.namespace, event.at) == (kind, "acme", AT)
    return {"type": type(event).__name__} | event.model_dump(
        mode="json", exclude={"kind", "namespace", "at"}, exclude_defaults=True
    )


def test_a_push_names_its_tag():
    assert told("repo_push") == snapshot({"type": "Pushed", "repository": "acme/web", "tags": ["latest"]})


def test_the_test_button_of_pushes_is_recognised():
    assert told("repo_push", "test") == snapshot(
        {"type": "Pushed", "repository": "acme/web", "test": True, "tags": ["latest", "foo"]}
    )


def test_a_build_asked_for_through_the_api_names_its_requester():
    assert told("build_queued") == snapshot(
        {
            "type": "BuildMoved",
            "repository": "acme/web",
            "build_id": "dbf23442-b521-45b9-9ba3-7d506a2e21c2",
            "phase": "waiting",
            "tags": ["latest", "build-1"],
            "requested_by": "alice",
        }
    )


def test_a_build_started_by_hand_from_a_trigger_names_its_requester_and_commit():
    assert told("build_queued", "trigger") == snapshot(
        {
            "type": "BuildMoved",
            "repository": "acme/web",
            "build_id": "0459b6a2-d28a-4b18-9d9c-23308a8aab82",
            "phase": "waiting",
            "tags": ["aaaaaaa"],
            "trigger": "custom-git",
            "commit": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "requested_by": "alice",
        }
    )


def test_a_build_of_a_git_push_names_the_author_and_not_the_account_of_the_git_host():
    assert told("build_queued", "git_push") == snapshot(
        {
            "type": "BuildMoved",
            "repository": "acme/web",
            "build_id": "16456ca4-4e2c-4a29-ad10-f4853c295f50",
            "phase": "waiting",
            "tags": ["latest", "main"],
            "trigger": "custom-git",
            "ref": "refs/heads/main",
            "commit": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
            "commit_url": "https://git.example.com/c/b",
            "commit_message": "fix it",
            "author": "dev",
        }
    )


def test_the_test_button_of_queued_builds_is_recognised():
    assert told("build_queued", "test") == snapshot(
        {
            "type": "BuildMoved",
            "repository": "acme/web",
            "test": True,
            "build_id": "fake-build-id",
            "phase": "waiting",
            "name": "some-fake-build",
            "tags": ["latest", "foo", "bar"],
            "trigger": "github",
            "ref": "refs/heads/somebranch",
            "commit": "42d4a62c53350993ea41069e9f2cfdefb0df097d",
            "commit_url": "http://path/to/the/commit",
            "commit_message": "Some commit message",
            "author": "fakeauthor",
        }
    )


def test_a_started_build_is_building():
    assert told("build_start") == snapshot(
        {
            "type": "BuildMoved",
            "repository": "acme/web",
            "build_id": "dbf23442-b521-45b9-9ba3-7d506a2e21c2",
            "phase": "building",
            "name": "916b9d1",
            "tags": ["latest", "build-1"],
        }
    )


def test_the_test_button_of_started_builds_is_recognised():
    assert told("build_start", "test") == snapshot(
        {
            "type": "BuildMoved",
            "repository": "acme/web",
            "test": True,
            "build_id": "fake-build-id",
            "phase": "building",
            "name": "some-fake-build",
            "tags": ["latest", "foo", "bar"],
            "trigger": "github",
            "ref": "refs/heads/somebranch",
            "commit": "42d4a62c53350993ea41069e9f2cfdefb0df097d",
        }
    )


def test_a_successful_build_is_complete():
    assert told("build_success") == snapshot(
        {
            "type": "BuildMoved",
            "repository": "acme/web",
            "build_id": "dbf23442-b521-45b9-9ba3-7d506a2e21c2",
            "phase": "complete",
            "name": "916b9d1",
            "tags": ["latest", "build-1"],
        }
    )


def test_the_test_button_of_successful_builds_is_recognised():
    assert told("build_success", "test") == snapshot(
        {
            "type": "BuildMoved",
            "repository": "acme/web",
            "test": True,
            "build_id": "fake-build-id",
            "phase": "complete",
            "name": "some-fake-build",
            "tags": ["latest", "foo", "bar"],
            "trigger": "github",
            "ref": "refs/heads/somebranch",
            "commit": "42d4a62c53350993ea41069e9f2cfdefb0df097d",
        }
    )


def test_a_failed_build_has_no_error_message_in_real_life():
    assert told("build_failure") == snapshot(
        {
            "type": "BuildMoved",
            "repository": "acme/web",
            "build_id": "0459b6a2-d28a-4b18-9d9c-23308a8aab82",
            "phase": "error",
            "name": "aaaaaaa",
            "tags": ["aaaaaaa"],
            "trigger": "custom-git",
            "commit": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        }
    )


def test_the_test_button_of_failed_builds_has_an_error_message():
    assert told("build_failure", "test") == snapshot(
        {
            "type": "BuildMoved",
            "repository": "acme/web",
            "test": True,
            "build_id": "fake-build-id",
            "phase": "error",
            "name": "some-fake-build",
            "tags": ["latest", "foo", "bar"],
            "trigger": "github",
            "ref": "refs/heads/somebranch",
            "commit": "42d4a62c53350993ea41069e9f2cfdefb0df097d",
            "commit_url": "http://path/to/the/commit",
            "commit_message": "Some commit message",
            "author": "fakeauthor",
            "error": "This is a fake error message",
        }
    )


def test_a_cancelled_build_is_cancelled():
    assert told("build_cancelled") == snapshot(
        {
            "type": "BuildMoved",
            "repository": "acme/web",
            "build_id": "2e618f59-4927-44d0-834e-1d4410450a8a",
            "phase": "cancelled",
            "name": "916b9d1",
            "tags": ["latest"],
        }
    )


def test_the_test_button_of_cancelled_builds_is_recognised():
    assert told("build_cancelled", "test") == snapshot(
        {
            "type": "BuildMoved",
            "repository": "acme/web",
            "test": True,
            "build_id": "fake-build-id",
            "phase": "cancelled",
            "name": "some-fake-build",
            "tags": ["latest", "foo", "bar"],
            "trigger": "github",
            "ref": "refs/heads/somebranch",
            "commit": "42d4a62c53350993ea41069e9f2cfdefb0df097d",
        }
    )


def test_a_finding_of_the_scanner_is_read_whole():
    assert told("vulnerability_found") == snapshot(
        {
            "type": "VulnerabilityFound",
            "repository": "acme/web",
            "tags": ["latest", "v2"],
            "vulnerability": "CVE-2024-3094",
            "severity": "Critical",
            "description": "desc CVE-2024-3094",
            "links": ["https://access.redhat.com/security/cve/CVE-2024-3094"],
            "fixable": True,
        }
    )


def test_a_finding_without_a_fix_says_so():
    assert told("vulnerability_found", "low") == snapshot(
        {
            "type": "VulnerabilityFound",
            "repository": "acme/web",
            "tags": ["latest", "v2"],
            "vulnerability": "CVE-2021-0002",
            "severity": "Low",
            "description": "desc CVE-2021-0002",
            "links": ["https://access.redhat.com/security/cve/CVE-2021-0002"],
            "fixable": False,
        }
    )


def test_a_finding_of_a_first_index_keeps_the_vendors_word_and_all_links():
    assert told("vulnerability_found", "first_index") == snapshot(
        {
            "type": "VulnerabilityFound",
            "repository": "acme/web",
            "tags": ["latest"],
            "vulnerability": "5176024",
            "severity": "High",
            "severity_word": "Important",
            "description": "A heap buffer overflow was found in openssl.",
            "links": [
                "https://access.redhat.com/security/cve/CVE-2024-0001",
                "https://nvd.nist.gov/vuln/detail/CVE-2024-0001",
            ],
            "fixable": True,
            "first_index": True,
        }
    )


def test_the_test_button_of_findings_is_recognised():
    assert told("vulnerability_found", "test") == snapshot(
        {
            "type": "VulnerabilityFound",
            "repository": "acme/web",
            "test": True,
            "tags": ["latest", "prod", "foo", "bar", "baz"],
            "vulnerability": "CVE-FAKE-CVE",
            "severity": "Low",
            "description": "A futurist vulnerability",
            "links": ["https://security-tracker.debian.org/tracker/CVE-FAKE-CVE"],
        }
    )


def test_a_mirror_sync_that_started():
    assert told("repo_mirror_sync_started", target="acme/mirrored") == snapshot(
        {
            "type": "MirrorSynced",
            "repository": "acme/mirrored",
            "outcome": "started",
            "message": "'quay.example.com/acme/upstream' with tag pattern '*'",
        }
    )


def test_the_test_button_of_started_syncs_is_recognised():
    assert told("repo_mirror_sync_started", "test") == snapshot(
        {
            "type": "MirrorSynced",
            "repository": "acme/web",
            "test": True,
            "outcome": "started",
            "message": "TEST NOTIFICATION",
        }
    )


def test_a_mirror_sync_that_ended_well():
    assert told("repo_mirror_sync_success", target="acme/mirrored") == snapshot(
        {
            "type": "MirrorSynced",
            "repository": "acme/mirrored",
            "outcome": "success",
            "message": "'quay.example.com/acme/upstream' with tag pattern '*'",
        }
    )


def test_the_test_button_of_successful_syncs_is_recognised():
    assert told("repo_mirror_sync_success", "test") == snapshot(
        {
            "type": "MirrorSynced",
            "repository": "acme/web",
            "test": True,
            "outcome": "success",
            "message": "TEST NOTIFICATION",
        }
    )


def test_a_mirror_sync_that_failed_keeps_the_output_of_the_tool():
    assert told("repo_mirror_sync_failed", target="acme/mirrored") == snapshot(
        {
            "type": "MirrorSynced",
            "repository": "acme/mirrored",
            "outcome": "failed",
            "message": (
                "'quay.example.com/acme/nonexist' with tag pattern '*': ('skopeo list-tags failed: See output', '', "
                '\'time="2026-11-23T11:26:56Z" level=fatal msg="Error listing repository tags: unable to retrieve '
                "auth token: invalid username/password: unauthorized: access to the requested resource is not "
                "authorized\"\\n')"
            ),
        }
    )


def test_the_test_button_of_failed_syncs_is_recognised():
    assert told("repo_mirror_sync_failed", "test") == snapshot(
        {
            "type": "MirrorSynced",
            "repository": "acme/web",
            "test": True,
            "outcome": "failed",
            "message": "TEST NOTIFICATION",
        }
    )


def test_tags_that_expire_are_named_with_the_configured_distance():
    assert told("repo_image_expiry") == snapshot(
        {"type": "TagsExpiring", "repository": "acme/web", "tags": ["newtag", "labelled"], "expiring_in": "5 days"}
    )


def test_the_test_button_of_expiring_tags_is_recognised():
    assert told("repo_image_expiry", "test") == snapshot(
        {
            "type": "TagsExpiring",
            "repository": "acme/web",
            "test": True,
            "tags": ["latest", "v1"],
            "expiring_in": "5 days",
        }
    )


def test_a_quota_warning_lets_pushes_through():
    assert told("quota_warning", target="acme") == snapshot(
        {
            "type": "QuotaCrossed",
            "rejecting": False,
            "threshold_percent": 10.0,
            "usage_percent": 51.0,
            "usage_bytes": 8212,
            "limit_bytes": 16000,
            "usage": "8.02 KB",
            "limit": "15.62 KB",
        }
    )


def test_the_test_button_of_quota_warnings_is_recognised():
    assert told("quota_warning", "test", target="acme") == snapshot(
        {
            "type": "QuotaCrossed",
            "test": True,
            "rejecting": False,
            "threshold_percent": 80.0,
            "usage_percent": 80.0,
            "usage_bytes": 858993459,
            "limit_bytes": 1073741824,
            "usage": "819.20 MB",
            "limit": "1.00 GB",
        }
    )


def test_a_quota_error_refuses_pushes():
    assert told("quota_error", target="acme") == snapshot(
        {
            "type": "QuotaCrossed",
            "rejecting": True,
            "threshold_percent": 95.0,
            "usage_percent": 273.0,
            "usage_bytes": 8212,
            "limit_bytes": 3000,
            "usage": "8.02 KB",
            "limit": "2.93 KB",
        }
    )


def test_the_test_button_of_quota_errors_is_recognised():
    assert told("quota_error", "test", target="acme") == snapshot(
        {
            "type": "QuotaCrossed",
            "test": True,
            "rejecting": True,
            "threshold_percent": 100.0,
            "usage_percent": 105.0,
            "usage_bytes": 1127428915,
            "limit_bytes": 1073741824,
            "usage": "1.05 GB",
            "limit": "1.00 GB",
        }
    )


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_test_button_makes_test_events(kind: str):
    for condition in ("", *conditions(kind)):
        event = read(kind, "", sample(kind, condition), AT)
        assert isinstance(event, Event)
        assert event.test is (condition == "test")
