"""Global messages with a time: scheduled, shown, ended, cancelled, and what goes wrong on the way."""

# ruff: noqa: E501 - what people read stands on one line

from dataclasses import replace
from datetime import timedelta

import pytest
from inline_snapshot import snapshot

from bot.blocks.text import when
from bot.domain.banners import BannerStage
from bot.domain.errors import GiveUp, NotLinked, TryLater, UserError
from bot.domain.people import Account
from bot.rules.policy import NOBODY_ASKED, Decision, Effect
from handlers.jobs import sweep_banners, turn_banners
from tests.handlers.banner_steps import banner, later, offered, posts, read, says_yes, stage, told, undo
from tests.handlers.conftest import ALICE, BOB, START, Office
from tests.handlers.council import CAROL, Council, approve

SOON = 'message post warning "Read-only" --at "in 2 hours" --for 4h'
AWAY = TryLater("Quay is away.")
LOST = TryLater("Nobody knows whether it did.", doubtful=True)


def keys(office: Office) -> list[str]:
    return [key.replace(banner(office).name, "M7PX4") for key in office.notices.said if key.startswith("banner:")]


async def test_a_preview_says_the_exact_times_on_both_clocks(office: Office) -> None:
    office.directory.zones["U-ALICE"] = "Europe/Berlin"
    assert read(office, await office.says('message post info "x" --at tomorrow 18:00 --for 2 days')) == snapshot(
        [
            "Please check what would happen:",
            "Every user of the registry `quay.example` will see this banner in Quay:",
            """\
:information_source: info
│ x\
""",
            """\
Begins: `Tue 24 Nov 2026 18:00 CET (17:00 UTC)`
Ends: `Thu 26 Nov 2026 18:00 CET (17:00 UTC)`, after 2 d\
""",
            "Nothing is done yet. This offer is good until <!date^1795425000^{date_short_pretty} {time}|2026-11-23 09:10 UTC>.",
            "[Schedule it] [Cancel]",
        ]
    )


async def test_it_is_scheduled_shown_and_ended(office: Office) -> None:
    reply = await says_yes(office, SOON)
    name = banner(office).name
    assert [line.replace(name, "M7PX4") for line in read(office, reply)] == snapshot(
        [
            "Scheduled as `M7PX4`, with your account. It begins <!date^1795431600^{date_short_pretty} {time}|2026-11-23 11:00 UTC> and ends <!date^1795446000^{date_short_pretty} {time}|2026-11-23 15:00 UTC>. `/quay message cancel M7PX4` takes it back.",
            """\
:warning: warning
│ Read-only\
""",
        ]
    )
    assert told(office) == snapshot(
        [
            "<@U-ALICE> scheduled a global message for every user of `quay.example`: `M7PX4` begins <!date^1795431600^{date_short_pretty} {time}|2026-11-23 11:00 UTC> and ends <!date^1795446000^{date_short_pretty} {time}|2026-11-23 15:00 UTC>. What it says is told then.",
            "[Undo]",
            "Can be undone for 60 minutes. Reference REFE-0000",
        ]
    )
    await later(office, minutes=119)
    assert (stage(office), posts(office)) == (BannerStage.WAITING, 0)
    await later(office, minutes=1)
    assert (stage(office), office.quay.banners.texts()) == (BannerStage.SHOWN, ["Read-only"])
    assert told(office, f"banner:{name}:shown") == snapshot(
        [
            "The global message `M7PX4` “Read-only” is shown to every user of the registry now. Scheduled by <@U-ALICE>.",
            """\
:warning: warning
│ Read-only\
""",
            "[Undo]",
            "Can be undone for 60 minutes. Reference REFE-0000",
        ]
    )
    await later(office, hours=3)
    assert stage(office) is BannerStage.SHOWN
    await later(office, hours=1)
    assert (stage(office), office.quay.banners.shown, posts(office)) == (BannerStage.ENDED, [], 1)
    assert told(office, f"banner:{name}:ended") == snapshot(
        ["The global message `M7PX4` “Read-only” is over, and not shown any more. Verified: it is gone."]
    )
    acts = [(line.deed.act.name, line.deed.outcome.value) for line in office.audit.lines]
    assert acts[-4:] == [
        *(("message post", one) for one in ("tried", "done")),
        *(("message delete", one) for one in ("tried", "done")),
    ]


