"""Who has agreed to a scheduled global message is asked about anew when its time comes."""

# ruff: noqa: E501 - what people read stands on one line

from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from bot.domain.banners import BannerStage
from bot.domain.errors import TryLater
from bot.domain.people import Account, Person
from bot.rules.policy import NOBODY_ASKED, Decision, Effect
from tests.handlers.banner_steps import banner, later, posts, says_yes, stage, told
from tests.handlers.conftest import ALICE, BOB, START
from tests.handlers.council import CAROL, Council, approve

SOON = 'message post warning "Read-only" --at "in 2 hours" --for 4h'
MALLORY = Person("T1", "U-MALLORY")


async def agreed(*voters: Person, needed: int = 1) -> Council:
    """Alice has scheduled it, and these have agreed."""
    council = Council(needed)
    await says_yes(council, SOON)
    for person in voters:
        await approve(council, person)
    assert stage(council) is BannerStage.WAITING
    return council


async def test_who_agreed_is_kept_with_it() -> None:
    council = await agreed(BOB, CAROL, needed=2)
    assert [(vote.person, vote.username) for vote in banner(council).votes] == [(BOB, "bob"), (CAROL, "carol")]
    assert banner(council).approval == council.request.name


@pytest.mark.parametrize("gone", ["no approver", "unlinked", "other account", "account of whoever asked"])
async def test_a_vote_that_no_longer_counts_cancels_it(gone: str) -> None:
    council = await agreed(BOB)
    if gone == "no approver":
        council.rulings.members = {"U-CAROL"}
    elif gone == "unlinked":
        council.accounts.kept.pop(BOB)
    elif gone == "other account":
        council.links(BOB, "dave")
    else:
        council.accounts.kept[BOB] = Account(BOB, "alice", START, "token-alice")
    await later(council, hours=2)
    assert (stage(council), posts(council)) == (BannerStage.CANCELLED, 0)
    assert told(council, f"banner:{banner(council).name}:cancelled") == REASONS[gone]
    assert f"banner:{banner(council).name}:cancelled:asker" in council.notices.said


REASONS = snapshot(
    {
        "no approver": [
            "The global message `M7PX4` “Read-only” was cancelled. It is not shown. The policy asks for 1 approval now. Of those that it has, none counts. That of bob does not: not an approver. Please ask again."
        ],
        "unlinked": [
            "The global message `M7PX4` “Read-only” was cancelled. It is not shown. The policy asks for 1 approval now. Of those that it has, none counts. That of bob does not: there is no working Quay account linked any more. Please ask again."
        ],
        "other account": [
            "The global message `M7PX4` “Read-only” was cancelled. It is not shown. The policy asks for 1 approval now. Of those that it has, none counts. That of bob does not: another Quay account is linked now. Please ask again."
        ],
        "account of whoever asked": [
            "The global message `M7PX4` “Read-only” was cancelled. It is not shown. The policy asks for 1 approval now. Of those that it has, none counts. That of bob does not: this is the Quay account of whoever asked. Please ask again."
        ],
    }
)


async def test_the_rule_that_applies_now_says_who_and_how_many() -> None:
    council = await agreed(BOB, CAROL, needed=2)
    council.rulings.members = {"U-CAROL", "U-DAVE"}
    council.rulings.decision = Decision(Effect.APPROVE, "other rule", approvers=("user:U-CAROL",), needed=1)
    await later(council, hours=2)
    assert (stage(council), posts(council)) == (BannerStage.SHOWN, 1)


async def test_without_a_rule_that_asks_nobody_has_to_agree_any_more() -> None:
    council = await agreed(BOB)
    council.rulings.members, council.rulings.decision = set(), NOBODY_ASKED
    await later(council, hours=2)
    assert posts(council) == 1


async def test_what_cannot_be_found_out_for_a_moment_is_asked_again() -> None:
    council = await agreed(BOB)
    council.rulings.unknown = {"U-BOB"}
    await later(council, hours=2)
    assert (stage(council), posts(council)) == (BannerStage.WAITING, 0)
    assert "cannot find out now" in banner(council).reason
    council.rulings.unknown = set()
    await later(council, minutes=1)
    assert (stage(council), posts(council)) == (BannerStage.SHOWN, 1)


async def test_while_quay_is_away_no_vote_is_lost() -> None:
    council = await agreed(BOB)
    council.quay.banners.errors["post"] = [TryLater("Quay is away.")]
    await later(council, hours=2)
    assert (stage(council), len(banner(council).votes)) == (BannerStage.WAITING, 1)
    await later(council, minutes=1)
    assert stage(council) is BannerStage.SHOWN


async def test_nobody_can_take_the_votes_away_by_pressing_again_and_again() -> None:
    council = await agreed(BOB)
    name, before = council.request.name, len(council.audit.lines)
    for _ in range(120):
        await council.presses("approval_approve", name, MALLORY)
        await council.presses("approval_deny", name, MALLORY)
    assert len(council.audit.lines) == before
    await later(council, hours=2)
    assert (stage(council), posts(council)) == (BannerStage.SHOWN, 1)


@pytest.mark.parametrize("command", ["approve", "deny"])
async def test_a_press_on_what_is_over_is_answered_and_not_written_down(command: str) -> None:
    council = await agreed(BOB)
    before = len(council.audit.lines)
    reply = await council.says(f"{command} {council.request.name}", MALLORY)
    assert "was approved and has run" in council.reads(reply)[0]
    assert len(council.audit.lines) == before


async def test_a_press_on_what_waits_is_written_down() -> None:
    council = Council(2)
    await says_yes(council, SOON)
    await council.presses("approval_approve", council.request.name, MALLORY)
    assert council.outcomes()[-1] == "U-MALLORY: unlinked"


async def test_two_people_with_one_account_are_one_voice() -> None:
    council = await agreed(BOB, CAROL, needed=2)
    council.banners.kept = {
        name: replace(one, votes=tuple(replace(vote, username="bob") for vote in one.votes))
        for name, one in council.banners.kept.items()
    }
    council.accounts.kept[CAROL] = Account(CAROL, "bob", START, "token-bob")
    await later(council, hours=2)
    assert (stage(council), posts(council)) == (BannerStage.CANCELLED, 0)
    assert ALICE not in {vote.person for vote in banner(council).votes}
