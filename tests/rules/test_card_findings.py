"""Which findings share a card, and what it counts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.events import Severity
from bot.rules.cards.vulnerabilities import (
    MOST_FINDINGS,
    MOST_REPOSITORIES,
    WAVE,
    belongs,
    final,
    fold,
    items,
    names,
    room,
    weight,
)
from tests.rules.findings import found, told

BY_REPOSITORY = "vulnerability:repo:acme/api"


def test_a_finding_is_looked_for_by_repository_then_by_name_then_by_time() -> None:
    assert names(found()) == (BY_REPOSITORY, "vulnerability:cve:CVE-2026-1", WAVE)


def test_a_finding_with_the_scanners_own_number_is_looked_for_under_the_name_that_people_know() -> None:
    event = found(vulnerability="4711", links=("https://nvd.example/CVE-2026-0009",))
    assert names(event)[1] == "vulnerability:cve:CVE-2026-0009"
    assert items(event)[0].data["vulnerability"] == "CVE-2026-0009"


@settings(deadline=None)
@given(st.text(max_size=600), st.text(max_size=600))
def test_names_are_short_whatever_they_name(repository: str, vulnerability: str) -> None:
    assert all(len(name) <= 200 for name in names(found(repository=repository, vulnerability=vulnerability)))


@pytest.mark.parametrize(
    ("name", "second", "same"),
    [
        (BY_REPOSITORY, 600, True),
        (BY_REPOSITORY, 601, False),
        (BY_REPOSITORY, -600, True),
        (BY_REPOSITORY, -601, False),
        ("vulnerability:cve:CVE-2026-1", 600, True),
        ("vulnerability:cve:CVE-2026-1", 601, False),
        (WAVE, 30, True),
        (WAVE, 31, False),
        (WAVE, -30, True),
        (WAVE, -31, False),
    ],
)
def test_how_long_a_card_waits_for_the_next_finding(name: str, second: float, same: bool) -> None:
    assert belongs(told(found()), found(second), name) is same


@pytest.mark.parametrize(("second", "same"), [(3600, True), (3601, False)])
def test_a_card_takes_findings_for_an_hour(second: float, same: bool) -> None:
    card = told(*(found(minute * 60, vulnerability=f"CVE-{minute}") for minute in range(0, 60, 5)))
    assert belongs(card, found(second), BY_REPOSITORY)
    assert room(card, found(second)) is same


def test_a_card_takes_no_more_repositories_than_it_can_count() -> None:
    card = told(*(found(repository=f"acme/{number}") for number in range(MOST_REPOSITORIES)))
    assert room(card, found(repository="acme/7"))
    assert not room(card, found(repository="acme/new"))


@pytest.mark.parametrize(
    ("second", "severity", "same"),
    [
        (299, Severity.CRITICAL, True),
        (300, Severity.CRITICAL, False),
        (300, Severity.HIGH, True),
        (500, Severity.LOW, True),
    ],
)
def test_what_is_worse_than_all_that_people_have_seen_is_said_anew(
    second: float, severity: Severity, same: bool
) -> None:
    card = told(found(), found(vulnerability="CVE-2026-2", severity=Severity.LOW))
    assert room(card, found(second, vulnerability="CVE-2026-3", severity=severity)) is same


def test_a_full_card_takes_no_more_findings() -> None:
    full = told(found()).model_copy(update={"counts": (0, MOST_FINDINGS, 0, 0, 0, 0)})
    assert not room(full, found(1))
    assert room(full.model_copy(update={"counts": (0, MOST_FINDINGS - 1, 0, 0, 0, 0)}), found(1))


def test_a_copy_of_a_finding_changes_nothing() -> None:
    card = told(found(), found(vulnerability="CVE-2026-2"))
    assert fold(card, found(300), ()) == card


def test_a_finding_is_the_same_if_repository_name_and_tags_are() -> None:
    (one,) = items(found(tags=("v1", "latest")))
    assert items(found(9, tags=("latest", "v1", "v1"), description="other"))[0].key == one.key
    others = (found(repository="acme/web"), found(vulnerability="CVE-2"), found(tags=("v1",)))
    assert one.key not in {items(other)[0].key for other in others}


def test_an_item_has_flat_columns() -> None:
    event = found(
        tags=("v1", "latest"),
        fixable=True,
        links=("https://a.example", "https://b.example"),
        description="x" * 999,
    )
    assert items(event)[0].data == {
        "severity": "High",
        "vulnerability": "CVE-2026-1",
        "repository": "acme/api",
        "tags": "v1 latest",
        "fixable": "yes",
        "link": "https://a.example",
        "at": "2026-11-23T12:00:00+00:00",
        "description": "x" * 300,
    }


def test_the_only_finding_of_a_card_is_kept_whole() -> None:
    assert told(found(description="why")).finding == found(description="why")
    assert told(found(), found(tags=("v2",))).finding is None


def test_the_same_vulnerability_in_several_places_is_named_once_with_all_of_them() -> None:
    card = told(
        found(repository="acme/web", tags=("v2",)),
        found(repository="acme/api", tags=("v2", "v1"), links=("https://a.example",)),
        found(repository="acme/api", tags=("v3",)),
    )
    (one,) = card.worst
    assert (one.name, one.times, one.repositories) == ("CVE-2026-1", 3, ("acme/api", "acme/web"))
    assert (one.tag, one.tags, one.link) == ("v1", 1, "https://a.example")


def test_the_worst_come_first_and_of_those_what_can_be_mended() -> None:
    card = told(
        found(vulnerability="low", severity=Severity.LOW, fixable=True),
        found(vulnerability="b", fixable=False),
        found(vulnerability="c", fixable=None),
        found(vulnerability="d", fixable=True),
        found(vulnerability="e", severity=Severity.CRITICAL),
        found(vulnerability="a", fixable=True),
    )
    assert [one.name for one in card.worst] == ["e", "a", "d", "c", "b"]


@pytest.mark.parametrize(
    ("severity", "heavy"), list(zip(Severity, (9, 8, 6, 3, 1, 2), strict=True)), ids=[one.value for one in Severity]
)
def test_a_card_weighs_what_its_most_severe_finding_weighs(severity: Severity, heavy: int) -> None:
    low = found(vulnerability="other", severity=Severity.NEGLIGIBLE)
    assert weight(told(low, found(severity=severity))) == heavy
    assert not final(told(low))
