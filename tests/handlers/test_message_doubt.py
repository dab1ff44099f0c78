"""Whether a global message is ours: what was there before is not, whatever it says, and nobody posts on an old look."""

import pytest

from bot.domain.banners import BannerStage
from bot.domain.errors import TryLater
from handlers.jobs import turn_banners
from tests.handlers.banner_steps import banner, later, posts, says_yes, stage, told
from tests.handlers.conftest import Office

SOON = 'message post warning "Read-only" --at "in 2 hours" --for 4h'
AWAY = TryLater("Quay is away.")
LOST = TryLater("Nobody knows whether it did.", doubtful=True)


async def test_who_looked_before_it_moved_on_does_not_post_it_again(office: Office) -> None:
    await says_yes(office, SOON)
    await later(office, hours=1.99)
    office.clock.time = banner(office).begins_at
    stale = await office.banners.due(office.clock.now())  # another replica has looked, and is busy
    office.quay.banners.slips = LOST
    await turn_banners.run(office.desk)
    now = office.clock.time
    await office.banners.move(banner(office), BannerStage.WAITING, now.replace(minute=now.minute + 2), reason="cut off")

    async def due(_now: object) -> object:
        return stale

    office.banners.due = due  # type: ignore[method-assign, assignment]
    await turn_banners.run(office.desk)
    assert (office.quay.banners.texts(), posts(office)) == (["Read-only"], 1)


@pytest.mark.parametrize("line", [SOON, 'message post warning "Read-only" --for 4h'])
async def test_an_equal_message_of_somebody_else_is_neither_taken_for_ours_nor_deleted(
    office: Office, line: str
) -> None:
    theirs = office.quay.banners.has("Read-only", "warning")
    office.quay.banners.errors["post"] = [LOST]  # it never arrived
    await says_yes(office, line)
    await later(office, hours=2)
    await later(office, minutes=2)
    assert (stage(office), posts(office)) == (BannerStage.SHOWN, 2)
    assert banner(office).uuid not in ("", theirs.uuid)
    await later(office, hours=4)
    assert (stage(office), office.quay.banners.shown) == (BannerStage.ENDED, [theirs])


async def test_doubt_outlasts_a_quay_that_is_away_meanwhile(office: Office) -> None:
    await says_yes(office, SOON)
    office.quay.banners.slips = LOST
    await later(office, hours=2)
    office.quay.banners.errors["all"] = [AWAY]
    await later(office, minutes=2)
    assert stage(office) is BannerStage.WAITING
    await later(office, minutes=2)
    assert (stage(office), posts(office), len(office.quay.banners.shown)) == (BannerStage.SHOWN, 1, 1)


async def test_who_loses_the_right_in_doubt_is_told_to_look(office: Office) -> None:
    await says_yes(office, SOON)
    office.quay.banners.slips = LOST
    await later(office, hours=2)
    office.accounts.kept.clear()
    await later(office, minutes=2)
    assert stage(office) is BannerStage.FAILED
    assert "It may be there all the same" in told(office)[0]
    assert "It is not shown" not in told(office)[0]


async def test_who_unlinks_in_doubt_leaves_word_to_look(office: Office) -> None:
    await says_yes(office, SOON)
    office.quay.banners.slips = LOST
    await later(office, hours=2)
    office.quay.banners.errors["all"] = [AWAY]
    await later(office, minutes=2)
    await office.says("unlink")
    assert (stage(office), posts(office)) == (BannerStage.CANCELLED, 1)
    assert "It may be there all the same" in told(office)[0]
    assert "It is not shown" not in told(office)[0]


async def test_after_a_try_that_surely_failed_an_equal_message_is_not_ours(office: Office) -> None:
    await says_yes(office, SOON)
    office.quay.banners.errors["post"] = [AWAY]
    await later(office, hours=2)
    assert (stage(office), banner(office).seen) == (BannerStage.WAITING, None)
    theirs = office.quay.banners.has("Read-only", "warning")
    await later(office, minutes=1)
    assert (posts(office), banner(office).seen) == (2, (theirs.uuid,))
    assert banner(office).uuid != theirs.uuid


async def test_what_was_there_before_does_not_keep_it_from_being_ended(office: Office) -> None:
    theirs = office.quay.banners.has("Read-only", "warning")
    office.quay.banners.unclear = True
    await says_yes(office, SOON)
    await later(office, hours=2)
    assert (stage(office), banner(office).uuid) == (BannerStage.SHOWN, "")
    await later(office, hours=4)
    assert (stage(office), office.quay.banners.shown) == (BannerStage.ENDED, [theirs])


async def test_who_is_cut_off_before_posting_posts_once(office: Office) -> None:
    await says_yes(office, SOON)
    await office.banners.move(banner(office), BannerStage.POSTING, office.clock.now())
    office.quay.banners.has("Read-only", "warning")
    await later(office, hours=2)
    assert (stage(office), posts(office)) == (BannerStage.SHOWN, 1)
    await later(office, hours=4)
    assert office.quay.banners.texts() == ["Read-only"]


async def test_another_process_that_took_it_over_is_left_to_it(office: Office) -> None:
    await says_yes(office, SOON)
    office.clock.time = banner(office).begins_at
    moved = office.banners.move
    calls = 0

    async def losing(*arguments: object, **more: object) -> bool:
        nonlocal calls
        calls += 1
        return calls != 2 and await moved(*arguments, **more)  # type: ignore[arg-type]

    office.banners.move = losing  # type: ignore[method-assign]
    await turn_banners.run(office.desk)
    assert (stage(office), posts(office)) == (BannerStage.POSTING, 0)
