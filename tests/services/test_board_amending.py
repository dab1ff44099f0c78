"""Cards that are completed, what was held back and what came late: each told once, in the layout it is wished in."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from bot.adapters.store import SqlStore
from bot.domain.errors import TryLater
from bot.domain.events import Phase, Pushed, PushFacts
from bot.domain.messages import Outgoing
from bot.domain.subscriptions import Lookup, Sought
from bot.domain.trail import Verdict
from bot.ports import Channel, Opened
from bot.rules.cards.builds import mended
from bot.rules.cards.pushes import learned
from bot.services.board import Telling
from bot.services.tellings import trail_entry
from tests.plugins.slackless import trail
from tests.services.hall import Hall

FACTS = PushFacts(tag="v1", digest="sha256:" + "a" * 64, by="acme+ci")
know = partial(learned, found=[FACTS])


@pytest.fixture
def hall(store: SqlStore) -> Hall:
    return Hall(store)


def words(payload: Any) -> str:
    return json.dumps(payload, ensure_ascii=False)


async def test_a_card_is_completed_by_the_delivery_that_it_tells(hall: Hall) -> None:
    await hall.batch(hall.telling(hall.push("v1"), "C1", "C2"))
    await hall.shown()
    assert await hall.board.amend(1, "C1", know)
    (row,) = await hall.waiting()
    assert (row.channel, row.text) == ("C1", "Pushed acme/web:v1 by acme+ci.")
    assert "pushed by acme+ci" in words(row.payload)


async def test_what_nobody_tells_cannot_be_completed(hall: Hall) -> None:
    await hall.batch(hall.telling(hall.push("v1"), "C1", C2="`tag:x`: no"))
    await hall.shown()
    assert not await hall.board.amend(1, "C2", know)
    assert not await hall.board.amend(7, "C1", know)
    assert await hall.waiting() == []


async def test_what_changes_nothing_is_not_said_again(hall: Hall) -> None:
    await hall.tell(hall.push("v1"))
    assert await hall.board.amend(1, "C1", know)
    await hall.shown()
    assert await hall.board.amend(1, "C1", know)
    assert await hall.board.amend(1, "C1", lambda card: card)
    assert await hall.waiting() == []


async def test_facts_stay_when_more_is_pushed_and_may_come_for_any_of_its_deliveries(hall: Hall) -> None:
    await hall.tell(hall.push("v1"))
    assert await hall.board.amend(1, "C1", know)
    await hall.tell(hall.push("v2"))
    assert await hall.board.amend(2, "C1", partial(learned, found=[FACTS.model_copy(update={"tag": "v2"})]))
    (row,) = await hall.shown()
    assert "`v1` `v2` · by acme+ci" not in words(row.payload)  # all of them are by the same account, said once
    assert "pushed by acme+ci" in words(row.payload)


async def test_a_card_that_another_version_has_written_is_left_alone(hall: Hall) -> None:
    async with hall.store.inbox.ledger() as ledger:
        (card,) = await ledger.open_cards([Opened("push", "{}", Outgoing("k", "C1", {"text": "x"}))], hall.clock.now())
        assert card is not None
        one = hall.telling(hall.push("v1"))
        await ledger.record([(card.id, trail_entry(one, "C1", Verdict.OPENED))], hall.clock.now())
    assert not await hall.board.amend(1, "C1", know)


async def test_many_at_once_complete_a_card_without_losing_anything(hall: Hall, replica: SqlStore) -> None:
    tags = [f"v{number}" for number in range(8)]
    await hall.tell(hall.push(*tags))
    boards = (hall.board, hall.on(replica))
    found = [FACTS.model_copy(update={"tag": tag, "digest": "", "by": tag}) for tag in tags]
    await asyncio.gather(
        *(boards[number % 2].amend(1, "C1", partial(learned, found=[facts])) for number, facts in enumerate(found))
    )
    (row,) = await hall.shown()
    assert all(f"by {tag}" in words(row.payload) for tag in tags)


async def test_a_build_that_works_again_says_so(hall: Hall) -> None:
    await hall.tell(hall.build(Phase.COMPLETE))
    assert await hall.board.amend(1, "C1", partial(mended, failed_before="b-0"))
    (row,) = await hall.shown()
    assert row.text.startswith("Fixed: build succeeded, acme/web")


async def test_a_card_keeps_the_layout_that_it_was_opened_with(hall: Hall) -> None:
    await hall.store.channels.keep(Channel("C1", "thread"))
    await hall.batch(told(hall, "compact", "v1"))
    await hall.batch(told(hall, "", "v2"))
    (row,) = await hall.shown()
    assert row.payload["attachments"] == []  # the headline alone, and no reply in a thread
    assert await hall.board.amend(1, "C1", know)
    (row,) = await hall.shown()
    assert row.payload["attachments"] == []


async def test_a_thread_can_be_wished_for_in_a_channel_of_cards(hall: Hall) -> None:
    await hall.batch(told(hall, "thread", "v1"))
    await hall.batch(told(hall, "card", "v2"))
    assert [(row.parent is None, row.text) for row in await hall.shown()] == [
        (True, "2 tags pushed to acme/web: v1, v2."),
        (False, "Pushed acme/web:v2."),
    ]


async def test_without_a_wish_the_channel_decides(hall: Hall) -> None:
    await hall.store.channels.keep(Channel("C1", "compact"))
    await hall.batch(told(hall, "", "v1"))
    (row,) = await hall.shown()
    assert row.payload["attachments"] == []


def told(hall: Hall, layout: str, *tags: str) -> Telling:
    telling = hall.telling(hall.push(*tags))
    return Telling(telling.event, telling.channels, telling.name, delivery=telling.delivery, layout=layout)


def lookup(hall: Hall, event: Pushed) -> Lookup:
    now = hall.clock.now()
    facts: dict[str, Any] = {"delivery": 1, "event": event.model_dump_json(), "at": now, "due_at": now, "held": True}
    return Lookup(Sought.PUSH, "S1", "C1", "acme/web", last_at=now + timedelta(minutes=30), **facts)


async def test_what_was_held_is_told_and_its_lookup_is_over(hall: Hall) -> None:
    event = hall.push("v1")
    async with hall.store.inbox.ledger() as ledger:
        await ledger.seek([lookup(hall, event)])
    lease = timedelta(seconds=1)
    (held,) = await hall.store.lookups.claim(9, hall.clock.now(), lease)
    pushed = event.model_copy(update={"by": "acme+ci"})
    await hall.board.release([hall.telling(pushed)], [held.id])
    assert [row.text for row in await hall.shown()] == ["Pushed acme/web:v1 by acme+ci."]
    hall.clock.pass_by(60)
    assert await hall.store.lookups.claim(9, hall.clock.now(), lease) == ()
    assert await hall.board.amend(1, "C1", know)


async def test_what_was_held_is_told_once_though_its_lease_ran_out(hall: Hall, replica: SqlStore) -> None:
    event = hall.push("v1")
    async with hall.store.inbox.ledger() as ledger:
        await ledger.seek([lookup(hall, event)])
    (held,) = await hall.store.lookups.claim(9, hall.clock.now(), timedelta(seconds=1))
    releases = [board.release([hall.telling(event)], [held.id]) for board in (hall.board, hall.on(replica))]
    ended = await asyncio.gather(*releases, return_exceptions=True)
    assert sorted(type(one) for one in ended if one) == [TryLater]
    assert [row.text for row in await hall.shown()] == ["Pushed acme/web:v1."]
    assert [row.verdict for row in await trail(hall.store)] == ["opened"]


def late(hall: Hall, tag: str, minutes: float = 14, **filtered: str) -> Telling:
    at = hall.clock.now() - timedelta(minutes=minutes)
    note = f"recovered, {minutes:g} min late"
    event = hall.push(tag).model_copy(update={"at": at, "recovered": True, "note": note})
    return Telling(event, () if filtered else ("C1",), f"recovered:{tag}:{hall.board.new_id()}", filtered=filtered)


async def test_what_was_missed_is_told_once_however_often_it_is_found(hall: Hall, replica: SqlStore) -> None:
    def found() -> dict[str, Telling]:
        return {f"push:{tag}": late(hall, tag) for tag in ("v1", "v2")}

    counts = await asyncio.gather(hall.board.recover("C1", found()), hall.on(replica).recover("C1", found()))
    assert sorted(counts) == [0, 2]
    assert [row.text for row in await hall.shown()] == [
        "2 tags pushed to acme/web: v1, v2. Note: recovered, 14 min late."
    ]
    assert await hall.board.recover("C1", {**found(), "push:v3": late(hall, "v3")}) == 1


async def test_what_a_filter_keeps_out_is_written_down_and_not_counted(hall: Hall) -> None:
    assert await hall.board.recover("C1", {"k": late(hall, "x-dev", C1="`-tag:*-dev`: out")}) == 0
    assert await hall.waiting() == []
    assert await hall.verdicts() == [("C1", "filtered", False)]


async def test_what_came_late_by_itself_is_not_late_in_slack_as_well(hall: Hall) -> None:
    await hall.board.recover("C1", {"k": late(hall, "v1")})
    (due,) = await hall.store.outbox.claim(1, hall.clock.now(), timedelta(seconds=30))
    assert due.since == hall.clock.now()


async def test_what_came_late_is_on_another_card_than_what_is_told_now(hall: Hall) -> None:
    await hall.tell(hall.push("v2"))
    await hall.board.recover("C1", {"k": late(hall, "v1", minutes=1)})
    await hall.tell(hall.push("v3"))
    assert [row.text for row in await hall.shown()] == [
        "2 tags pushed to acme/web: v2, v3.",
        "Pushed acme/web:v1. Note: recovered, 1 min late.",
    ]


async def test_nothing_is_told_if_the_transaction_breaks(hall: Hall) -> None:
    def broken() -> bool:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await replace(hall.board, scarce=broken).recover("C1", {"k": late(hall, "v1")})
    assert await hall.waiting() == []
    assert await hall.board.recover("C1", {"k": late(hall, "v1")}) == 1
