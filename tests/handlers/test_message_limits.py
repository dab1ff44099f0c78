"""How many messages may wait for their time, and what happens when the store fails right after one was posted."""

# ruff: noqa: E501 - what people read stands on one line

from datetime import timedelta
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.domain.banners import Banner, BannerStage
from bot.domain.errors import TryLater
from bot.services.banners import MOST_WAITING
from tests.handlers.banner_steps import banner, later, posts, read, says_yes, stage
from tests.handlers.conftest import Office

SOON = 'message post warning "Read-only" --at "in 2 hours" --for 4h'


@pytest.fixture
def failing(office: Office, monkeypatch: pytest.MonkeyPatch) -> list[Exception]:
    """What storing that something is shown raises, one after the other."""
    errors: list[Exception] = [TryLater("The database is away.")]
    move = office.banners.move

    async def stored(banner: Banner, to: BannerStage, *arguments: Any, **named: Any) -> bool:
        if to is BannerStage.SHOWN and errors:
            raise errors.pop()
        return await move(banner, to, *arguments, **named)

    monkeypatch.setattr(office.banners, "move", stored)
    return errors


async def test_what_was_posted_and_could_not_be_stored_is_not_posted_again(
    office: Office, failing: list[Exception]
) -> None:
    await says_yes(office, SOON)
    await later(office, hours=2)
    assert (failing, stage(office), posts(office)) == ([], BannerStage.POSTING, 1)
    await later(office, minutes=2)
    await later(office, seconds=5)
    assert (stage(office), posts(office)) == (BannerStage.SHOWN, 1)
    assert banner(office).uuid == office.quay.banners.shown[0].uuid


async def test_what_was_posted_at_once_and_could_not_be_stored_is_told_and_gets_its_end(
    office: Office, failing: list[Exception]
) -> None:
    reply = await says_yes(office, 'message post info "Back soon" --for 90m')
    assert read(office, reply)[0].startswith(":white_check_mark: Done: you showed every user")
    assert stage(office) is BannerStage.POSTING
    await later(office, minutes=2)
    await later(office, seconds=5)
    assert (stage(office), posts(office)) == (BannerStage.SHOWN, 1)
    await later(office, minutes=90)
    assert (stage(office), office.quay.banners.shown) == (BannerStage.ENDED, [])


async def test_one_person_has_so_many_messages_waiting_and_no_more(office: Office) -> None:
    for number in range(MOST_WAITING):
        office.clock.time += timedelta(minutes=1)
        await says_yes(office, f'message post info "Number {number}" --at "in 2 days"')
    assert len(office.banners.kept) == MOST_WAITING
    refused = read(office, await office.says('message post info "One more" --at "in 2 days"'))
    assert refused[0] == snapshot(
        "You have 20 scheduled messages that have not begun, and 20 are as many as one person may have. Please cancel one first: `/quay message list` shows them."
    )
    at_once = read(office, await office.says('message post info "Now"'))
    assert at_once[0] == "Please check what would happen:"
    one = next(iter(office.banners.kept))
    await office.says(f"message cancel {one}")
    await says_yes(office, 'message post info "One more" --at "in 2 days"')
    assert sum(banner.stage is BannerStage.WAITING for banner in office.banners.kept.values()) == MOST_WAITING
