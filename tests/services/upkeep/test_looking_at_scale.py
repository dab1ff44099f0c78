"""Many pushes at once: few calls to Quay, few edits, and everything is over at the end."""

import pytest

from bot.domain.errors import UserError
from bot.domain.images import Manifest, Scan
from bot.services.upkeep.image_look import AT_ONCE, MOST_CALLS
from tests.services.upkeep.lookout import Lookout, flaw

BURST = 500


def digest(number: int) -> str:
    return f"sha256:{number:064x}"


@pytest.fixture
def lookout() -> Lookout:
    lookout = Lookout()
    for number in range(BURST):
        lookout.has(f"v{number}", digest(number), since=2 + number / 10)
        lookout.quay.scans[digest(number)] = Scan("scanned", (flaw(),))
        lookout.pushed_by("acme+ci", f"v{number}", since=2 + number / 10)
    return lookout


async def test_five_hundred_pushes_at_once_cost_a_few_dozen_calls_and_one_edit(lookout: Lookout) -> None:
    for number in range(BURST):
        lookout.hears(f"v{number}")
    await lookout.looks()
    asked = {call: len(lookout.quay.asked(call)) for call in ("page", "history", "log_page", "manifest", "scan")}
    assert asked["page"] <= 10
    assert asked["history"] <= 5
    assert asked["log_page"] <= 10
    assert asked["manifest"] + asked["scan"] <= MOST_CALLS
    assert (lookout.wall.amended, lookout.wall.edits) == (1, 1)
    assert len(lookout.card().facts) == 50
    await lookout.looks_until_done(60)
    assert len(lookout.quay.calls) <= 150


async def test_pushes_that_trickle_in_share_looks(lookout: Lookout) -> None:
    for number in range(100):
        lookout.hears(f"v{number}")
        await lookout.looks(after=0.2)
    await lookout.looks_until_done(60)
    looks = [page for page in lookout.quay.asked("page") if page[1] == 1]
    assert len(looks) <= 12


async def test_held_pushes_of_a_burst_are_let_go_in_time(lookout: Lookout) -> None:
    lookout.subscribes(filter_="-by:nobody")
    for number in range(BURST):
        lookout.hears(f"v{number}", held=True)
    for _ in range(11):
        await lookout.looks(after=2)
    assert [telling.event.by for telling in lookout.wall.released] == ["acme+ci"] * BURST  # type: ignore[attr-defined]
    assert len(lookout.quay.calls) <= 11 * 60


async def test_a_few_questions_at_once_and_no_more(lookout: Lookout) -> None:
    children = {f"linux_p{number}": digest(9000 + number) for number in range(8)}
    lookout.quay.rows.clear()
    lookout.has("v1", digest(1), is_list=True, size=None)
    lookout.is_index(digest(1), **children)
    lookout.quay.manifests |= {child: Manifest(child, is_list=False, size=1) for child in children.values()}
    lookout.hears("v1")
    await lookout.looks()
    found = lookout.facts()
    assert found is not None
    assert found.size == 8
    assert lookout.quay.most_at_once <= AT_ONCE


async def test_one_account_looks_once_for_all_of_its_channels(lookout: Lookout) -> None:
    lookout.subscribes("S2", "C2")
    lookout.hears("v1")
    lookout.hears("v1", name="S2")
    await lookout.looks()
    assert len(lookout.quay.asked("page")) == 1
    assert {channel: lookout.card(channel).facts["v1"].by for channel in ("C1", "C2")} == {
        "C1": "acme+ci",
        "C2": "acme+ci",
    }


async def test_without_rows_nothing_else_is_asked_about_images(lookout: Lookout) -> None:
    lookout.quay.rows.clear()
    lookout.quay.errors["log_page"] = UserError("No.")
    lookout.hears("v1")
    await lookout.looks()
    assert [call[0] for call in lookout.quay.calls] == ["page", "log_page"]
    assert lookout.queue.waiting == {}
