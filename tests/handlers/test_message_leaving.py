"""Whoever unlinks or leaves takes their scheduled global messages along."""

# ruff: noqa: E501 - what people read stands on one line

from inline_snapshot import snapshot

from bot.domain.banners import BannerStage
from bot.domain.people import Account
from handlers import leaving
from tests.handlers.banner_steps import banner, later, posts, read, says_yes, stage, told
from tests.handlers.conftest import ALICE, BOB, Office
from tests.handlers.council import Council, approve

SOON = 'message post warning "Read-only" --at "in 2 hours" --for 4h'


def again(office: Office) -> None:
    """Alice links again, for something else."""
    office.accounts.kept[ALICE] = Account(ALICE, "alice", office.clock.now(), "token-alice")


async def test_what_waits_is_cancelled_at_once_and_the_channel_hears_of_it(office: Office) -> None:
    await says_yes(office, SOON)
    assert read(office, await office.says("unlink")) == snapshot(
        [
            "I have forgotten your account on quay.example. I can do nothing there in your name any more.",
            "I have cancelled what you had scheduled: `M7PX4`.",
            "The token itself is still valid, because I cannot tell which one it is in Quay's list. Revoke it <https://quay.example/user/alice?tab=external|in your settings at Quay>, below *External Logins and Applications*.",
        ]
    )
    assert stage(office) is BannerStage.CANCELLED
    assert told(office, f"banner:{banner(office).name}:cancelled") == snapshot(
        [
            "The global message `M7PX4` “Read-only” was cancelled. It is not shown. Whoever scheduled it has unlinked their Quay account."
        ]
    )
    again(office)
    await later(office, hours=2)
    assert posts(office) == 0


async def test_what_is_shown_stays_and_they_are_told_that_nobody_ends_it(office: Office) -> None:
    await says_yes(office, SOON)
    await later(office, hours=2)
    assert read(office, await office.says("unlink")) == snapshot(
        [
            "I have forgotten your account on quay.example. I can do nothing there in your name any more.",
            "`M7PX4` stays shown. I can end it <!date^1795446000^{date_short_pretty} {time}|2026-11-23 15:00 UTC> only if you have linked your account again by then. Any superuser can delete it: `/quay message list`.",
            "The token itself is still valid, because I cannot tell which one it is in Quay's list. Revoke it <https://quay.example/user/alice?tab=external|in your settings at Quay>, below *External Logins and Applications*.",
        ]
    )
    assert stage(office) is BannerStage.SHOWN
    await later(office, hours=4)
    assert stage(office) is BannerStage.FAILED
    assert told(office, f"banner:{banner(office).name}:failed") == snapshot(
        [
            "The global message `M7PX4` “Read-only” has failed. The link to the Quay account alice does not serve for this any more. It is still shown. Please delete it with `/quay message list`, or in Quay."
        ]
    )


async def test_who_has_linked_again_by_then_has_it_ended(office: Office) -> None:
    await says_yes(office, SOON)
    await later(office, hours=2)
    await office.says("unlink")
    again(office)
    await later(office, hours=4)
    assert (stage(office), office.quay.banners.shown) == (BannerStage.ENDED, [])


async def test_what_is_shown_without_an_end_needs_nobody(office: Office) -> None:
    await says_yes(office, 'message post info "x" --at "in 1h"')
    await later(office, hours=1)
    assert len(read(office, await office.says("unlink"))) == 2
    assert stage(office) is BannerStage.SHOWN


async def test_those_of_others_stay(office: Office) -> None:
    office.links_bob()
    await says_yes(office, SOON, BOB)
    await office.says("unlink")
    assert stage(office) is BannerStage.WAITING


async def test_who_leaves_is_not_written_to_and_the_channel_is(office: Office) -> None:
    await says_yes(office, SOON)
    before = set(office.notices.said)
    await leaving.forget([ALICE], office.desk)
    assert stage(office) is BannerStage.CANCELLED
    assert [office.notices.said[key].channel for key in office.notices.said if key not in before] == ["C1"]
    await leaving.forget([ALICE], office.desk)


async def test_the_audit_knows_under_which_approval_it_was_withdrawn() -> None:
    council = Council(1)
    await says_yes(council, SOON)
    await approve(council, BOB)
    await council.says("unlink")
    line = next(one.deed for one in council.audit.lines if one.deed.outcome == "withdrawn")
    assert (line.act.name, line.approval, line.reference) == (
        "message post",
        council.request.name,
        banner(council).reference,
    )