async def test_for_a_while_it_is_shown_at_once(office: Office) -> None:
    reply = await says_yes(office, 'message post info "Back soon" --for 90m')
    assert read(office, reply) == snapshot(
        [
            ":white_check_mark: Done: you showed every user of `quay.example` a new global message. It ends <!date^1795429800^{date_short_pretty} {time}|2026-11-23 10:30 UTC>. *Verified:* I read it back from Quay."
        ]
    )
    assert (stage(office), banner(office).ends_at) == (BannerStage.SHOWN, START + timedelta(minutes=90))
    await later(office, minutes=90)
    assert office.quay.banners.shown == []


async def test_undo_of_scheduling_cancels_it_and_undo_of_that_schedules_it_again(office: Office) -> None:
    await says_yes(office, SOON)
    assert read(office, await office.presses("undo", undo(office))) != []
    assert stage(office) is BannerStage.CANCELLED
    await office.presses("undo", undo(office))
    assert sorted(one.stage.value for one in office.banners.kept.values()) == ["cancelled", "waiting"]
    await later(office, hours=2)
    assert office.quay.banners.texts() == ["Read-only"]


async def test_only_whoever_scheduled_it_or_an_approver_cancels_it(office: Office) -> None:
    office.links_bob()
    await says_yes(office, SOON)
    office.quay.banners.errors["admitted"] = [UserError("You are no superuser.")]
    assert (
        "Only whoever scheduled it" in read(office, await office.says(f"message cancel {banner(office).name}", BOB))[0]
    )
    assert stage(office) is BannerStage.WAITING
    await office.says(f"message delete {banner(office).name.lower()}")
    assert stage(office) is BannerStage.CANCELLED


async def test_the_undo_of_what_was_shown_ends_it_for_good(office: Office) -> None:
    await says_yes(office, SOON)
    await later(office, hours=2)
    await office.presses("undo", undo(office))
    assert (stage(office), office.quay.banners.shown) == (BannerStage.ENDED, [])
    await later(office, hours=5)
    assert posts(office) == 1


async def test_what_somebody_deleted_meanwhile_is_over_without_a_fuss(office: Office) -> None:
    await says_yes(office, SOON)
    await later(office, hours=2)
    office.quay.banners.shown.clear()
    await later(office, hours=4)
    assert stage(office) is BannerStage.ENDED
    assert "It was gone already." in told(office)[0]


@pytest.mark.parametrize("gone", ["unlinked", "denied", "no superuser", "other account"])
async def test_whoever_lost_the_right_hears_of_it_and_nothing_is_shown(gone: str) -> None:
    office = Council()
    office.rulings.decision = NOBODY_ASKED
    await says_yes(office, SOON)
    if gone == "unlinked":
        office.accounts.kept.clear()
    elif gone == "denied":
        office.rulings.decision = Decision(Effect.DENY, "nobody", "Not in this house.")
    elif gone == "no superuser":
        office.quay.banners.errors["post"] = [UserError("You are no superuser any more.")]
    else:
        office.accounts.kept[ALICE] = Account(ALICE, "dave", START, "token-dave")
    await later(office, hours=2)
    assert (stage(office), office.quay.banners.shown) == (BannerStage.CANCELLED, [])
    assert keys(office) == ["banner:M7PX4:cancelled", "banner:M7PX4:cancelled:asker"]
    places = [office.notices.said[key].channel for key in office.notices.said if "cancelled" in key]
    assert places == ["C1", "U-ALICE"]
    name = banner(office).name
    said = told(office, f"banner:{name}:cancelled") + told(office, f"banner:{name}:cancelled:asker")
    assert said == WORDS[gone]


WORDS = snapshot(
    {
        "unlinked": [
            "The global message `M7PX4` “Read-only” was cancelled. It is not shown. The link to the Quay account alice does not serve for this any more.",
            "The global message `M7PX4` “Read-only” was cancelled. It is not shown. I do not know your Quay account yet.",
            "[Link my Quay account]",
        ],
        "denied": [
            "The global message `M7PX4` “Read-only” was cancelled. It is not shown. The policy's rule “nobody” does not allow `message post`. Not in this house.",
            "The global message `M7PX4` “Read-only” was cancelled. It is not shown. The policy's rule “nobody” does not allow `message post`. Not in this house.",
        ],
        "no superuser": [
            "The global message `M7PX4` “Read-only” was cancelled. It is not shown. Quay refused it for the account alice.",
            "The global message `M7PX4` “Read-only” was cancelled. It is not shown. You are no superuser any more.",
        ],
        "other account": [
            "The global message `M7PX4` “Read-only” was cancelled. It is not shown. Whoever scheduled it has linked another Quay account since.",
            "The global message `M7PX4` “Read-only” was cancelled. It is not shown. Whoever scheduled it has linked another Quay account since.",
        ],
    }
)


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


