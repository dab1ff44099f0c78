"""Scans compared with what was known: only what came up in a known image is news."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.quay import QuayRegistry
from bot.domain.events import Severity
from bot.domain.images import Vulnerability
from bot.fakes.quay import FakeQuay
from bot.fakes.quay.images import Finding
from bot.services.upkeep import findings
from bot.services.upkeep.findings import SCANNING, Seen, known_now, known_since, learned, news, scans, unlearned
from tests.fakes.quay_scene import ALL_SCOPES, HandClock

T = datetime(2026, 11, 24, 12, tzinfo=UTC)
WEB = "acme/web"


def found(name: str, severity: str = "High", *, fixed_by: str = "", package: str = "xz") -> Vulnerability:
    return Vulnerability(name, severity, package, fixed_by=fixed_by, link="https://a.example https://b.example")


def test_a_new_name_in_a_known_image_is_one_event_whatever_the_packages() -> None:
    before = {"sha256:a": Seen(("v1",), (found("CVE-1"),))}
    now = {
        "sha256:a": Seen(
            ("v1", "latest"),
            (found("CVE-1"), found("CVE-2", "Important"), found("CVE-2", "Important", fixed_by="2", package="y")),
        )
    }
    (one,) = news(WEB, known_now(before, T), now, T)
    assert (one.vulnerability, one.severity, one.severity_word) == ("CVE-2", Severity.HIGH, "Important")
    assert (one.tags, one.fixable, one.links) == (("v1", "latest"), True, ("https://a.example", "https://b.example"))
    assert (one.repository, one.namespace, one.at, one.recovered) == (WEB, "acme", T, True)


@pytest.mark.parametrize("known", [None, {}, {"images": None}, {"images": {}}, {"images": {"sha256:b": []}}])
def test_what_was_not_known_before_brings_no_news(known: dict[str, object] | None) -> None:
    assert news(WEB, known, {"sha256:a": Seen(("v1",), (found("CVE-1"),))}, T) == []


def test_since_when_it_is_known_is_kept_with_it() -> None:
    assert known_since(known_now({}, T)) == T
    assert known_since(None) is None
    assert known_since({"images": {}}) is None


def test_of_an_image_pushed_since_what_no_other_had_is_told_once_its_first_scan_is_over() -> None:
    before = known_now({"sha256:a": Seen(("v1",), (found("CVE-1"),))}, T)
    since = T + timedelta(minutes=5)
    now = {"sha256:b": Seen(("v2",), (found("CVE-1"), found("CVE-2")), since)}
    assert [one.vulnerability for one in news(WEB, before, now, since + SCANNING)] == ["CVE-2"]
    assert news(WEB, before, now, since + SCANNING - timedelta(seconds=1)) == []
    assert news(WEB, before, now, since + SCANNING, strangers=False) == []
    early = {"sha256:b": replace(now["sha256:b"], since=T - timedelta(seconds=1))}
    assert news(WEB, before, early, since + SCANNING) == []  # it was not scanned yet


def test_what_a_first_scan_found_is_learned_and_nothing_else() -> None:
    before = known_now({"sha256:a": Seen(("v1",), (found("CVE-1"),))}, T)
    after = learned(before, {"sha256:a": (found("CVE-2"),), "sha256:b": (found("CVE-3"), found("CVE-3"))})
    assert after == {"images": {"sha256:a": ["CVE-1"], "sha256:b": ["CVE-3"]}, "at": T.isoformat()}
    assert learned(before, {"sha256:a": (found("CVE-2"),)}) is None
    assert learned(None, {"sha256:b": ()}) is None
    many = learned(before, {f"sha256:{number}": () for number in range(findings.MOST_IMAGES)})
    assert many is not None
    assert "sha256:a" not in many["images"]  # type: ignore[operator] # it is JSON


def test_what_was_missed_is_not_learned_where_it_is_new() -> None:
    old = {"sha256:a": Seen(("v1",), (found("CVE-1"),)), "sha256:b": Seen(("v2",), (found("CVE-2"),))}
    new = {digest: replace(one, findings=(found("CVE-1"), found("CVE-2"))) for digest, one in old.items()}
    known = unlearned(known_now(new, T), known_now(old, T), {"CVE-2"})
    assert known["images"] == {"sha256:a": ["CVE-1"], "sha256:b": ["CVE-1", "CVE-2"]}


NAMES = st.lists(st.sampled_from([f"CVE-{number}" for number in range(9)]), max_size=9)
IMAGES = st.dictionaries(st.sampled_from(["sha256:a", "sha256:b", "sha256:c"]), NAMES)


@given(IMAGES, IMAGES)
def test_what_is_told_once_is_known_then(before: dict[str, list[str]], after: dict[str, list[str]]) -> None:
    old, new = (
        {digest: Seen((digest[-1],), tuple(map(found, names))) for digest, names in images.items()}
        for images in (before, after)
    )
    told = {(one.tags[0], one.vulnerability) for one in news(WEB, known_now(old, T), new, T)}
    both = before.keys() & after.keys()
    assert told == {(digest[-1], name) for digest in both for name in set(after[digest]) - set(before[digest])}
    assert news(WEB, known_now(new, T), new, T) == []


async def test_the_newest_living_tags_are_looked_at_and_an_index_through_one_of_its_images(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(findings, "MOST_TAGS", 4)
    clock = HandClock()
    quay = FakeQuay(clock=clock)
    quay.add_organization("acme", admins=["alice"])
    quay.add_repository(WEB)
    await quay.start()
    registry = QuayRegistry(quay.url, now=clock.now)
    try:
        for number in range(2):
            quay.push(WEB, f"old{number}", findings=[Finding("CVE-0", "High")])
            clock.pass_by(1)
        plain = quay.push(WEB, "v1", "latest", findings=[Finding("CVE-1", "High")])
        clock.pass_by(1)
        quay.push(WEB, "index", architectures=["linux/amd64", "linux/arm64"], findings=[Finding("CVE-2", "Low")])
        quay.push(WEB, "waits", scan="queued")
        seen = await scans(registry.as_token(quay.token("alice", ALL_SCOPES)), WEB)
        assert sorted((sorted(one.tags), [each.name for each in one.findings]) for one in seen.values()) == [
            (["index"], ["CVE-2"]),
            (["latest", "v1"], ["CVE-1"]),
        ]
        assert plain in seen
        monkeypatch.setattr(findings, "MOST_NAMES", 0)
        assert await scans(registry.as_token(quay.token("alice", ALL_SCOPES)), WEB) == {}
    finally:
        await registry.aclose()
        await quay.stop()
