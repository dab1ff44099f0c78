"""Looking things up while Quay is away, slow, odd, or answers only half."""

import asyncio
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bot.domain.errors import GiveUp, NotLinked, TryLater, UserError
from bot.domain.images import Manifest, Scan
from bot.services.upkeep import looking, push_look
from tests.services.upkeep.lookout import A, B, C, Lookout, flaw

CALLS = ("page", "history", "log_page", "manifest", "scan")


@pytest.fixture
def lookout() -> Lookout:
    """A push of an index that has everything, and for which every call is needed."""
    lookout = Lookout()
    lookout.has("v1", A, B, each=500_000, is_list=True, size=None)
    for number in range(150):
        lookout.has(f"other{number}", B, since=300 + number, each=1)
    lookout.is_index(A, linux_amd64=C)
    lookout.quay.manifests[C] = Manifest(C, is_list=False, size=9)
    lookout.quay.scans[C] = Scan("scanned", (flaw(),))
    lookout.pushed_by("acme+ci")
    lookout.hears("v1")
    return lookout


def whole(lookout: Lookout) -> bool:
    found = lookout.facts()
    return found is not None and (found.digest, found.size, found.scan, found.by) == (A, 9, "scanned", "acme+ci")


@pytest.mark.parametrize("call", ["page", "log_page", "manifest", "scan"])
async def test_what_was_away_is_found_when_it_is_back(lookout: Lookout, call: str) -> None:
    lookout.quay.errors[call] = TryLater("away")
    await lookout.looks()
    assert not whole(lookout)
    del lookout.quay.errors[call]
    await lookout.looks(after=5)
    assert whole(lookout)
    assert lookout.queue.waiting == {}


@pytest.mark.parametrize("call", ["log_page", "manifest", "scan"])
async def test_half_an_answer_is_told_at_once(lookout: Lookout, call: str) -> None:
    lookout.quay.errors[call] = TryLater("away")
    await lookout.looks()
    found = lookout.facts()
    assert found is not None
    assert found.digest == A
    assert bool(found.by) is (call != "log_page")


async def test_without_the_rows_of_one_tag_it_is_told_without_the_image_before(lookout: Lookout) -> None:
    lookout.quay.errors["history"] = TryLater("away")
    await lookout.looks()
    assert whole(lookout)
    found = lookout.facts()
    assert found is not None
    assert found.before == ""


async def test_one_image_that_is_away_leaves_the_others(lookout: Lookout) -> None:
    lookout.has("v2", B)
    lookout.hears("v2")
    lookout.quay.errors[f"manifest {A}"] = TryLater("away")
    lookout.quay.scans[B] = Scan("scanned")
    await lookout.looks()
    other = lookout.facts("v2")
    assert other is not None
    assert other.scan == "scanned"


@pytest.mark.parametrize("error", [UserError("No."), NotLinked("dead"), GiveUp("odd")])
@pytest.mark.parametrize("call", CALLS)
async def test_what_quay_refuses_is_not_asked_for_again(lookout: Lookout, call: str, error: Exception) -> None:
    lookout.quay.errors[call] = error
    await lookout.looks()
    assert lookout.queue.waiting == {}


@pytest.mark.parametrize("call", CALLS)
async def test_a_call_that_hangs_ends_the_look_and_keeps_what_is_known(
    lookout: Lookout, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "LONGEST", 0.02)
    lookout.quay.hangs.add(call)
    await lookout.looks()
    lookout.quay.hangs.clear()
    monkeypatch.setattr(looking, "LONGEST", 10.0)
    await lookout.looks(after=5)
    assert whole(lookout)
    assert lookout.queue.waiting == {}


async def test_a_log_that_is_slow_does_not_keep_the_rest_back(
    lookout: Lookout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push_look, "LOG_PATIENCE", 0.01)
    lookout.quay.hangs.add("log_page")
    await lookout.looks()
    found = lookout.facts()
    assert found is not None
    assert (found.digest, found.scan, found.by) == (A, "scanned", "")
    assert len(lookout.queue.waiting) == 1


async def test_pauses_grow_while_quay_is_away_and_the_search_ends_after_half_an_hour(lookout: Lookout) -> None:
    lookout.quay.errors["page"] = TryLater("away", after=7.0)
    await lookout.looks_until_done()
    assert lookout.queue.delays[0] == 7.0
    assert max(lookout.queue.delays) == 60.0
    assert lookout.wall.edits == 0


async def test_a_search_that_begins_late_has_one_look(lookout: Lookout) -> None:
    lookout.clock.pass_by(4000)
    await lookout.looks()
    assert lookout.queue.waiting == {}
    assert lookout.wall.edits == 1


async def test_trouble_with_one_repository_leaves_the_others(lookout: Lookout) -> None:
    lookout.subscribes("S2", "C2")
    lookout.hears("v1", repository="acme/broken", name="S2")
    lookout.quay.errors["page acme/broken"] = KeyError("boom")
    with capture_logs() as lines:
        await lookout.looks()
    assert whole(lookout)
    assert [line["event"] for line in lines if line["log_level"] == "error"] == ["lookup_failed"]
    assert len(lookout.queue.waiting) == 1


async def test_a_store_that_is_away_is_not_the_end(lookout: Lookout) -> None:
    lookout.book.error = TryLater("The database is away.")
    await lookout.looks()
    lookout.book.error = None
    await lookout.looks(after=5)
    assert whole(lookout)


async def test_an_event_that_another_version_wrote_is_laid_aside(lookout: Lookout) -> None:
    [number] = lookout.queue.waiting
    lookout.queue.waiting[number] = replace(lookout.queue.waiting[number], event='{"odd": 1}')
    with capture_logs() as lines:
        await lookout.looks()
    assert "lookup_not_understood" in [line["event"] for line in lines]
    assert lookout.queue.waiting == {}


async def test_what_was_known_in_another_way_is_found_anew(lookout: Lookout) -> None:
    [number] = lookout.queue.waiting
    lookout.queue.waiting[number] = replace(lookout.queue.waiting[number], known='{"odd": 1}')
    await lookout.looks()
    assert whole(lookout)


async def test_stopping_amid_a_look_leaves_it_for_later(lookout: Lookout) -> None:
    lookout.quay.hangs.add("page")
    task = asyncio.create_task(lookout.looking.run())
    for _ in range(10):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(lookout.queue.waiting) == 1
