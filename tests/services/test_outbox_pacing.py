"""Edits are few for the whole workspace: Slack refuses none, the gravest cards come first, and news never waits."""

import asyncio
from itertools import pairwise

import pytest

from bot.adapters.store import SqlStore
from bot.domain.messages import Outgoing
from bot.fakes.slack import Fault
from bot.ports import Reply
from bot.rules.pacing import PACE
from bot.services.outbox import Speaker
from tests.services.newsroom import Newsroom, no_jitter


def channel(number: int) -> str:
    return f"C9{number:02}"


async def cards(room: Newsroom, number: int) -> Speaker:
    """A speaker who has posted so many cards, each in a channel of its own, a minute ago."""
    speaker = room.speaker()
    for each in range(number):
        room.slack.add_channel(channel(each), f"many-{each}")
        await room.open(f"card{each}", "new", channel(each))
    await room.work(speaker)
    room.clock.pass_by(70)
    return speaker


async def pass_seconds(room: Newsroom, seconds: float, *speakers: Speaker, step: float = 0.5) -> None:
    for _ in range(int(seconds / step)):
        for speaker in speakers:
            await room.work(speaker)
        room.clock.pass_by(step)


async def test_more_edits_than_a_minute_takes_are_spread_and_none_is_refused(room: Newsroom) -> None:
    speaker = await cards(room, 80)
    for each in range(80):
        await room.turn(f"card{each}", "changed", weight=each % 10)
    await pass_seconds(room, 10, speaker)
    first = {number for number in range(80) if room.shown(channel(number)) == ["changed"]}
    assert len(first) == 50
    assert min(number % 10 for number in first) >= max(n % 10 for n in range(80) if n not in first)
    await pass_seconds(room, 70, speaker)
    assert all(room.shown(channel(number)) == ["changed"] for number in range(80))
    assert {call.status for call in room.calls()} == {200}


async def test_two_processes_share_what_slack_takes(room: Newsroom, replica: SqlStore) -> None:
    speaker = await cards(room, 60)
    other = Speaker(replica.outbox, replica.inbox, room.voice(), room.clock, no_jitter)
    for each in range(60):
        await room.turn(f"card{each}", "changed")
    for _ in range(180):
        await asyncio.gather(speaker.step(), other.step())
        await speaker.close()
        await other.close()
        room.clock.pass_by(0.5)
    assert all(room.shown(channel(number)) == ["changed"] for number in range(60))
    assert {call.status for call in room.calls()} == {200}
    assert len(room.calls("chat.update")) == 60


async def test_a_refused_edit_stops_all_edits_for_a_while_and_no_news(room: Newsroom) -> None:
    speaker = await cards(room, 5)
    room.slack.faults = [Fault("chat.update", "429", retry_after=30, channel=channel(0))]
    await room.turn("card0", "changed")
    await room.work(speaker)
    for each in range(1, 5):
        await room.turn(f"card{each}", "changed")
    await room.queue("news", "C1")
    await pass_seconds(room, 29, speaker)
    assert [call.status for call in room.calls("chat.update")] == [429]
    assert room.shown("C1") == ["news"]
    await pass_seconds(room, 5, speaker)
    assert all(room.shown(channel(number)) == ["changed"] for number in range(5))
    assert (speaker.counts["messages_paced"], speaker.counts["messages_put_off"]) == (1, 0)


async def test_being_asked_for_patience_is_no_trouble(room: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    room.slack.faults = [Fault("chat.postMessage", "429", retry_after=5, times=3)]
    await room.queue("a")
    speaker = room.speaker()
    await room.finish(speaker)
    assert room.shown() == ["a"]
    assert (speaker.counts["messages_paced"], speaker.counts["messages_put_off"]) == (3, 0)
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if "warning" in line or "error" in line] == []


async def test_a_channel_that_was_refused_is_spoken_to_more_slowly_for_a_while(room: Newsroom) -> None:
    room.slack.faults = [Fault("chat.postMessage", "429", retry_after=1, times=3)]
    for number in range(12):
        await room.queue(f"m{number}")
    speaker = room.speaker()
    await pass_seconds(room, 60, speaker, step=0.05)
    times = [call.at for call in room.calls() if call.status == 200]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[0] > 2 * PACE
    assert room.shown() != []


async def test_a_search_that_is_refused_waits_for_its_budget_and_is_never_given_up(room: Newsroom) -> None:
    room.slack.faults = [
        Fault("chat.postMessage", "reset_after"),
        Fault("conversations.history", "429", retry_after=20, times=12),
    ]
    await room.queue("a")
    speaker = room.speaker()
    await pass_seconds(room, 400, speaker, step=2)
    assert room.shown() == ["a"]
    assert len(room.calls("chat.postMessage")) == 1
    assert len(room.calls("conversations.history")) == 13


async def test_a_lost_answer_in_a_thread_is_looked_up_there(room: Newsroom) -> None:
    await room.open("card", "one")
    speaker = room.speaker()
    await room.finish(speaker)
    (card,) = await room.cards("card")
    async with room.store.inbox.ledger() as ledger:
        await ledger.reply([Reply(card.outbox, Outgoing("reply", "C1", {"text": "two"}))], room.clock.now())
    room.slack.faults = [Fault("chat.postMessage", "reset_after")]
    await room.finish(speaker)
    parent, reply = room.slack.messages("C1")
    assert (reply["text"], reply["thread_ts"]) == ("two", parent["ts"])
    assert [call.method for call in room.slack.calls].count("conversations.replies") == 1


async def test_a_reply_below_a_deleted_message_stands_on_its_own(room: Newsroom) -> None:
    await room.open("card", "one")
    speaker = room.speaker()
    await room.finish(speaker)
    (card,) = await room.cards("card")
    (shown,) = room.slack.messages("C1")
    await room.voice().client.api_call("chat.delete", json={"channel": "C1", "ts": shown["ts"]})
    async with room.store.inbox.ledger() as ledger:
        await ledger.reply([Reply(card.outbox, Outgoing("reply", "C1", {"text": "two"}))], room.clock.now())
    await room.finish(speaker)
    assert room.shown() == ["two"]


async def test_many_channels_after_an_idle_time_are_all_served_at_once(room: Newsroom) -> None:
    speaker = await cards(room, 40)
    for each in range(40):
        await room.queue(f"m{each}", channel(each))
    await room.work(speaker)
    assert all(room.shown(channel(number))[-1] == f"m{number}" for number in range(40))
