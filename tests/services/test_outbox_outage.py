"""Slack is away for half an hour: everything is kept, little is tried, and then each channel reads one message."""

from itertools import pairwise

import pytest

from bot.adapters.store import SqlStore
from bot.fakes.slack import Fault
from bot.rules.pacing import PACE
from bot.services.outbox import LEASE, Speaker
from tests.services.newsroom import Newsroom, no_jitter

CHANNELS = ("C1", "C2", "C3", "C4")


async def pass_minutes(room: Newsroom, speaker: Speaker, number: int, step: float = 5) -> None:
    for _ in range(int(number * 60 / step)):
        await room.work(speaker)
        room.clock.pass_by(step)


@pytest.mark.parametrize("kind", ["500", "reset", "reset_after"])
async def test_an_outage_of_half_an_hour_ends_in_one_message_a_channel(room: Newsroom, kind: str) -> None:
    speaker = room.speaker()
    room.slack.faults = [Fault("*", kind, times=10_000)]
    for minute in range(30):
        for channel in CHANNELS[:3]:
            await room.queue(f"{channel} {minute}", channel)
        await pass_minutes(room, speaker, 1)
    assert len(room.slack.calls) < 3 * 80  # about one search and one try a minute and channel
    room.slack.faults = []
    before = len(room.slack.calls)
    for _ in range(80):
        await room.work(speaker)
        room.clock.pass_by(1.05)
    assert await room.store.outbox.waiting() == 0
    for channel in CHANNELS[:3]:
        shown = room.shown(channel)
        (gathering,) = [text for text in shown if text.startswith("While Slack was away: ")]
        told = int(gathering.split(": ")[1].split(" ")[0])
        assert told + len(shown) - 1 == 30  # what had arrived in spite of all was not said again
        assert len(shown) == (2 if kind == "reset_after" else 1)
    assert [call.status for call in room.slack.calls[before:]] == [200] * (len(room.slack.calls) - before)


async def test_the_lag_is_stated_as_it_is_when_the_message_comes(room: Newsroom) -> None:
    speaker = room.speaker()
    room.slack.down = True
    for number in range(3):
        await room.queue(f"m{number}")
    await pass_minutes(room, speaker, 30)
    room.slack.down = False
    await pass_minutes(room, speaker, 2)
    (shown,) = room.shown()
    said, lag = shown.split(", ")
    assert said == "While Slack was away: 3 alerts"
    assert lag.startswith(("30 min", "31 min"))


async def test_one_late_message_says_how_late_it_is(room: Newsroom) -> None:
    speaker = room.speaker()
    room.slack.down = True
    await room.queue("a")
    await pass_minutes(room, speaker, 10)
    room.slack.down = False
    await pass_minutes(room, speaker, 2)
    (message,) = room.slack.messages("C1")
    assert message["text"] == "a"
    small = message["blocks"][-1]["elements"][0]["text"]
    assert small.startswith("🕒 10 min")
    assert small.endswith("late: Slack was away")


async def test_alerts_that_only_piled_up_do_not_blame_slack(room: Newsroom) -> None:
    room.slack.faults = [Fault("chat.postMessage", "429", retry_after=40)]
    for number in range(9):
        await room.queue(f"m{number}")
    await room.finish(room.speaker())
    assert len(room.calls()) == 2
    (shown,) = room.shown()
    assert shown.startswith("Many alerts at once: 9 alerts, 4")


async def test_a_channel_goes_on_soon_after_slack_is_back_and_at_its_pace(room: Newsroom) -> None:
    speaker = room.speaker()
    room.slack.down = True
    for channel in CHANNELS:
        await room.queue(f"{channel} a", channel)
        await room.queue(f"{channel} b", channel)
    await pass_minutes(room, speaker, 10)
    room.slack.down = False
    room.clock.pass_by(60)
    for _ in range(8):
        await room.work(speaker)
        room.clock.pass_by(0.7)
    for channel in CHANNELS:
        assert room.shown(channel) == [f"{channel} a", f"{channel} b"]
        times = [call.at for call in room.calls() if call.status == 200 and call.args["channel"] == channel]
        assert all(later - earlier >= PACE for earlier, later in pairwise(times))


async def test_a_process_that_dies_after_gathering_leaves_the_message_to_the_next(
    room: Newsroom, replica: SqlStore
) -> None:
    for number in range(5):
        await room.queue(f"m{number}")
    room.clock.pass_by(60)
    speaker = room.speaker()
    await speaker.step()
    await speaker.close()  # it has gathered, and nothing is posted yet
    assert room.calls() == []
    survivor = Speaker(replica.outbox, replica.inbox, room.voice(), room.clock, no_jitter)
    await room.finish(survivor)
    assert room.shown() == ["Many alerts at once: 5 alerts, 1 min late."]
    assert survivor.counts["messages_posted"] == 1
    assert speaker.counts["messages_gathered"] == 5


