"""How cards look in their channels: lists, threads, compact ones, and what is urgent."""

import json
import re

import pytest

from bot.adapters.store import SqlStore
from bot.domain.events import Phase, Progress, Severity
from bot.ports import Channel
from tests.services.hall import Hall


@pytest.fixture
def hall(store: SqlStore) -> Hall:
    return Hall(store)


async def test_a_card_with_a_list_offers_all_of_it_under_the_key_of_its_message(hall: Hall) -> None:
    await hall.tell(hall.finding(cve=1))
    (row,) = await hall.waiting()
    assert '"show_all"' not in json.dumps(row.payload)
    await hall.tell(hall.finding(cve=2))
    (row,) = await hall.waiting()
    buttons = re.findall(r"{[^{}]*\"show_all\"[^{}]*}", re.sub(r"\"text\": {[^{}]*}, ", "", json.dumps(row.payload)))
    assert [json.loads(button)["value"] for button in buttons] == [row.key]


async def test_the_most_severe_finding_gives_a_card_its_weight(hall: Hall) -> None:
    await hall.tell(hall.finding(severity=Severity.LOW))
    (low,) = await hall.waiting()
    await hall.tell(hall.finding(cve=2, severity=Severity.CRITICAL))
    (critical,) = await hall.waiting()
    assert (low.id, low.weight < critical.weight, critical.weight) == (critical.id, True, 9)


async def test_the_end_of_a_build_is_shown_at_once_however_lately_the_card_was_edited(hall: Hall) -> None:
    for phase in (Phase.WAITING, Phase.BUILDING):
        await hall.tell(hall.build(phase))
        await hall.shown()
    hall.clock.pass_by(1)
    await hall.tell(hall.build(Phase.PUSHING))
    assert [row.due_at > hall.clock.now() for row in await hall.waiting()] == [True]
    await hall.tell(hall.build(Phase.COMPLETE))
    assert [row.due_at for row in await hall.waiting()] == [hall.clock.now()]


async def test_a_thread_gets_one_line_for_each_event_that_is_folded(hall: Hall) -> None:
    await hall.store.channels.keep(Channel("C1", "thread"))
    await hall.tell(hall.push("a"), hall.push("b"), hall.push("b"))
    card, reply = await hall.waiting()
    assert card.text.startswith("2 tags pushed")
    assert (reply.parent, reply.text) == (card.id, "Pushed acme/web:b.")


async def test_a_reply_that_waits_takes_up_what_comes_next_and_a_posted_one_does_not(hall: Hall) -> None:
    await hall.store.channels.keep(Channel("C1", "thread"))
    for tag in ("a", "b", "c"):
        await hall.tell(hall.push(tag))
    assert [row.text for row in await hall.shown() if row.parent] == ["Pushed acme/web:b.\nPushed acme/web:c."]
    await hall.tell(hall.push("d"))
    assert [row.text for row in await hall.waiting() if row.parent] == ["Pushed acme/web:d."]


async def test_a_build_that_only_makes_progress_adds_nothing_to_its_thread(hall: Hall) -> None:
    await hall.store.channels.keep(Channel("C1", "thread"))
    for step in range(3):
        await hall.board.tell(
            hall.build(Phase.BUILDING, polled=True, progress=Progress(step=step, steps=3)), channels=["C1"]
        )
    await hall.board.tell(hall.build(Phase.COMPLETE, polled=True))
    replies = [row.text for row in await hall.waiting() if row.parent]
    assert [text.partition(":")[0] for text in replies] == ["Build succeeded"]


async def test_a_compact_channel_sees_the_headline_only(hall: Hall) -> None:
    await hall.store.channels.keep(Channel("C2", "compact"))
    await hall.batch(hall.telling(hall.push("a"), "C1", "C2"))
    whole, compact = await hall.waiting()
    assert whole.text == compact.text
    assert (len(compact.payload["blocks"]), compact.payload["attachments"]) == (1, [])
    assert whole.payload["attachments"] != []
