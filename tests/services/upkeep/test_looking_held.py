"""Pushes that wait until it is known who pushed them."""

from datetime import timedelta

import pytest

from bot.domain.digests import Rhythm
from bot.domain.errors import TryLater, UserError
from bot.domain.images import Scan
from bot.services.upkeep import looking
from bot.services.upkeep.wishes import NOBODY
from tests.services.upkeep.lookout import A, Lookout, flaw


@pytest.fixture
def lookout() -> Lookout:
    lookout = Lookout()
    lookout.subscribes(filter_="-by:acme+mirror", layout="compact")
    return lookout


async def test_a_push_by_somebody_else_is_told_with_everything_that_is_known(lookout: Lookout) -> None:
    lookout.has("v1", A)
    lookout.pushed_by("alice")
    lookout.quay.scans[A] = Scan("scanned", (flaw(),))
    number = lookout.hears("v1", held=True)
    await lookout.looks()
    [telling] = lookout.wall.released
    assert (telling.channels, telling.filtered, telling.delivery) == (("C1",), {}, number)
    assert (telling.name, telling.layout) == (f"delivery:{number}", "compact")
    assert (telling.event.by, telling.event.note) == ("alice", "")  # type: ignore[attr-defined]
    found = lookout.facts()
    assert found is not None
    assert (found.digest, found.by, found.scan) == (A, "alice", "scanned")
    assert lookout.queue.waiting == {}


async def test_a_push_by_an_excluded_account_goes_to_the_trail_with_the_word(lookout: Lookout) -> None:
    lookout.pushed_by("acme+mirror")
    lookout.hears("v1", held=True)
    await lookout.looks()
    [telling] = lookout.wall.released
    assert telling.channels == ()
    assert "-by:acme+mirror" in telling.filtered["C1"]
    assert lookout.queue.waiting == {}


async def test_a_pusher_who_is_not_found_in_time_lets_the_push_pass_with_a_note(lookout: Lookout) -> None:
    lookout.has("v1", A)
    lookout.hears("v1", held=True)
    started = lookout.now
    while not lookout.wall.released:
        await lookout.looks(after=1)
    assert lookout.now - started == timedelta(seconds=20)
    [telling] = lookout.wall.released
    assert (telling.channels, telling.event.note) == (("C1",), NOBODY)


async def test_a_pusher_whose_entry_comes_late_is_waited_for(lookout: Lookout) -> None:
    lookout.hears("v1", held=True)
    await lookout.looks()
    lookout.pushed_by("acme+mirror", since=1)
    await lookout.looks(after=2)
    [telling] = lookout.wall.released
    assert telling.channels == ()


async def test_where_the_log_may_not_be_read_nobody_waits(lookout: Lookout) -> None:
    lookout.quay.errors["log_page"] = UserError("Only admins may.")
    lookout.hears("v1", held=True)
    await lookout.looks()
    assert [telling.event.note for telling in lookout.wall.released] == [NOBODY]


async def test_an_account_that_is_gone_lets_the_push_pass_at_once(lookout: Lookout) -> None:
    lookout.book.linked = False
    lookout.hears("v1", held=True)
    await lookout.looks()
    assert [(telling.channels, telling.event.note) for telling in lookout.wall.released] == [(("C1",), NOBODY)]
    assert lookout.queue.waiting == {}


@pytest.mark.parametrize("call", ["page", "log_page"])
async def test_while_quay_is_away_a_push_waits_for_twenty_seconds_and_passes(lookout: Lookout, call: str) -> None:
    lookout.quay.errors[call] = TryLater("away", after=30.0)
    lookout.hears("v1", held=True)
    started = lookout.now
    while not lookout.wall.released:
        await lookout.looks(after=1)
    assert lookout.now - started == timedelta(seconds=20)
    assert lookout.wall.released[0].channels == ("C1",)


@pytest.mark.parametrize("call", ["page", "log_page", "scan"])
async def test_a_quay_that_hangs_does_not_keep_a_push_for_ever(
    lookout: Lookout, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "LONGEST", 0.01)
    lookout.has("v1", A)
    lookout.quay.hangs.add(call)
    lookout.hears("v1", held=True)
    for _ in range(11):
        await lookout.looks(after=2)
    assert len(lookout.wall.released) == 1


async def test_what_was_paused_meanwhile_is_kept_out(lookout: Lookout) -> None:
    lookout.subscribes(filter_="-by:acme+mirror", paused_until=lookout.now + timedelta(hours=1))
    lookout.pushed_by("alice")
    lookout.hears("v1", held=True)
    await lookout.looks()
    assert "paused" in lookout.wall.released[0].filtered["C1"]


async def test_quiet_hours_that_have_begun_meanwhile_keep_it_out(lookout: Lookout) -> None:
    lookout.wall.rhythms_of["C1"] = Rhythm("UTC", quiet="00:00-23:59")
    lookout.pushed_by("alice")
    lookout.hears("v1", held=True)
    await lookout.looks()
    assert "quiet hours" in lookout.wall.released[0].filtered["C1"]


async def test_after_it_was_let_go_its_card_is_completed_as_any_other(lookout: Lookout) -> None:
    lookout.has("v1", A)
    lookout.pushed_by("alice")
    lookout.quay.scans[A] = Scan("queued")
    lookout.hears("v1", held=True)
    await lookout.looks()
    found = lookout.facts()
    assert found is not None
    assert (found.by, found.scan) == ("alice", "queued")
    lookout.quay.scans[A] = Scan("scanned", (flaw(),))
    await lookout.looks(after=5)
    found = lookout.facts()
    assert found is not None
    assert (found.scan, lookout.queue.waiting) == ("scanned", {})
    assert len(lookout.wall.released) == 1


async def test_of_a_batch_each_push_goes_its_own_way_in_the_order_in_which_they_came(lookout: Lookout) -> None:
    for number in range(4):
        lookout.pushed_by("alice" if number % 2 else "acme+mirror", f"v{number}")
        lookout.hears(f"v{number}", held=True)
    await lookout.looks()
    assert [bool(telling.channels) for telling in lookout.wall.released] == [False, True, False, True]
    assert len(lookout.quay.asked("log_page")) == 1


async def test_a_board_that_is_away_loses_nothing(lookout: Lookout) -> None:
    lookout.pushed_by("alice")
    lookout.hears("v1", held=True)
    lookout.wall.error = TryLater("The database is away.")
    await lookout.looks()
    assert len(lookout.queue.waiting) == 1
    lookout.wall.error = None
    await lookout.looks(after=looking.LEASE.total_seconds())
    assert [telling.channels for telling in lookout.wall.released] == [("C1",)]


async def test_what_the_subscription_has_no_notification_in_is_told_and_not_looked_up(lookout: Lookout) -> None:
    lookout.hears("v1", held=True, repository="acme/secret")
    await lookout.looks()
    [telling] = lookout.wall.released
    assert (telling.channels, telling.event.note) == (("C1",), NOBODY)
    assert (lookout.quay.calls, lookout.queue.waiting) == ([], {})
