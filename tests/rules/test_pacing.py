"""Edits are scarce: they go to final states and to the most severe cards first, and Slack never has to refuse one."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.pacing import (
    FLOOR,
    OVERDUE,
    PACE,
    PATIENCE,
    PER_MINUTE,
    SLOWEST,
    WINDOW,
    Budget,
    Edit,
    allowance,
    before_posts,
    budget,
    choose,
    lowered,
    quicker,
    slower,
)

START = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def an_edit(number: int, *, weight: int = 0, changed: float = -10, since: float = -10, ready: float = -10) -> Edit:
    return Edit(number, f"C{number}", weight, at(changed), at(since), at(ready))


EDITS = st.lists(
    st.builds(
        Edit,
        id=st.integers(1, 10_000),
        channel=st.sampled_from([f"C{number}" for number in range(30)]),
        weight=st.integers(0, 9),
        changed_at=st.floats(-300, 0).map(at),
        since=st.floats(-300, 0).map(at),
        ready_at=st.floats(-30, 30).map(at),
        edited=st.booleans(),
    ),
    max_size=80,
    unique_by=lambda edit: edit.id,
)
LEFT = st.integers(0, 60)
TIMES = st.lists(st.floats(-90, 0).map(at), max_size=120).map(sorted)


def test_with_plenty_every_edit_that_is_ready_goes_at_once_the_oldest_first() -> None:
    edits = [an_edit(1, changed=0, since=-1), an_edit(2, changed=0, since=-2), an_edit(3, ready=1)]
    choice = choose(edits, Budget(6), START, most=20)
    assert choice.ids == (2, 1)
    assert choice.again == at(1)


def test_when_scarce_only_quiet_cards_go_the_heaviest_first() -> None:
    edits = [an_edit(1), an_edit(2, weight=9), an_edit(3, weight=9, changed=-1), an_edit(4, since=-11)]
    choice = choose(edits, Budget(7), START, most=20)
    assert choice.ids == (2, 4, 1)
    assert choice.again == at(1.5)


def test_what_waited_for_too_long_takes_half_of_what_is_left() -> None:
    restless = [an_edit(number, changed=0, since=-200 + number) for number in range(10)]
    quiet = [an_edit(number, weight=5) for number in range(20, 30)]
    assert choose([*restless, *quiet], Budget(4), START, most=20).ids == (0, 1, 20, 21)
    assert choose(restless, Budget(4), START, most=20).ids == (0, 1)


def test_while_most_cards_change_a_short_silence_is_trusted_only_if_there_is_one_to_spare() -> None:
    restless = [an_edit(number, changed=0) for number in range(10)]
    short, long = an_edit(20, changed=-3), an_edit(21, changed=-6)
    assert choose([*restless, short, long], Budget(12), START, most=20).ids == (21,)
    assert choose([*restless, short, long], Budget(13), START, most=20).ids == (20, 21)
    calm = [an_edit(number, changed=-3) for number in range(30, 40)]
    assert len(choose([*restless, *calm], Budget(12), START, most=20).ids) == 10


def test_an_edit_that_has_waited_for_long_takes_turns_with_the_posts_of_its_channel() -> None:
    long = PATIENCE.total_seconds()
    assert before_posts([an_edit(1, since=-long), an_edit(2, since=0.1 - long)], START) == {"C1"}
    assert before_posts([an_edit(1, since=-long, ready=1)], START) == set()
    assert before_posts([replace(an_edit(1, since=-long), edited=True)], START) == set()


@given(EDITS)
def test_no_edit_of_a_channel_goes_before_posts_right_after_another_one(edits: list[Edit]) -> None:
    first = before_posts(edits, START)
    waiting = {edit.channel for edit in edits if edit.since + PATIENCE <= START and edit.ready_at <= START}
    assert first <= waiting
    assert waiting - first <= {edit.channel for edit in edits if edit.edited}


def test_a_channel_gets_one_edit_and_a_busy_one_none() -> None:
    edits = [Edit(number, f"C{number % 2}", number, START, START, START) for number in range(6)]
    assert choose(edits, Budget(50), START, busy={"C1"}, most=20).ids == (0,)


def test_without_budget_it_is_time_to_look_again_when_there_is_some() -> None:
    assert choose([an_edit(1)], Budget(0, at(17)), START, most=20).again == at(17)
    assert choose([], Budget(0, at(17)), START, most=20).again is None


@given(EDITS, LEFT, st.integers(0, 20))
def test_never_more_than_is_left_nor_two_in_a_channel_nor_one_too_early(
    edits: list[Edit], left: int, most: int
) -> None:
    choice = choose(edits, Budget(left, at(5)), START, most=most)
    chosen = [edit for edit in edits if edit.id in choice.ids]
    assert len(choice.ids) <= min(left, most)
    assert len({edit.channel for edit in chosen}) == len(chosen) == len(choice.ids)
    assert all(edit.ready_at <= START for edit in chosen)


@given(EDITS, LEFT)
def test_looking_again_is_never_now(edits: list[Edit], left: int) -> None:
    choice = choose(edits, Budget(left, at(5)), START, most=20)
    assert choice.again is None or choice.again > START


@given(EDITS, LEFT)
def test_no_card_is_passed_over_for_a_lighter_one_that_is_no_quieter(edits: list[Edit], left: int) -> None:
    choice = choose(edits, Budget(left), START, most=20)
    taken = {edit.channel for edit in edits if edit.id in choice.ids}
    young = [edit for edit in edits if edit.since + OVERDUE > START and edit.ready_at <= START]
    passed_over = [edit for edit in young if edit.channel not in taken]
    for gone in (edit for edit in young if edit.id in choice.ids and 2 * len(edits) > left):
        assert all(edit.weight <= gone.weight for edit in passed_over if edit.changed_at <= gone.changed_at)


@given(EDITS, st.integers(1, 60))
def test_the_card_that_has_waited_longest_goes_once_it_is_overdue(edits: list[Edit], left: int) -> None:
    ready = [edit for edit in edits if edit.ready_at <= START and edit.since + OVERDUE <= START]
    oldest = min(ready, key=lambda edit: (edit.since, edit.id), default=None)
    assert oldest is None or oldest.id in choose(edits, Budget(left), START, most=20).ids


@given(TIMES, st.integers(1, 60))
def test_the_budget_has_more_exactly_when_it_says(spent: list[datetime], allowed: int) -> None:
    found = budget(spent, allowed, None, START)
    assert 0 <= found.left <= allowed
    if found.left == 0:
        assert found.more_at is not None
        assert budget(spent, allowed, None, found.more_at).left > 0
        assert budget(spent, allowed, None, found.more_at - timedelta(microseconds=1)).left == 0


@given(TIMES, st.lists(st.floats(61.1, 100_000).map(at)).map(sorted), st.integers(1, 60))
def test_calls_that_are_yet_to_come_cost_nothing(spent: list[datetime], wrong: list[datetime], allowed: int) -> None:
    assert budget([*spent, *wrong], allowed, None, START) == budget(spent, allowed, None, START)


def test_nothing_is_left_until_slack_is_ready_again() -> None:
    assert budget([], 50, at(30), START) == Budget(0, at(30))
    assert budget([START] * 50, 50, at(30), START) == Budget(0, START + WINDOW)
    assert budget([], 50, at(30), at(30)) == Budget(50)


def test_a_lowered_budget_recovers_over_minutes() -> None:
    assert [lowered(each) for each in (50, 12, 10, 4)] == [37, 10, 10, 4]
    assert FLOOR == 10
    blocked = at(30)
    assert allowance(50, None, None, START) == 50
    assert [allowance(50, 37, blocked, at(seconds)) for seconds in (0, 89, 90, 150, 900)] == [37, 37, 40, 43, 50]
    assert allowance(20, 37, blocked, START) == 20  # the operator has set fewer meanwhile


@given(st.floats(0, 30).map(lambda seconds: timedelta(seconds=seconds)))
def test_a_channels_pace_stays_within_its_bounds_and_comes_back(pace: timedelta) -> None:
    assert PACE <= slower(pace) <= SLOWEST
    assert quicker(pace) >= PACE
    assert quicker(slower(PACE)) > PACE
    for _ in range(60):
        pace = quicker(pace)
    assert pace == PACE


@dataclass
class Card:
    """A card in a channel of its own, as the ledger and the lane treat it."""

    id: int
    weight: int
    known: int = 0  # events that are folded into it
    shown: int = 0  # of them Slack shows so many
    edits: int = 0
    changed: float = 0.0
    due: float = 0.0
    free: float = 0.0
    shown_at: float = field(default=-1.0)  # -1: not posted

    def turn(self, now: float) -> None:
        if self.shown == self.known:
            self.due = max(now, self.shown_at + 3.0) if self.edits else now
        self.known, self.changed = self.known + 1, now

    def show(self, now: float) -> None:
        self.edits += self.shown_at >= 0
        self.shown, self.shown_at, self.free = self.known, now, now + 1.05


@dataclass
class Slack:
    """Time goes in steps of a twentieth of a second, the time that a call takes."""

    cards: Sequence[Card]
    calls: list[float] = field(default_factory=list)

    def step(self, now: float) -> None:
        waiting = [card for card in self.cards if card.shown < card.known]
        for card in waiting:
            if card.shown_at < 0 and now >= card.changed:
                card.show(now)
        edits = [
            Edit(card.id, f"C{card.id}", card.weight, at(card.changed), at(card.due), at(max(card.due, card.free)))
            for card in waiting
            if card.shown_at >= 0 and card.shown < card.known
        ]
        left = budget([at(call) for call in self.calls], PER_MINUTE, None, at(now))
        for number in choose(edits, left, at(now), most=20).ids:
            self.cards[number].show(now)
            self.calls.append(now)


@pytest.mark.parametrize("seed", range(6))
def test_a_burst_is_shown_exactly_within_five_seconds_of_its_end_and_no_call_is_refused(seed: int) -> None:
    """10,000 findings in 60 s over 50 channels, each on one card, with 50 edits a minute for the workspace."""
    chance = random.Random(seed)
    slack = Slack([Card(number, number % 10) for number in range(50)])
    start = chance.uniform(0.5, 3)  # in which one channel after the other begins
    events = sorted(chance.uniform(0, 60) for _ in range(10_000))
    now, exact = 0.0, 0.0
    while now < 70:
        while events and events[0] <= now:
            begun = min(50, 1 + int(50 * events.pop(0) / start))
            slack.cards[chance.randrange(begun)].turn(now)
        slack.step(now)
        if any(card.shown < card.known for card in slack.cards):
            exact = now + 0.05
        now = round(now + 0.05, 2)
    assert sum(card.shown for card in slack.cards) == 10_000
    assert exact <= 65
    assert max(sum(call <= each < call + 60 for each in slack.calls) for call in slack.calls) <= PER_MINUTE


def test_under_constant_overload_every_card_is_shown_now_and_then() -> None:
    slack = Slack([Card(number, number % 10) for number in range(150)])
    shown = {card.id: 0.0 for card in slack.cards}
    worst = 0.0
    for tick in range(1200):
        now = tick / 2
        for card in slack.cards:
            card.turn(now)
        slack.step(now)
        for card in slack.cards:
            if card.shown_at == now:
                shown[card.id] = now
            worst = max(worst, now - shown[card.id])
    assert worst < 400  # twice its share of the budget, and the two minutes before
    assert max(sum(call <= each < call + 60 for each in slack.calls) for call in slack.calls) <= PER_MINUTE
