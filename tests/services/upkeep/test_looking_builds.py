"""A build that succeeds after one that failed says so on its card."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import TryLater, UserError
from bot.domain.events import Phase
from bot.ports import Build
from bot.services.upkeep import looking
from bot.services.upkeep.build_look import failed_before
from tests.services.upkeep.lookout import Lookout

MAIN = "refs/heads/main"


@pytest.fixture
def lookout() -> Lookout:
    return Lookout()


def build(name: str, phase: Phase = Phase.COMPLETE, ref: str = MAIN, **facts: Any) -> Build:
    return Build(name, "acme/web", phase, ref=ref, **facts)


async def test_a_build_that_mends_what_was_broken_says_so(lookout: Lookout) -> None:
    lookout.quay.past = [build("b1"), build("b0", Phase.ERROR)]
    lookout.hears_of_build()
    await lookout.looks()
    known = lookout.build_card().known
    assert (known.fixed, known.failed_before) == (True, "b0")
    assert lookout.queue.waiting == {}
    assert lookout.quay.asked("page") == []


async def test_a_build_after_a_good_one_says_nothing(lookout: Lookout) -> None:
    lookout.quay.past = [build("b1"), build("b0")]
    lookout.hears_of_build()
    await lookout.looks()
    assert (lookout.build_card().known.fixed, lookout.wall.amended, lookout.queue.waiting) == (False, 0, {})


async def test_several_builds_of_a_repository_are_one_question(lookout: Lookout) -> None:
    lookout.quay.past = [build("b2"), build("b1"), build("b0", Phase.EXPIRED)]
    lookout.hears_of_build("b1")
    lookout.hears_of_build("b2")
    await lookout.looks()
    assert [card.known.fixed for _, card in lookout.wall.cards["C1"]] == [True, False]
    assert len(lookout.quay.asked("builds")) == 1


async def test_while_quay_is_away_it_is_asked_later(lookout: Lookout) -> None:
    lookout.quay.past = [build("b1"), build("b0", Phase.ERROR)]
    lookout.quay.errors["builds"] = TryLater("away")
    lookout.hears_of_build()
    await lookout.looks()
    lookout.quay.errors.clear()
    await lookout.looks(after=5)
    assert lookout.build_card().known.fixed
    assert lookout.queue.waiting == {}


async def test_a_quay_that_stays_away_is_given_up_after_half_an_hour(lookout: Lookout) -> None:
    lookout.quay.errors["builds"] = TryLater("away")
    lookout.hears_of_build()
    started = lookout.now
    await lookout.looks_until_done()
    assert lookout.now - started == timedelta(minutes=30)


async def test_a_quay_that_hangs_is_asked_later(lookout: Lookout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "LONGEST", 0.01)
    lookout.quay.hangs.add("builds")
    lookout.hears_of_build()
    await lookout.looks()
    assert lookout.queue.delays == [5.0]


async def test_whoever_may_not_look_any_more_looks_no_more(lookout: Lookout) -> None:
    lookout.quay.errors["builds"] = UserError("You may not.")
    lookout.hears_of_build()
    await lookout.looks()
    assert lookout.queue.waiting == {}


def test_another_branch_a_cancelled_and_a_running_build_say_nothing_about_this_one() -> None:
    others = (build("x", ref="refs/heads/dev"), build("c", Phase.CANCELLED), build("r", Phase.BUILDING))
    assert failed_before((build("own"), *others, build("old", Phase.ERROR)), "own") == "old"
    assert failed_before((build("own"), *others), "own") == ""


def test_builds_without_a_branch_are_told_apart_by_trigger_and_tags() -> None:
    own = build("own", ref="", tags=("v1", "latest"))
    other = build("other", Phase.COMPLETE, ref="", tags=("v2",))
    assert failed_before((own, other, build("old", Phase.ERROR, ref="", tags=("latest", "v1"))), "own") == "old"
    assert failed_before((own, build("old", Phase.ERROR, ref="", tags=("v1", "latest"), trigger="github")), "own") == ""


def test_a_build_that_is_not_listed_any_more_has_none_before_it() -> None:
    assert failed_before((build("old", Phase.ERROR),), "own") == ""


@given(st.lists(st.sampled_from(list(Phase)), max_size=12), st.integers(0, 11))
def test_what_came_later_never_counts(phases: list[Phase], place: int) -> None:
    builds = [build(str(number), phase) for number, phase in enumerate(phases)]
    found = failed_before(builds, str(place))
    assert found == failed_before(builds[place:], str(place))
    assert not found or (int(found) > place and builds[int(found)].phase in {Phase.ERROR, Phase.EXPIRED})
