"""Every sample of a push, a finding, an expiry or a quota reads to exactly this event."""

import pytest
from inline_snapshot import snapshot

from bot.domain.events import Event
from tests.kinds.samples import AT, told
from webhooks.kinds import KINDS
from webhooks.reading import read
from webhooks.sample import conditions, sample


def test_a_push_names_its_tag():
    assert told("repo_push") == snapshot({"type": "Pushed", "repository": "acme/web", "tags": ["latest"]})


def test_the_test_button_of_pushes_is_recognised():
    assert told("repo_push", "test") == snapshot(
        {"type": "Pushed", "repository": "acme/web", "test": True, "tags": ["latest", "foo"]}
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
