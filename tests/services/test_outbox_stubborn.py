"""One message that Slack never takes: it holds up nobody for long, and nobody is taken for away because of it."""

import pytest

from bot.fakes.slack import Fault
from bot.services.outbox import LEASE
from tests.plugins.databases import ONLY_SQLITE
from tests.services.newsroom import Newsroom
from tests.services.stubborn import Stubborn, poison, seconds

ODD = "error:attachment_payload_limit_exceeded"


async def test_an_error_that_nobody_knows_holds_up_no_other_message_of_the_channel(room: Newsroom) -> None:
    speaker = room.speaker(Stubborn(room, ODD, poison))
    await room.queue("bad", text="poison")
    await room.queue("good")
    await seconds(room, speaker, 3)
    assert room.shown() == ["good"]


async def test_an_error_that_nobody_knows_is_no_sign_that_slack_is_away(
    room: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    speaker = room.speaker(Stubborn(room, ODD, poison))
    await room.queue("bad", text="poison")
    await seconds(room, speaker, 60)
    assert "slack_away" not in capsys.readouterr().out


async def test_a_message_with_an_unknown_error_settles_before_it_is_tried_again(room: Newsroom) -> None:
    speaker = room.speaker(Stubborn(room, ODD, poison))
    await room.queue("bad", text="poison")
    await seconds(room, speaker, 2.8, step=0.1)
    assert len(room.slack.calls) == 1
    await seconds(room, speaker, 0.6, step=0.1)
    assert [call.method for call in room.slack.calls] == [
        "chat.postMessage",
        "conversations.history",
        "chat.postMessage",
    ]


@ONLY_SQLITE
async def test_a_message_with_an_unknown_error_becomes_a_dead_letter_that_names_it(room: Newsroom) -> None:
    speaker = room.speaker(Stubborn(room, ODD, poison))
    await room.queue("bad", text="poison", asker="U1")
    for number in range(30):
        await room.queue(f"good {number}")
        await seconds(room, speaker, 10, step=5)
    assert len([call for call in room.calls() if call.args["text"] == "poison"]) == 10
    assert speaker.counts["messages_parked"] == 1
    (letter,) = await room.store.dead.all()
    assert letter.reason == "Slack answered attachment_payload_limit_exceeded."
    assert len(room.shown("U1")) == 1


@ONLY_SQLITE
async def test_while_nothing_gets_through_no_unknown_error_makes_a_dead_letter(room: Newsroom) -> None:
    voice = Stubborn(room, ODD, lambda payload: True)
    speaker = room.speaker(voice)
    await room.queue("a")
    await room.queue("b", "C2")
    await seconds(room, speaker, 1800, step=30)
    assert speaker.counts["messages_parked"] == 0
    voice.kind = ""
    await room.finish(speaker)
    assert (room.shown(), room.shown("C2")) == (["a"], ["b"])


@pytest.mark.parametrize("kind", ["500", "500_after", "reset"])
async def test_a_message_for_which_slack_always_fails_lets_the_next_have_its_turn(room: Newsroom, kind: str) -> None:
    speaker = room.speaker(Stubborn(room, kind, poison))
    await room.queue("bad", text="poison")
    await room.queue("good")
    await seconds(room, speaker, 40)
    assert "good" in room.shown()
    for number in range(5):
        await room.queue(f"good {number}")
    await seconds(room, speaker, 14)
    assert [text for text in room.shown() if text != "poison"] == ["good", *(f"good {number}" for number in range(5))]


@ONLY_SQLITE
async def test_a_message_for_which_slack_always_fails_is_kept_for_hours(room: Newsroom) -> None:
    voice = Stubborn(room, "500", poison)
    speaker = room.speaker(voice)
    await room.queue("bad", text="poison")
    for number in range(40):
        await room.queue(f"good {number}", "C2")
        await seconds(room, speaker, 180, step=60)
    assert speaker.counts["messages_parked"] == 0
    voice.kind = ""
    await room.finish(speaker)
    assert (room.shown(), len(room.shown("C2"))) == (["poison"], 40)


async def test_an_edit_for_which_slack_always_fails_holds_up_no_other_card(room: Newsroom) -> None:
    speaker = room.speaker(Stubborn(room, "500", poison))
    for name in ("bad", "good"):
        await room.open(name, name)
    await room.finish(speaker)
    await room.turn("bad", "poison")
    await seconds(room, speaker, 1)
    await room.turn("good", "better")
    await seconds(room, speaker, 40)
    assert room.shown() == ["bad", "better"]


@ONLY_SQLITE
async def test_two_stubborn_messages_do_not_stop_a_channel_either(room: Newsroom) -> None:
    room.slack.scopes -= {"channels:history", "groups:history", "im:history"}  # else one message would tell all three
    speaker = room.speaker(Stubborn(room, "500", poison))
    for number in range(2):
        await room.queue(f"bad {number}", text=f"poison {number}")
    await room.queue("good")
    await seconds(room, speaker, 1500, step=10)
    assert room.shown() == ["good"]


async def test_being_asked_for_patience_takes_neither_place_nor_age(room: Newsroom) -> None:
    room.slack.faults = [Fault("chat.postMessage", "429", retry_after=5)]
    await room.queue("a")
    queued = room.clock.now()
    speaker = room.speaker()
    room.clock.pass_by(3)
    await room.work(speaker)
    assert (await room.store.outbox.lag(room.clock.now()))["C1"] == 3.0
    await room.queue("b")
    room.clock.pass_by(6)
    (row,) = await room.store.outbox.claim(1, room.clock.now(), LEASE)
    assert (row.key, row.since, row.attempts) == ("a", queued, 0)


async def test_a_refused_message_leaves_its_channel_at_its_pace(room: Newsroom) -> None:
    room.slack.faults = [Fault("chat.postMessage", "error:restricted_action_non_threadable_channel")]
    await room.queue("a")
    await room.queue("b")
    speaker = room.speaker()
    await room.work(speaker)
    assert len(room.calls()) == 1
    room.clock.pass_by(1.05)
    await room.work(speaker)
    assert room.shown() == ["b"]
