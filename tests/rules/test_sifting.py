"""What a wish would have made of what happened: the numbers of a preview."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.events import Event, Pushed, TagsExpiring
from bot.rules.filters import parse
from bot.rules.sifting import Sifted, sift
from bot.rules.subscribing import wanted
from tests.rules import real_names

AT = datetime(2026, 3, 4, tzinfo=UTC)


def push(tag: str, by: str = "") -> Pushed:
    return Pushed(kind="repo_push", namespace="acme", repository="acme/web", at=AT, tags=(tag,), by=by)


def expiring(tag: str) -> TagsExpiring:
    return TagsExpiring(kind="repo_image_expiry", namespace="acme", repository="acme/web", at=AT, tags=(tag,))


def test_events_are_counted_by_the_word_that_removes_them_the_most_frequent_first():
    events = [push("v1"), push("v1-dev"), push("x", "acme+ci"), push("v2-dev", "acme+ci"), push("v3", "alice")]

    assert sift(events, wanted("acme/web", ["pushes", "tag:v*", "-tag:*-dev", "-by:acme+ci"])) == Sifted(
        5, (push("v1"), push("v3", "alice")), {"-tag:*-dev": 2, "tag:v*": 1}
    )
    assert list(sift(events, wanted("acme/web", ["pushes", "-tag:v1", "-tag:*-dev"])).removed) == [
        "-tag:*-dev",
        "-tag:v1",
    ]


def test_a_push_is_kept_out_by_what_is_known_first():
    found = sift([push("x", "alice"), push("v1", "alice")], wanted("acme/web", ["pushes", "by:acme+*", "tag:v*"]))

    assert found == Sifted(2, (), {"tag:v*": 1, "by:acme+*": 1})


def test_what_is_no_event_of_the_wish_is_not_counted():
    found = sift([push("v1"), expiring("v1")], wanted("acme/web", ["expiry"]))

    assert found == Sifted(1, (expiring("v1"),), {})


def test_nothing_gives_nothing():
    assert sift([], wanted("acme/web", [])) == Sifted(0, (), {})


WORDS = st.lists(st.sampled_from(["tag:v*", "-tag:*-dev", "by:acme+*", "-by:alice", "-repo:x", "tag:*.*"]), max_size=4)
EVENTS = st.lists(
    st.builds(push, real_names.tags | st.sampled_from(["v1", "v1-dev"]), st.just("") | real_names.accounts)
    | st.builds(expiring, real_names.tags),
    max_size=20,
)


@given(EVENTS, WORDS)
def test_the_numbers_are_what_the_same_filter_then_does(events: list[Event], words: list[str]):
    wish = wanted("acme/web", ["pushes", *words])
    found, asked = sift(events, wish), parse(wish.filter)
    told = [event for event in events if event.kind in wish.events and not asked.why_not(event)]

    assert list(found.kept) == told
    assert found.total == len(found.kept) + sum(found.removed.values())
    assert set(found.removed) <= set(words)
