"""Global messages with a time when Quay is away, an answer is lost, or the bot was cut off on the way."""

# ruff: noqa: E501 - what people read stands on one line

from dataclasses import replace
from datetime import timedelta

import pytest
from inline_snapshot import snapshot

from bot.domain.banners import BannerStage
from bot.domain.errors import GiveUp, TryLater
from handlers.jobs import turn_banners
from tests.handlers.banner_steps import SOON, banner, later, posts, read, says_yes, stage, told
from tests.handlers.conftest import Office

AWAY = TryLater("Quay is away.")
LOST = TryLater("Nobody knows whether it did.", doubtful=True)


async def test_while_quay_is_away_it_is_tried_each_minute_and_shown_late(office: Office) -> None:
    await says_yes(office, SOON)
    office.quay.banners.errors["post"] = [AWAY, AWAY]
    await later(office, hours=2)
    assert stage(office) is BannerStage.WAITING
    await later(office, seconds=30)
    assert posts(office) == 1
    await later(office, seconds=30)
    await later(office, seconds=60)
    assert (posts(office), office.quay.banners.texts()) == (3, ["Read-only"])


async def test_after_half_an_hour_without_an_end_it_has_failed(office: Office) -> None:
    await says_yes(office, 'message post info "x" --at "in 1h"')
    office.quay.banners.errors["post"] = [AWAY] * 100
    await later(office, hours=1)
    for _ in range(31):
        await later(office, minutes=1)
    assert stage(office) is BannerStage.FAILED
    assert posts(office) <= 31
    assert told(office) == snapshot(
        ["The global message `M7PX4` “x” has failed. Its time had passed before I could show it."]
    )


async def test_a_bot_that_slept_over_it_does_not_show_it_too_late(office: Office) -> None:
    await says_yes(office, SOON)
    await later(office, hours=7)
    assert (stage(office), posts(office)) == (BannerStage.FAILED, 0)
    assert "Its time had passed" in told(office)[0]


@pytest.mark.parametrize("done", [True, False])
async def test_a_lost_answer_is_looked_into_and_never_posted_twice(office: Office, done: bool) -> None:
    await says_yes(office, SOON)
    if done:
        office.quay.banners.slips = LOST
    else:
        office.quay.banners.errors["post"] = [LOST]
    await later(office, hours=2)
    assert stage(office) is BannerStage.POSTING
    await later(office, seconds=61)
    assert (stage(office), office.quay.banners.texts()) == (BannerStage.SHOWN, ["Read-only"])
    assert posts(office) == (1 if done else 2)
    await later(office, hours=4)
    assert office.quay.banners.shown == []


def cut_off(office: Office) -> None:
    """The process has died right after it had posted."""
    kept = office.banners.kept
    office.banners.kept = {one: replace(kept[one], stage=BannerStage.POSTING, seen=()) for one in kept}


async def test_a_crash_between_posting_and_storing_is_mended(office: Office) -> None:
    await says_yes(office, SOON)
    cut_off(office)
    office.quay.banners.has("Read-only", "warning")
    await later(office, hours=2)
    assert (stage(office), posts(office)) == (BannerStage.SHOWN, 0)
    assert banner(office).uuid == office.quay.banners.shown[0].uuid


async def test_a_crash_past_its_end_leaves_nothing_behind(office: Office) -> None:
    await says_yes(office, SOON)
    cut_off(office)
    office.quay.banners.has("Read-only", "warning")
    await later(office, hours=9)
    await later(office, seconds=5)
    await later(office, minutes=1)
    assert (stage(office), office.quay.banners.shown) == (BannerStage.ENDED, [])


async def test_of_two_replicas_one_posts(office: Office) -> None:
    await says_yes(office, SOON)
    office.clock.time += timedelta(hours=2)
    due = await office.banners.due(office.clock.now())
    await turn_banners.run(office.desk)
    office.banners.due = lambda _now: _later(due)  # type: ignore[method-assign, assignment]
    await turn_banners.run(office.desk)
    assert posts(office) == 1


async def _later(found: object) -> object:
    return found


async def test_an_end_is_tried_for_a_day_and_then_said_to_be_open(office: Office) -> None:
    await says_yes(office, SOON)
    await later(office, hours=2)
    office.quay.banners.errors["delete"] = [AWAY] * 100
    await later(office, hours=4)
    assert stage(office) is BannerStage.SHOWN
    await later(office, hours=25)
    assert stage(office) is BannerStage.FAILED
    assert told(office, f"banner:{banner(office).name}:failed") == snapshot(
        [
            "The global message `M7PX4` “Read-only” has failed. Quay is away. It is still shown. Please delete it with `/quay message list`, or in Quay."
        ]
    )


async def test_an_end_that_is_refused_is_told_with_what_to_do(office: Office) -> None:
    await says_yes(office, SOON)
    await later(office, hours=2)
    office.accounts.kept.clear()
    await later(office, hours=4)
    assert stage(office) is BannerStage.FAILED
    assert "Please delete it" in told(office)[0]


async def test_what_nobody_expected_with_one_does_not_stop_the_others(office: Office) -> None:
    await says_yes(office, SOON)
    await says_yes(office, 'message post info "Second" --at "in 2 hours"')
    office.quay.banners.errors["post"] = [RuntimeError("boom"), None]
    await later(office, hours=2)
    assert len(office.quay.banners.shown) == 1
    await later(office, minutes=2)
    assert sorted(office.quay.banners.texts()) == ["Read-only", "Second"]


async def test_quay_that_cannot_be_understood_makes_it_fail(office: Office) -> None:
    await says_yes(office, SOON)
    office.quay.banners.errors["post"] = [GiveUp("Quay answered nonsense.")]
    await later(office, hours=2)
    assert stage(office) is BannerStage.FAILED


async def test_which_one_is_ours_may_stay_unknown_until_the_end(office: Office) -> None:
    office.quay.banners.unclear = True
    await says_yes(office, SOON)
    await later(office, hours=2)
    assert (stage(office), banner(office).uuid) == (BannerStage.SHOWN, "")
    office.quay.banners.has("Another")
    await later(office, hours=4)
    assert office.quay.banners.texts() == ["Another"]


async def test_of_two_that_say_the_same_none_is_deleted_by_guessing(office: Office) -> None:
    office.quay.banners.unclear = True
    await says_yes(office, SOON)
    await later(office, hours=2)
    office.quay.banners.has("Read-only", "warning")
    await later(office, hours=4)
    assert (stage(office), len(office.quay.banners.shown)) == (BannerStage.FAILED, 2)


async def test_an_end_that_was_cut_off_is_tried_again(office: Office) -> None:
    await says_yes(office, SOON)
    await later(office, hours=2)
    office.banners.kept = {one.name: replace(one, stage=BannerStage.REMOVING) for one in office.banners.kept.values()}
    await later(office, hours=4)
    assert (stage(office), office.quay.banners.shown) == (BannerStage.ENDED, [])


async def test_a_lost_answer_to_what_begins_at_once_is_looked_into(office: Office) -> None:
    office.quay.banners.slips = LOST
    assert "I look in a minute" in read(office, await says_yes(office, 'message post info "x" --for 1h'))[0]
    await later(office, seconds=61)
    assert (stage(office), posts(office)) == (BannerStage.SHOWN, 1)
    await later(office, hours=1)
    assert office.quay.banners.shown == []
