"""Looking for a post of unknown fate: wherever it may be, and not for ever."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from bot.domain.messages import Outgoing
from bot.fakes.slack import Fault
from bot.ports import Reply
from bot.services.outbox import LEASE
from tests.plugins.databases import ONLY_SQLITE
from tests.services.newsroom import Newsroom
from tests.services.stubborn import Stubborn, seconds


async def reply(room: Newsroom, name: str, text: str) -> None:
    """Queue a reply below the card of that name."""
    (card,) = await room.cards(name)
    outgoing = Outgoing(f"reply:{text}", "C1", {"text": text, "blocks": []})
    async with room.store.inbox.ledger() as ledger:
        await ledger.reply([Reply(card.outbox, outgoing)], room.clock.now())


async def delete(room: Newsroom, text: str) -> None:
    (ts,) = [message["ts"] for message in room.slack.messages("C1") if message["text"] == text]
    await room.voice().client.api_call("chat.delete", json={"channel": "C1", "ts": ts})


def on_top(text: str) -> Any:
    def picks(payload: Mapping[str, Any]) -> bool:
        return payload["text"] == text and "thread_ts" not in payload

    return picks


@pytest.mark.parametrize("kind", ["500_after", "reset_after"])
async def test_a_reply_that_was_posted_on_top_as_its_thread_is_gone_is_found_there(room: Newsroom, kind: str) -> None:
    await room.open("card", "card")
    await room.finish(room.speaker())
    await delete(room, "card")
    await reply(room, "card", "the reply")
    voice = Stubborn(room, kind, on_top("the reply"))
    await seconds(room, room.speaker(voice), 2)
    voice.kind = ""
    await room.finish(room.speaker(voice))
    assert room.shown() == ["the reply"]


async def test_a_reply_that_was_posted_on_top_before_there_was_a_thread_is_found_there(room: Newsroom) -> None:
    room.slack.faults = [Fault("chat.postMessage", "error:restricted_action_non_threadable_channel")]
    await room.open("card", "card")
    await seconds(room, room.speaker(), 2)  # the card is given up
    await reply(room, "card", "the reply")
    room.slack.faults = [Fault("chat.postMessage", "reset_after")]
    await seconds(room, room.speaker(), 1)
    assert room.shown() == ["the reply"]
    await room.turn("card", "card, again")
    await room.finish(room.speaker())
    assert sorted(room.shown()) == ["card, again", "the reply"]


async def test_a_reply_that_is_nowhere_is_posted_again(room: Newsroom) -> None:
    await room.open("card", "card")
    await room.finish(room.speaker())
    await reply(room, "card", "the reply")
    room.slack.faults = [Fault("chat.postMessage", "reset")]
    await room.finish(room.speaker())
    assert room.shown() == ["card", "the reply"]
    assert [len(room.calls(f"conversations.{method}")) for method in ("replies", "history")] == [1, 1]


@ONLY_SQLITE
async def test_a_search_looks_no_further_than_a_few_minutes_after_the_last_try(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.slack.voice._PAGE", 20)
    room.slack.faults = [Fault("chat.postMessage", "reset_after")]
    await room.queue("a")
    speaker = room.speaker()
    await room.work(speaker)
    room.clock.pass_by(3600)
    for number in range(220):
        room.slack.say("U1", "C1", f"chatter {number}")
    await seconds(room, speaker, 5)
    assert len([text for text in room.shown() if text == "a"]) == 1
    assert len(room.calls("chat.postMessage")) == 1
    assert len(room.calls("conversations.history")) == 1


@ONLY_SQLITE
async def test_a_search_in_too_much_chatter_ends_and_the_message_is_posted_again(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.slack.voice._PAGE", 20)
    room.slack.faults = [Fault("chat.postMessage", "500")]
    await room.queue("a")
    speaker = room.speaker()
    await room.work(speaker)
    for number in range(220):
        room.slack.say("U1", "C1", f"chatter {number}")
    await room.queue("b")
    await seconds(room, speaker, 7)
    assert "b" in room.shown()  # it held up nobody
    await seconds(room, speaker, 120)
    assert len([text for text in room.shown() if text == "a"]) == 1
    assert len(room.calls("conversations.history")) <= 70


@ONLY_SQLITE
async def test_a_search_that_takes_long_is_in_vain_and_does_not_use_up_the_time_to_post(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.showing.LOOKING", 0.05)
    voice = Stubborn(room, "", lambda payload: False)

    async def find(*_: Any) -> str | None:
        await asyncio.sleep(60)
        return None

    voice.find = find  # type: ignore[attr-defined]  # in place of what __getattr__ gives
    room.slack.faults = [Fault("chat.postMessage", "500")]
    await room.queue("a")
    speaker = room.speaker(voice)
    for number in range(14):
        await room.queue(f"b{number}", "C2")
        await seconds(room, speaker, 10, step=5)
    assert room.shown() == ["a"]


async def test_a_reply_whose_card_was_gathered_waits_for_the_message_that_tells_it(room: Newsroom) -> None:
    await room.open("card", "card")
    for number in range(3):
        await room.queue(f"m{number}")
    room.clock.pass_by(60)
    speaker = room.speaker()
    await speaker.step()
    await speaker.close()  # it has gathered, and nothing is posted yet
    assert room.calls() == []
    await reply(room, "card", "the reply")
    room.slack.faults = [Fault("chat.postMessage", "500", times=2)]
    await room.finish(speaker)
    gathering, below = room.slack.messages("C1")
    assert gathering["text"].startswith("While Slack was away: 4 alerts")
    assert (below["text"], below["thread_ts"]) == ("the reply", gathering["ts"])


async def test_a_row_that_somebody_else_has_taken_up_is_left_alone(room: Newsroom) -> None:
    await room.queue("a")
    speaker = room.speaker()
    (late,) = await room.store.outbox.claim(1, room.clock.now(), LEASE)
    room.clock.pass_by(LEASE.total_seconds() + 1)
    (ours,) = await room.store.outbox.claim(1, room.clock.now(), LEASE)
    assert await speaker._showing.show(late) is None
    assert room.calls() == []
    assert ours.attempted_at is None
    room.clock.pass_by(LEASE.total_seconds() + 1)
    await room.finish(speaker)
    assert room.shown() == ["a"]


async def test_a_row_whose_lease_is_nearly_over_is_not_begun(room: Newsroom) -> None:
    await room.queue("a")
    speaker = room.speaker()
    (row,) = await room.store.outbox.claim(1, room.clock.now(), LEASE)
    room.clock.pass_by(LEASE.total_seconds() - 4)
    await speaker._say(row)
    assert room.slack.calls == []
    room.clock.pass_by(5)
    await room.finish(speaker)
    assert room.shown() == ["a"]
