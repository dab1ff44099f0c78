"""The outbox: paced, in order, parallel over channels; permanent refusals are parked, the rest is kept."""

from itertools import pairwise

import pytest

from bot.fakes.slack import Fault
from bot.rules.pacing import PACE
from bot.services.outbox import LEASE
from tests.services.newsroom import Newsroom


async def test_a_channel_gets_one_message_at_a_time_at_slacks_pace(room: Newsroom) -> None:
    for number in range(4):
        await room.queue(f"m{number}")
    speaker = room.speaker()
    await room.finish(speaker)
    calls = room.calls()
    assert room.shown() == ["m0", "m1", "m2", "m3"]
    assert [call.status for call in calls] == [200] * 4
    assert all(later.at - earlier.at >= PACE for earlier, later in pairwise(calls))


async def test_a_slow_channel_keeps_no_other_channel_waiting(room: Newsroom) -> None:
    room.slack.faults = [Fault("chat.postMessage", "timeout", channel="C1")]
    await room.queue("slow", "C1")
    await room.queue("quick", "C2")
    speaker = room.speaker()
    assert await speaker.step() == 2
    await room.slack.wait(lambda: room.shown("C2"))
    assert await speaker.step() == 0  # C1 is still in flight, and nothing else is due
    await speaker.close(patience=0.0)
    assert room.shown("C2") == ["quick"]


async def test_a_row_of_a_channel_in_flight_is_not_taken_by_a_second_step(room: Newsroom) -> None:
    room.slack.faults = [Fault("chat.postMessage", "timeout", channel="C1")]
    await room.queue("first", "C1")
    speaker = room.speaker()
    await speaker.step()
    await room.queue("second", "C1")
    assert await speaker.step() == 0
    await speaker.close(patience=0.0)


async def test_more_channels_than_places_are_all_served(room: Newsroom) -> None:
    for number in range(30):
        room.slack.add_channel(f"C9{number:02}", f"many-{number}")
        await room.queue(f"m{number}", f"C9{number:02}")
    await room.finish(room.speaker())
    assert [room.shown(f"C9{number:02}") for number in range(30)] == [[f"m{number}"] for number in range(30)]


async def test_a_rate_limit_is_waited_for_and_the_message_is_shown_once(room: Newsroom) -> None:
    room.slack.faults = [Fault("chat.postMessage", "429", retry_after=7)]
    await room.queue("a")
    speaker = room.speaker()
    await room.work(speaker)
    room.clock.pass_by(6.9)
    await room.work(speaker)
    assert room.shown() == []
    room.clock.pass_by(0.2)
    await room.work(speaker)
    assert room.shown() == ["a"]
    assert [call.status for call in room.calls()] == [429, 200]
    assert room.calls("conversations.history") == []  # a refusal is no doubt: there is nothing to look for


async def test_a_long_rate_limit_holds_the_whole_channel(room: Newsroom) -> None:
    room.slack.faults = [Fault("chat.postMessage", "429", retry_after=120)]
    await room.queue("a")
    await room.queue("b")
    speaker = room.speaker()
    await room.work(speaker)
    room.clock.pass_by(119)
    await room.work(speaker)
    assert len(room.calls()) == 1
    room.clock.pass_by(2)
    await room.finish(speaker)
    assert sorted(room.shown()) == ["a", "b"]


async def test_a_newer_revision_is_shown_in_the_same_message(room: Newsroom) -> None:
    await room.open("card", "one")
    speaker = room.speaker()
    await room.work(speaker)
    await room.turn("card", "two")
    await room.turn("card", "three")
    await room.finish(speaker)
    assert room.shown() == ["three"]
    assert [call.method for call in room.calls()] == ["chat.postMessage", "chat.update"]


async def test_a_revision_that_came_while_the_post_was_under_way_goes_out_too(room: Newsroom) -> None:
    await room.open("card", "one")
    speaker = room.speaker()
    (row,) = await room.store.outbox.claim(1, room.clock.now(), LEASE)
    await room.turn("card", "two")
    await room.store.outbox.attempting(row, room.clock.now())
    ts = await room.voice().post(row.channel, row.payload, row.key)
    await room.store.outbox.sent(row, ts, room.clock.now())
    await room.finish(speaker)
    assert room.shown() == ["two"]


async def test_what_can_never_be_shown_is_given_up_and_the_asker_is_told_once(room: Newsroom) -> None:
    room.slack.add_user("U9", "gone", deleted=True)
    await room.queue("a", "U9", asker="U1")
    await room.queue("b", "U9", asker="U1")
    speaker = room.speaker()
    await room.finish(speaker)
    for _ in range(3):
        room.clock.pass_by(600)
        await room.work(speaker)
    assert len(room.shown("U1")) == 2  # one for each message
    assert "That person's account is deactivated." in room.shown("U1")[0]
    assert len(room.calls("chat.postMessage")) == 2
    assert await room.store.dead.counts() == {"deliveries": 0, "messages": 2}


async def test_a_note_that_cannot_be_shown_makes_no_further_note(room: Newsroom) -> None:
    room.slack.add_user("U8", "gone", deleted=True)
    room.slack.add_user("U9", "gone too", deleted=True)
    await room.queue("a", "U8", asker="U9")
    await room.finish(room.speaker())
    assert await room.store.outbox.waiting() == 0
    assert len(room.calls("chat.postMessage", "conversations.open")) == 2