async def test_a_gathering_whose_answer_got_lost_is_found_and_not_repeated(room: Newsroom) -> None:
    for number in range(5):
        await room.queue(f"m{number}")
    room.clock.pass_by(60)
    room.slack.faults = [Fault("chat.postMessage", "reset_after")]
    await room.finish(room.speaker())
    assert len(room.shown()) == 1


async def test_more_that_comes_while_a_gathering_waits_is_told_by_it(room: Newsroom) -> None:
    room.slack.down = True
    speaker = room.speaker()
    for number in range(3):
        await room.queue(f"m{number}")
    await pass_minutes(room, speaker, 5)
    for number in range(3, 8):
        await room.queue(f"m{number}")
    await pass_minutes(room, speaker, 5)
    room.slack.down = False
    await pass_minutes(room, speaker, 5)
    (shown,) = room.shown()
    assert shown.startswith("While Slack was away: 8 alerts")
    page = await room.store.trail.items(str(room.calls()[-1].args["metadata"]["event_payload"]["key"]))
    assert page is not None
    assert page.total == 8


async def test_a_card_that_changes_after_it_was_gathered_is_shown_by_itself(room: Newsroom) -> None:
    await room.open("card", "one")
    for number in range(3):
        await room.queue(f"m{number}")
    room.clock.pass_by(60)
    speaker = room.speaker()
    await room.finish(speaker)
    await room.turn("card", "two")
    await room.finish(speaker)
    assert room.shown() == ["Many alerts at once: 4 alerts, 1 min late.", "two"]


async def test_cards_that_change_while_a_gathering_waits_tell_themselves_and_it_says_nothing_of_them(
    room: Newsroom,
) -> None:
    for number in range(4):
        await room.open(f"card{number}", "one")
    room.clock.pass_by(60)
    speaker = room.speaker()
    await speaker.step()
    await speaker.close()  # it has gathered, and nothing is posted yet
    for number in range(3):
        await room.turn(f"card{number}", f"two {number}")
    await room.finish(speaker)
    assert room.shown() == ["two 0", "two 1", "two 2", "Many alerts at once: 1 alert, 1 min 3 s late."]


async def test_a_gathering_of_which_nothing_is_left_is_not_posted(room: Newsroom) -> None:
    for number in range(3):
        await room.open(f"card{number}", "one")
    room.clock.pass_by(60)
    speaker = room.speaker()
    await speaker.step()
    await speaker.close()
    for number in range(3):
        await room.turn(f"card{number}", f"two {number}")
    await room.finish(speaker)
    assert room.shown() == ["two 0", "two 1", "two 2"]


async def test_the_log_has_one_line_for_the_outage_and_one_for_its_end(
    room: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    speaker = room.speaker()
    room.slack.down = True
    for channel in CHANNELS:
        await room.queue("a", channel)
    await pass_minutes(room, speaker, 10)
    room.slack.down = False
    await pass_minutes(room, speaker, 2)
    lines = capsys.readouterr().out.splitlines()
    assert len([line for line in lines if "slack_away" in line]) == 1
    assert len([line for line in lines if "slack_back" in line]) == 1
    assert [line for line in lines if "error" in line] == []


async def test_everything_that_one_row_needs_has_one_deadline(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.services.outbox.DEADLINE", 0.2)
    room.slack.faults = [Fault("chat.postMessage", "timeout")]
    await room.queue("a")
    speaker = room.speaker()
    await room.work(speaker)
    assert room.shown() == ["a"]
    assert await room.store.outbox.waiting() == 1
    monkeypatch.undo()
    await room.finish(speaker)
    assert room.shown() == ["a"]
    assert LEASE.total_seconds() > 25


async def test_a_process_that_is_started_anew_finds_out_that_slack_is_back_for_all(room: Newsroom) -> None:
    room.slack.down = True
    for channel in CHANNELS[:3]:
        await room.queue(f"{channel} early", channel)
    await pass_minutes(room, room.speaker(), 10)
    room.slack.down = False
    speaker = room.speaker()  # knows nothing of it
    await room.queue("C4 now", "C4")
    await room.work(speaker)
    room.clock.pass_by(1.05)
    await room.work(speaker)
    assert [len(room.shown(channel)) for channel in CHANNELS] == [1, 1, 1, 1]
