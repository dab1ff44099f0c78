"""A channel that takes nothing any more: everything waits, its owner hears once what to do, and it is tried again."""

from typing import Any

import pytest

from bot.adapters.store import SqlStore
from bot.fakes.slack import Fault
from bot.ports import Channel
from bot.services.outbox import Speaker
from tests.services.newsroom import Newsroom, no_jitter


def speaker(room: Newsroom, store: SqlStore | None = None, **more: Any) -> Speaker:
    outbox, channels = (store or room.store).outbox, room.store.channels
    return Speaker(outbox, room.store.inbox, room.voice(), room.clock, no_jitter, channels=channels, **more)


async def minutes(room: Newsroom, speaker: Speaker, number: float) -> None:
    for _ in range(int(number * 60 / 20)):
        await room.work(speaker)
        room.clock.pass_by(20)
    await room.work(speaker)


@pytest.mark.parametrize("error", ["is_archived", "not_in_channel", "channel_not_found", "restricted_action"])
async def test_nothing_is_lost_and_everything_comes_once_the_channel_is_mended(room: Newsroom, error: str) -> None:
    speaking = speaker(room)
    room.slack.faults = [Fault("chat.postMessage", f"error:{error}", times=4, channel="C1")]
    await room.queue("a")
    await room.queue("b")
    await minutes(room, speaking, 14)
    assert len([call for call in room.calls() if call.args["channel"] == "C1"]) == 3  # at 0, 5 and 10 minutes
    assert speaking.counts["channels_parked"] == 1
    await room.queue("news", "C2")
    await minutes(room, speaking, 20)
    assert room.shown() == ["a", "b"]
    assert room.shown("C2") == ["news"]
    assert speaking.counts["channels_opened"] == 1
    assert speaking.counts["messages_parked"] == 0
    assert await room.store.dead.lanes() == ()


async def test_a_card_waits_with_its_newest_words(room: Newsroom) -> None:
    speaking = speaker(room)
    await room.open("card", "one")
    await minutes(room, speaking, 0)
    room.slack.channels["C1"].archived = True
    room.clock.pass_by(10)
    await room.turn("card", "two")
    await minutes(room, speaking, 2)
    await room.turn("card", "three")
    room.slack.channels["C1"].archived = False
    await minutes(room, speaking, 5)
    assert room.shown() == ["three"]


async def test_the_owner_hears_once_for_each_parking_what_to_do(room: Newsroom) -> None:
    await room.store.channels.keep(Channel("C2", owner="U2"))
    room.slack.channels["C2"].archived = True
    await room.queue("a", "C2", asker="U1")
    speaking = speaker(room, owner="U1")
    await minutes(room, speaking, 30)
    assert room.shown("U1") == []
    (note,) = room.shown("U2")
    assert "The channel is archived. Unarchive it" in note
    assert "quaybot channels resume C2" in note
    room.slack.channels["C2"].archived = False
    await minutes(room, speaking, 5)
    assert room.shown("C2") == ["a"]
    room.slack.channels["C2"].archived = True
    await room.queue("b", "C2")
    await minutes(room, speaking, 6)
    assert len(room.shown("U2")) == 2


@pytest.mark.parametrize(("asker", "told"), [("U1", "U1"), (None, "U2")])
async def test_without_an_owner_the_asker_hears_or_whoever_looks_after_the_bot(
    room: Newsroom, asker: str | None, told: str
) -> None:
    room.slack.channels["C2"].archived = True
    await room.queue("a", "C2", asker=asker)
    await minutes(room, speaker(room, owner="U2"), 6)
    assert [len(room.shown(user)) for user in ("U1", "U2")] == [int(told == "U1"), int(told == "U2")]


async def test_without_anybody_to_tell_only_the_log_knows(room: Newsroom) -> None:
    room.slack.channels["C2"].archived = True
    await room.queue("a", "C2")
    await minutes(room, speaker(room), 12)
    assert {call.args["channel"] for call in room.slack.calls} == {"C2"}
    (lane,) = await room.store.dead.lanes()
    assert (lane.channel, lane.reason, lane.waiting) == ("C2", "The channel is archived.", 1)


async def test_a_channel_that_is_resumed_by_hand_is_tried_at_once(room: Newsroom, replica: SqlStore) -> None:
    room.slack.channels["C2"].archived = True
    await room.queue("a", "C2")
    speaking = speaker(room)
    await minutes(room, speaking, 1)
    room.slack.channels["C2"].archived = False
    assert await replica.outbox.open_lane("C2")
    await room.work(speaking)
    assert room.shown("C2") == ["a"]


async def test_what_piled_up_meanwhile_comes_as_one_message(room: Newsroom) -> None:
    room.slack.channels["C1"].archived = True
    speaking = speaker(room)
    for number in range(4):
        await room.queue(f"m{number}")
    await minutes(room, speaking, 4)
    room.slack.channels["C1"].archived = False
    await minutes(room, speaking, 2)
    assert room.shown() == ["While quaybot could not post here: 4 alerts, 5 min late."]


async def test_a_person_who_cannot_be_written_to_is_no_channel_to_park(room: Newsroom) -> None:
    room.slack.faults = [Fault("chat.postMessage", "error:channel_not_found")]
    await room.queue("a", "U1")
    speaking = speaker(room)
    await room.finish(speaking)
    assert await room.store.dead.lanes() == ()
    assert speaking.counts["messages_parked"] == 1


async def test_a_token_that_does_not_work_on_a_direct_message_loses_nothing(room: Newsroom) -> None:
    room.slack.faults = [Fault("conversations.open", "error:token_revoked", times=2)]
    await room.queue("a", "U1")
    speaking = speaker(room)
    await minutes(room, speaking, 3)
    assert room.shown("U1") == ["a"]
    assert speaking.counts["messages_parked"] == 0


async def test_a_gathering_that_nobody_takes_is_told_once_to_everybody_who_waits_for_it(room: Newsroom) -> None:
    await room.store.channels.keep(Channel("C1", owner="U2"))
    room.slack.add_user("U3", "lin")
    for number, asker in enumerate(["U1", None, "U3", None, "U1"]):
        await room.queue(f"m{number}", asker=asker)
    room.clock.pass_by(60)
    room.slack.faults = [Fault("chat.postMessage", "error:restricted_action_non_threadable_channel", channel="C1")]
    speaking = speaker(room)
    await minutes(room, speaking, 5)
    assert room.shown() == []
    for person in ("U1", "U2", "U3"):
        (note,) = room.shown(person)
        assert "It was: Many alerts at once: 5 alerts" in note
    assert speaking.counts["messages_parked"] == 1


async def test_two_processes_tell_the_owner_once(room: Newsroom, replica: SqlStore) -> None:
    room.slack.channels["C2"].archived = True
    await room.queue("a", "C2")
    mine, theirs = speaker(room, owner="U1"), speaker(room, replica, owner="U1")
    for _ in range(40):
        for speaking in (mine, theirs):
            await room.work(speaking)
        room.clock.pass_by(30)
    assert len(room.shown("U1")) == 1