async def test_an_asker_whose_own_direct_messages_fail_is_not_told_there(room: Newsroom) -> None:
    room.slack.add_user("U9", "gone", deleted=True)
    await room.queue("a", "U9", asker="U9")
    await room.finish(room.speaker())
    assert len(room.calls("conversations.open")) == 1


async def test_a_card_that_was_given_up_gets_another_try_when_it_changes(room: Newsroom) -> None:
    room.slack.faults = [Fault("chat.postMessage", "error:restricted_action_non_threadable_channel")]
    await room.open("card", "one")
    speaker = room.speaker()
    await room.finish(speaker)
    assert room.shown() == []
    await room.turn("card", "two")
    await room.finish(speaker)
    assert room.shown() == ["two"]


@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked", "missing_scope"])
async def test_a_token_that_does_not_work_loses_nothing(room: Newsroom, error: str) -> None:
    room.slack.faults = [Fault("*", f"error:{error}", times=3)]
    await room.queue("a", asker="U1")
    speaker = room.speaker()
    await room.work(speaker)
    room.clock.pass_by(59)
    await room.work(speaker)
    assert len(room.calls()) == 1  # once a minute at most
    await room.finish(speaker)
    assert room.shown() == ["a"]
    assert room.shown("U1") == []


async def test_a_long_outage_is_met_with_growing_pauses(room: Newsroom) -> None:
    await room.open("card", "one")
    speaker = room.speaker()
    await room.finish(speaker)
    await room.turn("card", "two")
    room.slack.down = True
    for _ in range(180):
        await room.work(speaker)
        room.clock.pass_by(20)
    assert len(room.slack.calls) < 80  # an hour: about one try a minute
    room.slack.down = False
    await room.finish(speaker)
    assert room.shown() == ["two"]


async def test_searching_during_a_long_outage_pauses_longer_each_time(room: Newsroom) -> None:
    room.slack.faults = [Fault("chat.postMessage", "reset_after")]
    await room.queue("a")
    speaker = room.speaker()
    await room.work(speaker)
    room.slack.down = True
    for _ in range(180):
        await room.work(speaker)
        room.clock.pass_by(20)
    assert len(room.slack.calls) < 160  # an hour: about one search and one try a minute
    room.slack.down = False
    await room.finish(speaker)
    assert room.shown() == ["a"]


async def test_a_card_that_somebody_deleted_is_said_anew_when_there_is_more_to_tell(room: Newsroom) -> None:
    await room.open("card", "running")
    speaker = room.speaker()
    await room.finish(speaker)
    (shown,) = room.slack.messages("C1")
    await room.voice().client.api_call("chat.delete", json={"channel": "C1", "ts": shown["ts"]})
    await room.turn("card", "failed")
    await room.finish(speaker)
    assert room.shown() == ["failed"]
    await room.turn("card", "failed, with its log")
    await room.finish(speaker)
    assert room.shown() == ["failed, with its log"]


async def test_when_slack_is_back_everything_that_waited_comes_at_once_and_in_order(room: Newsroom) -> None:
    await room.queue("a")
    await room.queue("b")
    speaker = room.speaker()
    room.slack.down = True
    for _ in range(8):
        await room.work(speaker)
        room.clock.pass_by(60)
    room.slack.down = False
    for _ in range(4):
        await room.work(speaker)
        room.clock.pass_by(2)
    assert room.shown() == ["a", "b"]


async def test_a_search_that_never_works_does_not_hold_a_message_back_while_slack_answers(room: Newsroom) -> None:
    room.slack.faults = [Fault("chat.postMessage", "500"), Fault("conversations.history", "500", times=500)]
    await room.queue("a")
    speaker = room.speaker()
    for number in range(60):
        await room.work(speaker)
        room.clock.pass_by(5)
        await room.queue(f"b{number}", "C2")
    assert room.shown() == ["a"]


async def test_while_slack_is_away_a_message_of_unknown_fate_is_not_said_blindly(room: Newsroom) -> None:
    room.slack.faults = [Fault("*", "reset_after", times=500)]
    await room.queue("a")
    speaker = room.speaker()
    for _ in range(180):
        await room.work(speaker)
        room.clock.pass_by(10)
    assert len(room.calls("chat.postMessage")) == 1
    room.slack.faults = []
    await room.finish(speaker)
    assert room.shown() == ["a"]


async def test_a_search_that_never_works_does_not_hold_a_message_back_for_ever(room: Newsroom) -> None:
    room.slack.faults = [Fault("chat.postMessage", "500"), Fault("conversations.history", "500", times=500)]
    await room.queue("a")
    speaker = room.speaker()
    for _ in range(150):
        await room.work(speaker)
        room.clock.pass_by(30)
    assert room.shown() == ["a"]


async def test_slack_being_back_is_no_reason_to_hurry_in_the_channel_that_just_got_its_message(room: Newsroom) -> None:
    await room.queue("a")
    await room.queue("b")
    speaker = room.speaker()
    room.slack.down = True
    await room.work(speaker)
    room.slack.down = False
    room.clock.pass_by(60)
    await room.work(speaker)
    assert room.shown() == ["a"]
    room.clock.pass_by(PACE.total_seconds())
    await room.work(speaker)
    assert room.shown() == ["a", "b"]
