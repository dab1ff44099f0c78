"""Which of a channel's subscriptions counts for a repository."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.people import Person
from bot.domain.subscriptions import Part, State, Subscription
from bot.rules.overlaps import before, behind, counting, meet, siblings, still_needed, taker
from bot.rules.quay_side import needs
from bot.rules.subscribing import covers, wanted

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
ANN = Person("T1", "U1")
LETTERS = st.text("ab-", min_size=1, max_size=5)
REPOSITORIES = LETTERS.map(lambda name: f"acme/{name}")
PATTERNS = st.text("ab-*?", min_size=1, max_size=6).map(lambda name: f"acme/{name}*")
TARGETS = st.one_of(REPOSITORIES, PATTERNS)
WORDS = st.sampled_from(["pushes", "builds", "builds:failure", "pushes builds", "vulns", "team"])


@st.composite
def channels(draw: st.DrawFn) -> list[Subscription]:
    """The subscriptions of a channel, each to another target."""
    targets = draw(st.lists(TARGETS, unique=True, max_size=6))
    return [
        one(target, f"S{number}", draw(WORDS), draw(st.integers(0, 2)), draw(st.sampled_from(State)))
        for number, target in enumerate(targets)
    ]


def one(
    target: str, name: str = "S1", words: str = "pushes", age: int = 0, state: State = State.ACTIVE
) -> Subscription:
    created = AT - timedelta(days=age)
    return Subscription(name, "C1", wanted(target, words.split()), ANN, "ann", created, state)


def part(of: str, event: str, uuid: str = "u1") -> Part:
    return Part(f"{of}-{event}", of, "acme/web", event, silent=False, config="{}", created_at=AT, uuid=uuid)


def test_a_repository_of_its_own_goes_before_every_pattern() -> None:
    there = [one("acme/*", "S1", age=9), one("acme/we*", "S2", age=9), one("acme/web", "S3", "vulns")]
    assert counting("acme/web", there) == there[2]
    assert counting("acme/web2", there) == there[1]
    assert counting("acme/api", there) == there[0]
    assert counting("other/api", there) is None


def test_of_patterns_that_say_as_much_the_older_one_counts() -> None:
    young, old = one("acme/a*", "S1"), one("acme/*a", "S2", age=1)
    assert counting("acme/aa", [young, old]) == old
    assert (before(young, [old]), behind(old, [young])) == ((old,), (young,))


def test_what_has_ended_or_is_told_elsewhere_takes_nothing() -> None:
    mine, other = one("acme/*"), one("acme/web", "S2")
    assert taker(mine, "acme/web", [other]) == other
    assert taker(mine, "acme/web", [replace(other, state=State.ORPHANED)]) is not None
    assert taker(mine, "acme/web", [replace(other, state=State.ENDED)]) is None
    assert taker(mine, "acme/web", [replace(other, channel="C2")]) is None
    assert taker(other, "acme/web", [mine, other]) is None


def test_what_goes_is_there_until_the_new_one_is() -> None:
    mine, other = one("acme/*", "S1", "pushes builds:failure"), one("acme/web", "S2", "pushes vulns")
    own = [part("S1", "repo_push"), part("S1", "build_failure")]
    assert [need.event for need in still_needed(mine, other, own)] == ["repo_push"]
    on_its_way = part("S2", "repo_push", uuid="")
    assert [need.event for need in still_needed(mine, other, [*own, on_its_way])] == ["repo_push"]
    assert still_needed(mine, other, [*own, part("S2", "repo_push")]) == ()
    assert still_needed(mine, other, []) == ()


@given(channels(), REPOSITORIES)
def test_one_counts_wherever_one_covers_and_only_one(there: list[Subscription], repository: str) -> None:
    live = [one for one in there if one.state is not State.ENDED]
    covering = [one for one in live if covers(one.wanted.target, repository)]
    found = [one for one in covering if taker(one, repository, there) is None]
    assert found == ([counting(repository, there)] if covering else [])
    if any(one.wanted.target == repository for one in live):
        assert found[0].wanted.target == repository


@given(channels(), REPOSITORIES, st.randoms())
def test_their_order_does_not_matter(there: list[Subscription], repository: str, random: object) -> None:
    mixed = list(there)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert counting(repository, mixed) == counting(repository, there)
    for one in there:
        assert siblings(one, mixed) == siblings(one, there)


@given(channels(), REPOSITORIES)
def test_whoever_takes_something_is_among_those_before_and_knows_whom(
    there: list[Subscription], repository: str
) -> None:
    for one in (one for one in there if covers(one.wanted.target, repository)):
        other = taker(one, repository, there)
        if other is not None and one.state is not State.ENDED:
            assert other in before(one, there)
            assert one in behind(other, there)


@given(TARGETS, TARGETS, REPOSITORIES)
def test_targets_meet_if_there_is_a_repository_of_both(first: str, second: str, repository: str) -> None:
    assert meet(first, second) == meet(second, first)
    assert meet(first, first)
    if covers(first, repository) and covers(second, repository):
        assert meet(first, second)


@given(st.text("ab*?", max_size=3), st.text("ab*?", max_size=3))
def test_targets_that_meet_have_a_repository_of_both(first: str, second: str) -> None:
    """The shortest name of both is no longer than both together: all of them are tried."""
    names = ["".join(name) for length in range(len(first + second) + 1) for name in product("abc", repeat=length)]
    some = any(covers(f"n/{first}", f"n/{name}") and covers(f"n/{second}", f"n/{name}") for name in names)
    assert meet(f"n/{first}", f"n/{second}") == some


@given(WORDS, WORDS, st.sets(st.sampled_from(["repo_push", "build_failure", "build_start", "vulnerability_found"])))
def test_taking_over_never_leaves_an_event_without_a_notification_and_ends(
    mine_words: str, other_words: str, made: set[str]
) -> None:
    mine, other = one("acme/*", "S1", mine_words), one("acme/web", "S2", other_words)
    own = [part("S1", need.event) for need in needs(mine.wanted)]
    kept = {need.event for need in still_needed(mine, other, [*own, *(part("S2", event) for event in made)])}
    wanted_by_both = {need.event for need in needs(mine.wanted)} & {need.event for need in needs(other.wanted)}
    assert kept == wanted_by_both - made
    all_made = [part("S2", need.event) for need in needs(other.wanted)]
    assert still_needed(mine, other, [*own, *all_made]) == ()
