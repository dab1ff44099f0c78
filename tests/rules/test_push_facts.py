"""What was looked up about tags, put together in any order."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.cards import PushCard
from bot.domain.events import Pushed, PushFacts
from bot.rules.cards.pushes import KEPT, fold, items, learned, names
from bot.rules.push_facts import LONGEST, NAMES, PLATFORMS, completed, facts_of, short, with_facts

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
A, B = "sha256:" + "a" * 64, "sha256:" + "b" * 64
WHOLE = PushFacts(
    tag="v1",
    digest=B,
    before=A,
    architectures=("linux/amd64", "linux/arm64"),
    size=84,
    grew=-3,
    by="acme+ci",
    same_as="stable",
    scan="scanned",
    findings=(1, 2, 0, 0, 0, 0),
    gained=("CVE-1",),
    lost=(),
)
FIELDS = [name for name in PushFacts.model_fields if name not in {"tag", "unnamed"}]


def pushed(*tags: str, second: float = 0, **more: Any) -> Pushed:
    at = NOON + timedelta(seconds=second)
    return Pushed(kind="repo_push", namespace="acme", repository="acme/api", at=at, tags=tags, **more)


def told(*events: Pushed) -> PushCard:
    card, known = None, set[str]()
    for event in events:
        fresh = tuple(item for item in items(event) if item.key not in known)
        known |= {item.key for item in fresh}
        card = fold(card, event, fresh)
    assert card is not None
    return card


def some(*fields: str, tag: str = "v1") -> PushFacts:
    return PushFacts(tag=tag, **{name: getattr(WHOLE, name) for name in fields})


def test_later_facts_complete_earlier_ones_and_nothing_gets_lost() -> None:
    first = some("digest", "size", "by")
    both = completed(first, some("digest", "findings", "scan"))
    assert (both.size, both.by, both.findings, both.scan) == (84, "acme+ci", (1, 2, 0, 0, 0, 0), "scanned")
    assert completed(both, PushFacts(tag="v1")) == both


def test_nothing_gained_is_something_to_know() -> None:
    assert completed(some("gained"), PushFacts(tag="v1", gained=())).gained == ()
    assert completed(some("gained"), PushFacts(tag="v1")).gained == ("CVE-1",)


def test_a_scan_that_is_over_does_not_begin_again() -> None:
    assert completed(some("scan"), PushFacts(tag="v1", scan="queued")).scan == "scanned"
    assert completed(PushFacts(tag="v1", scan="queued"), some("scan")).scan == "scanned"


def test_facts_about_another_image_are_not_mixed_in_whichever_comes_first() -> None:
    old = PushFacts(tag="v1", digest=A, by="eve", size=1)
    assert completed(old, WHOLE) == WHOLE
    assert completed(WHOLE, old) == WHOLE


def test_long_lists_are_cut_and_counted_once() -> None:
    long = WHOLE.model_copy(
        update={
            "architectures": tuple(f"linux/{number}" for number in range(100)),
            "gained": tuple(f"CVE-{number}" for number in range(1_000)),
            "lost": ("x" * 5_000,),
        }
    )
    cut = short(long)
    assert (len(cut.architectures), len(cut.gained or ()), cut.unnamed) == (
        PLATFORMS,
        NAMES,
        (100 - PLATFORMS, 1_000 - NAMES, 0),
    )
    assert cut.lost == ("x" * LONGEST,)
    assert short(cut) == cut == completed(cut, cut)
    assert completed(cut, PushFacts(tag="v1", gained=("CVE-7",))).unnamed == (100 - PLATFORMS, 0, 0)


def test_a_push_brings_its_pusher_and_facts_about_its_own_tags() -> None:
    event = pushed("v1", "v2", by="bob", facts=(WHOLE, WHOLE.model_copy(update={"tag": "else"})))
    assert facts_of(event) == (PushFacts(tag="v1", by="bob"), PushFacts(tag="v2", by="bob"), WHOLE)
    assert told(event).facts == {"v1": WHOLE, "v2": PushFacts(tag="v2", by="bob")}
    assert (told(event).event.facts, told(event).event.by) == ((), "")


def test_facts_about_what_the_card_does_not_know_by_name_are_left_out() -> None:
    card = told(pushed("v1"))
    assert learned(card, [WHOLE.model_copy(update={"tag": "v2"})]) == card
    many = told(*(pushed(f"t{number:03}") for number in range(KEPT + 20)))
    every = [PushFacts(tag=f"t{number:03}", size=number) for number in range(KEPT + 20)]
    assert list(learned(many, every).facts) == list(many.tags)


def test_what_came_late_is_on_a_card_of_its_own_with_the_lateness_of_its_oldest() -> None:
    early = pushed("v1", recovered=True, note="recovered, 14 min late")
    late = pushed("v2", second=400, recovered=True, note="recovered, 8 min late")
    assert names(early) == names(late) != names(pushed("v1"))
    assert told(early, late).event.note == told(late, early).event.note == "recovered, 14 min late"
    assert told(late).event.recovered


TRUTHS = {
    tag: WHOLE.model_copy(update={"tag": tag, "digest": f"sha256:{number:064x}", "size": number})
    for number, tag in enumerate(f"v{number}" for number in range(70))
}
PARTS = st.builds(
    lambda tag, fields: PushFacts(tag=tag, **{name: getattr(TRUTHS[tag], name) for name in fields}),
    st.sampled_from(sorted(TRUTHS)),
    st.sets(st.sampled_from(FIELDS)),
)
PUSHES = st.lists(st.sampled_from(sorted(TRUTHS)), max_size=6).map(lambda tags: pushed(*tags))


@settings(deadline=None)
@given(st.lists(PUSHES, min_size=1, max_size=20), st.lists(PARTS, max_size=40), st.randoms(use_true_random=False))
def test_any_order_of_pushes_and_of_facts_makes_the_same_card(
    events: list[Pushed], found: list[PushFacts], random: Any
) -> None:
    """Facts come after the push of their tag, since they are looked up for it."""
    card = learned(told(*events), found)
    random.shuffle(events)
    random.shuffle(found)
    with_their_push = [
        event.model_copy(update={"facts": tuple(one for one in found if one.tag in event.tags)}) for event in events
    ]
    assert told(*with_their_push) == card
    half = len(found) // 2
    assert learned(learned(told(*events), found[:half]), found[half:]) == card
    assert set(card.facts) <= set(card.tags)


@given(st.lists(PARTS, max_size=20))
def test_nothing_that_was_known_gets_lost(found: list[PushFacts]) -> None:
    known = with_facts({}, found, sorted(TRUTHS))
    for part in found:
        for name in FIELDS:
            if (value := getattr(part, name)) not in ("", (), None):
                assert getattr(known[part.tag], name) == value


def test_a_card_with_extreme_facts_stays_small() -> None:
    tags = [f"{number:03}" + "t" * 125 for number in range(80)]
    huge = [
        WHOLE.model_copy(
            update={
                "tag": tag,
                "architectures": tuple(f"linux/arch{part}" for part in range(100)),
                "gained": tuple(f"CVE-2026-{part:05}" for part in range(1_000)),
                "lost": tuple(f"CVE-2025-{part:05}" for part in range(1_000)),
            }
        )
        for tag in tags
    ]
    card = learned(told(*(pushed(tag) for tag in tags)), huge)
    assert len(card.facts) == KEPT
    assert len(card.model_dump_json()) < 64 * 1024