async def test_approvals_are_asked_for_when_it_is_scheduled_and_hold_when_its_time_comes() -> None:
    council = Council(needed=1)
    preview = await council.says(SOON)
    await council.presses("confirm", offered(preview))
    assert council.banners.kept == {}
    await approve(council, BOB)
    assert stage(council) is BannerStage.WAITING
    await later(council, hours=2)
    assert (stage(council), posts(council)) == (BannerStage.SHOWN, 1)
    assert council.audit.lines[-1].deed.approval == council.request.name
    await later(council, hours=4)
    assert council.quay.banners.shown == []


async def test_more_approvals_than_were_given_cancel_it() -> None:
    council = Council(needed=1)
    await says_yes(council, SOON)
    await approve(council, CAROL)
    council.needs(2)
    await later(council, hours=2)
    assert (stage(council), posts(council)) == (BannerStage.CANCELLED, 0)
    assert "asks for 2 approvals now. Of those that it has, 1 counts." in told(council)[0]


async def test_what_nobody_had_to_agree_to_is_cancelled_if_the_policy_asks_by_then() -> None:
    council = Council()
    council.rulings.decision = NOBODY_ASKED
    await says_yes(council, SOON)
    council.needs(1)
    await later(council, hours=2)
    assert stage(council) is BannerStage.CANCELLED


async def test_an_approval_that_comes_too_late_shows_nothing() -> None:
    council = Council(needed=1)
    await says_yes(council, 'message post info "x" --at "in 5m"')
    council.clock.time += timedelta(minutes=6)
    await approve(council, BOB)
    assert council.banners.kept == {}
    assert posts(council) == 0


async def test_a_dead_token_is_told_with_the_way_to_mend_it(office: Office) -> None:
    await says_yes(office, SOON)
    office.quay.banners.errors["post"] = [NotLinked("Your token is dead.")]
    await later(office, hours=2)
    letter = office.notices.said[f"banner:{banner(office).name}:cancelled:asker"]
    assert any(block["type"] == "actions" for block in letter.payload["blocks"])


async def test_what_is_shown_is_deleted_by_the_name_under_which_it_was_scheduled(office: Office) -> None:
    await says_yes(office, SOON)
    await later(office, hours=2)
    await says_yes(office, f"message delete {banner(office).name}")
    assert (office.quay.banners.shown, stage(office)) == ([], BannerStage.ENDED)


async def test_the_undo_of_a_deletion_shows_it_until_the_end_that_it_had(office: Office) -> None:
    await says_yes(office, 'message post info "x" --for 4h')
    await says_yes(office, f"message delete {banner(office).name}")
    assert office.quay.banners.shown == []
    (first,) = office.banners.kept.values()
    await later(office, minutes=50)
    await office.presses("undo", undo(office))
    second = next(one for one in office.banners.kept.values() if one.name != first.name)
    assert second.ends_at == first.ends_at == START + timedelta(hours=4)
    assert f"it is shown again until {when(START + timedelta(hours=4))}" in told(office)[0]
    assert len(office.quay.banners.shown) == 1
    await later(office, hours=4)
    assert office.quay.banners.shown == []


async def test_a_deleted_message_whose_end_has_passed_is_not_shown_again(office: Office) -> None:
    await says_yes(office, 'message post info "x" --for 30m')
    await says_yes(office, f"message delete {banner(office).name}")
    office.clock.time += timedelta(minutes=40)
    assert "The end of this message has passed meanwhile" in read(office, await office.presses("undo", undo(office)))[0]
    assert office.quay.banners.shown == []


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


async def test_what_is_long_over_is_forgotten(office: Office) -> None:
    await says_yes(office, SOON)
    await office.says(f"message cancel {banner(office).name}")
    office.clock.time += timedelta(days=31)
    await sweep_banners.run(office.desk)
    assert office.banners.kept == {}
