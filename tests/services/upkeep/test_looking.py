"""Completing cards: what is found out about a push after its webhook."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import UserError
from bot.domain.events import Pushed
from bot.domain.images import Manifest, Scan, TagRow
from bot.domain.subscriptions import State
from bot.rules.subscribing import wanted
from bot.services.upkeep.looked import Change, Looked
from bot.services.upkeep.wishes import Wish
from tests.services.upkeep.lookout import CVE, A, B, C, D, Lookout, flaw


@pytest.fixture
def lookout() -> Lookout:
    return Lookout()


async def test_a_card_learns_image_size_pusher_and_what_changed(lookout: Lookout) -> None:
    lookout.has("v1", A, B, size=1_000_000)
    lookout.has("stable", A, since=4000)
    lookout.pushed_by("acme+ci")
    lookout.quay.scans |= {
        A: Scan("scanned", (flaw(), flaw("CVE-2026-2", "Critical"))),
        B: Scan("scanned", (flaw(), flaw("CVE-2026-3", "Low"))),
    }
    lookout.hears("v1")
    await lookout.looks()
    found = lookout.facts()
    assert found is not None
    assert (found.digest, found.before, found.size, found.grew) == (A, B, 1_000_000, 0)
    assert (found.by, found.same_as, found.scan) == ("acme+ci", "stable", "scanned")
    assert (found.findings, found.gained, found.lost) == ((1, 1, 0, 0, 0, 0), ("CVE-2026-2",), ("CVE-2026-3",))
    assert (lookout.wall.edits, lookout.queue.waiting) == (1, {})


async def test_what_the_first_scan_of_a_pushed_image_found_is_no_news_later(lookout: Lookout) -> None:
    at = lookout.ago(86_400).isoformat()
    lookout.book.known["S1", "acme/web"] = {"images": {B: ["CVE-2026-3"]}, "at": at}
    lookout.book.kept["S1"] = replace(lookout.book.kept["S1"], wanted=wanted("acme/web", ["pushes", "vulns"]))
    lookout.has("v1", A, B)
    lookout.quay.scans |= {A: Scan("scanned", (flaw(),)), B: Scan("scanned", (flaw("CVE-2026-9"),))}
    lookout.hears("v1")
    await lookout.looks()
    assert lookout.book.known["S1", "acme/web"] == {"images": {B: ["CVE-2026-3"], A: [CVE]}, "at": at}


async def test_nothing_is_kept_of_scans_for_whom_does_not_hear_of_findings(lookout: Lookout) -> None:
    lookout.book.known["S1", "acme/web"] = {"images": {}, "at": lookout.now.isoformat()}
    lookout.has("v1", A)
    lookout.quay.scans[A] = Scan("scanned", (flaw(),))
    lookout.hears("v1")
    await lookout.looks()
    assert lookout.book.known["S1", "acme/web"]["images"] == {}


async def test_a_scan_that_still_runs_completes_the_card_later(lookout: Lookout) -> None:
    lookout.has("v1", A)
    lookout.pushed_by("acme+ci")
    lookout.quay.scans[A] = Scan("queued")
    lookout.hears("v1")
    await lookout.looks()
    found = lookout.facts()
    assert found is not None
    assert (found.digest, found.scan, found.findings) == (A, "queued", None)
    lookout.quay.calls.clear()
    lookout.quay.scans[A] = Scan("scanned", (flaw(),))
    await lookout.looks(after=5)
    found = lookout.facts()
    assert found is not None
    assert (found.scan, found.findings) == ("scanned", (0, 1, 0, 0, 0, 0))
    assert [call[0] for call in lookout.quay.calls] == ["scan"]
    assert (lookout.wall.edits, lookout.queue.waiting) == (2, {})


async def test_looks_for_a_scan_become_rarer_and_end_after_half_an_hour(lookout: Lookout) -> None:
    lookout.has("v1", A)
    lookout.pushed_by("acme+ci")
    lookout.quay.scans[A] = Scan("queued")
    lookout.hears("v1")
    started = lookout.now
    await lookout.looks_until_done()
    assert lookout.now - started == timedelta(minutes=30)
    waits = lookout.queue.delays[:-1]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (5, 60)
    assert lookout.wall.edits == 1


async def test_nothing_new_is_no_edit(lookout: Lookout) -> None:
    lookout.hears("v1")
    await lookout.looks_until_done()
    assert (lookout.wall.edits, lookout.wall.amended) == (0, 0)


async def test_an_index_tells_its_platforms_its_size_and_the_scan_of_its_first_choice(lookout: Lookout) -> None:
    lookout.has("v1", A, is_list=True, size=None)
    lookout.is_index(A, linux_arm64=B, linux_amd64=C)
    lookout.quay.manifests |= {B: Manifest(B, is_list=False, size=5), C: Manifest(C, is_list=False, size=7)}
    lookout.quay.scans |= {A: Scan("unsupported"), C: Scan("scanned", (flaw(),))}
    lookout.hears("v1")
    await lookout.looks()
    found = lookout.facts()
    assert found is not None
    assert (set(found.architectures), found.size) == ({"linux/arm64", "linux/amd64"}, 12)
    assert (found.scan, found.findings) == ("scanned", (0, 1, 0, 0, 0, 0))
    assert lookout.quay.asked("scan") == [("acme/web", C)]


async def test_an_index_of_which_quay_tells_nothing_is_told_without_scan_and_size(lookout: Lookout) -> None:
    lookout.has("v1", A, B, is_list=True, size=None)
    lookout.pushed_by("acme+ci")
    lookout.hears("v1")
    await lookout.looks()
    found = lookout.facts()
    assert found is not None
    assert (found.digest, found.scan, found.size, found.grew) == (A, "", None, None)
    assert lookout.queue.waiting == {}


async def test_indexes_are_compared_image_by_image(lookout: Lookout) -> None:
    lookout.has("v1", A, B, is_list=True, size=None)
    lookout.is_index(A, linux_amd64=C)
    lookout.is_index(B, linux_amd64=D)
    lookout.quay.manifests |= {C: Manifest(C, is_list=False, size=9), D: Manifest(D, is_list=False, size=4)}
    lookout.quay.scans |= {C: Scan("scanned"), D: Scan("scanned", (flaw(),))}
    lookout.hears("v1")
    await lookout.looks()
    found = lookout.facts()
    assert found is not None
    assert (found.size, found.grew, found.gained, found.lost) == (9, 5, (), (CVE,))


async def test_sizes_of_an_index_and_of_an_image_are_not_compared(lookout: Lookout) -> None:
    lookout.quay.rows += [
        TagRow("v1", A, lookout.ago(2), is_list=True),
        TagRow("v1", B, lookout.ago(99), lookout.ago(2), size=4),
    ]
    lookout.is_index(A, linux_amd64=C)
    lookout.quay.manifests[C] = Manifest(C, is_list=False, size=9)
    lookout.hears("v1")
    await lookout.looks()
    found = lookout.facts()
    assert found is not None
    assert (found.size, found.grew) == (9, None)


async def test_who_may_not_read_the_usage_log_gets_the_rest(lookout: Lookout) -> None:
    lookout.has("v1", A)
    lookout.quay.errors["log_page"] = UserError("Only admins may.")
    lookout.hears("v1")
    await lookout.looks()
    found = lookout.facts()
    assert found is not None
    assert (found.digest, found.by) == (A, "")
    assert lookout.queue.waiting == {}


async def test_a_pusher_who_appears_in_the_log_a_little_later_is_told(lookout: Lookout) -> None:
    lookout.has("v1", A)
    lookout.hears("v1")
    await lookout.looks()
    lookout.pushed_by("acme+ci", since=2)
    await lookout.looks(after=5)
    found = lookout.facts()
    assert found is not None
    assert (found.by, lookout.queue.waiting) == ("acme+ci", {})


async def test_the_image_before_is_found_in_the_history_of_a_tag_that_was_quiet_for_long(lookout: Lookout) -> None:
    lookout.has("latest", A, B, each=500_000)
    for number in range(150):
        lookout.has(f"v{number}", C, since=1000 + number)
    lookout.hears("latest")
    await lookout.looks()
    found = lookout.facts("latest")
    assert found is not None
    assert found.before == B
    assert lookout.quay.asked("history") == [("acme/web", "latest")]
    assert len(lookout.quay.asked("page")) == 1


async def test_a_subscription_that_has_ended_looks_no_more(lookout: Lookout) -> None:
    lookout.hears("v1")
    lookout.subscribes(state=State.ENDED)
    await lookout.looks()
    assert (lookout.quay.calls, lookout.queue.waiting) == ([], {})


async def test_a_card_that_is_gone_is_not_looked_up_again(lookout: Lookout) -> None:
    lookout.has("v1", A)
    lookout.quay.scans[A] = Scan("queued")
    lookout.hears("v1")
    lookout.wall.cards.clear()
    await lookout.looks()
    assert lookout.queue.waiting == {}


async def test_two_cards_of_the_same_tag_each_tell_their_own_image(lookout: Lookout) -> None:
    lookout.has("v1", B, since=1)
    lookout.hears("v1")
    lookout.quay.errors["page"] = UserError("not now")
    lookout.clock.pass_by(600)
    lookout.quay.rows[0] = TagRow("v1", B, lookout.ago(601), lookout.ago(1), size=1)
    lookout.has("v1", A, since=1)
    lookout.hears("v1")
    lookout.quay.errors.clear()
    await lookout.looks()
    digests = [card.facts["v1"].digest for _, card in lookout.wall.cards["C1"]]
    assert digests == [B, A]


async def test_a_look_that_was_only_put_off_is_no_try(lookout: Lookout) -> None:
    lookout.has("v1", A)
    lookout.has("v2", A)
    lookout.hears("v1")
    await lookout.looks()
    lookout.hears("v2")
    await lookout.looks(after=1)
    [waiting] = [one for one in lookout.queue.waiting.values() if "v2" in one.event]
    assert (waiting.due_at - lookout.now, waiting.tries) == (timedelta(seconds=1), 0)
    await lookout.looks(after=1)
    assert lookout.facts("v2") is not None


async def test_a_new_card_waits_less_for_its_first_look_than_others_for_their_next(lookout: Lookout) -> None:
    lookout.has("v1", A)
    lookout.hears("v1")
    await lookout.looks()
    [lookup] = lookout.queue.waiting.values()
    await lookout.queue.later([lookup], lookout.now + timedelta(seconds=3), looked=True)
    await lookout.looks(after=3)
    [waiting] = lookout.queue.waiting.values()
    assert waiting.due_at - lookout.now == timedelta(seconds=2)


def test_what_an_edit_tells_is_read_from_the_card_and_not_remembered(lookout: Lookout) -> None:
    lookout.hears("v1")
    [lookup] = lookout.queue.waiting.values()
    event = Pushed.model_validate_json(lookup.event)
    one = Looked.of(Wish(lookup, lookout.book.kept["S1"]), event)
    change, card = Change(one, [one]), lookout.card()
    assert change(card) == change(card)
    assert (change.told(change(card)), change.told(None)) == ({lookup.id}, set())
