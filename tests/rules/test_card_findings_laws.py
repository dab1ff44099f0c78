"""What holds for any findings in any order: exact numbers, and a card that stays small and quick."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.cards import VulnerabilityCard, Worst
from bot.domain.events import Severity, VulnerabilityFound
from bot.rules import worst
from bot.rules.cards import vulnerabilities
from bot.rules.cards.vulnerabilities import WAVE, belongs, fold, items, listed, room
from tests.rules.findings import NOON, found, told

FINDINGS = st.builds(
    # A finding that comes again says the same: everything about it hangs on its name, its place and its tags.
    lambda second, place, number, tags: found(
        second,
        repository=f"acme/{place}",
        vulnerability=f"CVE-{number}",
        tags=tuple(tags),
        severity=list(Severity)[number % 6],
        fixable=(True, False, None)[(number + place) % 3],
        links=(f"https://a.example/{number}/{len(tags)}",) if number % 2 else (),
        note="odd" if number == 3 else "",
    ),
    st.integers(0, 3600),
    st.integers(0, 5),
    st.integers(0, 30),
    st.sets(st.sampled_from(["v1", "v2", "latest"]), max_size=2).map(sorted),
)


@settings(deadline=None)
@given(st.lists(FINDINGS, min_size=1, max_size=60), st.randoms(use_true_random=False))
def test_any_order_of_the_same_findings_makes_the_same_card(events: list[VulnerabilityFound], random: Any) -> None:
    alike = {"finding": None, "first": NOON, "last": NOON}  # copies are silent: of two, the first says when it was
    card = told(*events).model_copy(update=alike)
    random.shuffle(events)
    assert told(*events, *events).model_copy(update=alike) == card


@settings(deadline=None)
@given(st.lists(FINDINGS, min_size=1, max_size=60))
def test_all_sums_agree_with_each_other_and_with_the_findings(events: list[VulnerabilityFound]) -> None:
    card = told(*events)
    distinct = {items(event)[0].key: event for event in events}
    severities = Counter(event.severity for event in distinct.values())
    fixes = Counter(event.fixable for event in distinct.values())
    assert card.total == listed(card) == len(distinct)
    assert card.counts == tuple(severities[severity] for severity in Severity)
    assert card.counts == tuple(map(sum, zip(*card.repositories.values(), strict=True)))
    assert (card.fixable, card.unfixable) == (fixes[True], fixes[False])
    for name, counts in card.repositories.items():
        there = Counter(event.severity for event in distinct.values() if event.repository == name)
        assert counts == tuple(there[severity] for severity in Severity)


def _rank(one: VulnerabilityFound | Worst, name: str) -> tuple[int, int, str]:
    return list(Severity).index(one.severity), (True, None, False).index(one.fixable), name


@settings(deadline=None)
@given(st.lists(FINDINGS, min_size=1, max_size=60))
def test_the_worst_have_exact_numbers_and_are_the_worst(events: list[VulnerabilityFound]) -> None:
    distinct = {items(event)[0].key: event for event in events}.values()
    shown = told(*events).worst
    groups = sorted({_rank(event, event.known_as) for event in distinct})
    assert [_rank(one, one.name) for one in shown] == groups[: worst.KEPT]
    for one in shown:
        there = [event for event in distinct if (event.known_as, event.fixable) == (one.name, one.fixable)]
        assert (one.times, set(one.repositories)) == (len(there), {event.repository for event in there})


@settings(deadline=None)
@given(st.lists(FINDINGS, min_size=1, max_size=20), st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_a_card_of_any_findings_survives_being_stored(
    events: list[VulnerabilityFound], repository: str, vulnerability: str, tag: str
) -> None:
    odd = found(repository=repository, vulnerability=vulnerability, tags=(tag,), note=tag)
    card = told(*events, odd)
    assert VulnerabilityCard.model_validate_json(card.model_dump_json()) == card
    assert isinstance(belongs(card, odd, tag), bool)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32))
def test_a_card_never_outgrows_its_bounds(seed: int) -> None:
    card, taken = None, 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vulnerabilities, "MOST_FINDINGS", 50)
        patch.setattr(vulnerabilities, "MOST_REPOSITORIES", 5)
        for number in range(200):
            event = found(number % 7, repository=f"acme/{(number * seed) % 11}", vulnerability=f"CVE-{number}")
            if card is None or (belongs(card, event, WAVE) and room(card, event)):
                card, taken = fold(card, event, items(event)), taken + 1
    assert card is not None
    assert card.total == taken <= 50
    assert len(card.repositories) <= 5
    assert len(card.worst) <= worst.KEPT


def test_a_full_card_stays_small_enough_to_be_written_with_every_batch() -> None:
    places = {f"organization-{number}/repository-{number}": (1, 9, 30, 40, 10, 9) for number in range(200)}
    one = told(found(vulnerability="CVE-2026-0", severity=Severity.CRITICAL)).worst[0]
    big = told(found(), found(tags=("v2",))).model_copy(
        update={
            "repositories": places,
            "counts": (200, 1800, 6000, 8000, 2000, 1800),
            "worst": tuple(
                one.model_copy(update={"name": f"CVE-{n}", "repositories": tuple(sorted(places))}) for n in range(5)
            ),
        }
    )
    events = [
        found(
            repository=f"organization-{number}/repository-{number}",
            vulnerability=f"CVE-{number % 5}",
            severity=Severity.CRITICAL,
        )
        for number in range(100)
    ]
    card = VulnerabilityCard.model_validate_json(big.model_dump_json())
    for event in events:
        card = fold(card, event, items(event))
    assert card.total == big.total + 100
    assert len(card.model_dump_json()) < 100_000  # of 20,000 findings
