"""Global messages with a time: who still may when it comes, whose agreement holds until then, and who hears if not."""

# ruff: noqa: E501 - what people read stands on one line

from datetime import timedelta

import pytest
from inline_snapshot import snapshot

from bot.domain.banners import BannerStage
from bot.domain.errors import NotLinked, UserError
from bot.domain.people import Account
from bot.rules.policy import NOBODY_ASKED, Decision, Effect
from tests.handlers.banner_steps import SOON, banner, later, offered, posts, says_yes, stage, told
from tests.handlers.conftest import ALICE, BOB, START, Office
from tests.handlers.council import CAROL, Council, approve


def keys(office: Office) -> list[str]:
    return [key.replace(banner(office).name, "M7PX4") for key in office.notices.said if key.startswith("banner:")]


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
