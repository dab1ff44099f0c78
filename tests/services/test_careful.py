"""The careful voice: what Slack would refuse still arrives as words, and nothing foreign becomes a mention."""

from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.blocks.validator import neutral_problems, problems
from bot.domain.errors import GiveUp
from bot.domain.messages import Modal
from bot.fakes.slack import Fault
from bot.services.careful import CarefulVoice, fit
from tests.fakes.slack_desk import section
from tests.plugins.databases import ONLY_SQLITE
from tests.services.newsroom import Newsroom

GOOD = {"text": "fine", "blocks": [], "attachments": []}
TOO_LONG = section("x" * 3001)
BAD: list[tuple[dict[str, Any], str]] = [
    ({"text": "the words", "blocks": [TOO_LONG]}, "the words"),
    ({"text": "the words", "blocks": [{"type": "no_such_block"}]}, "the words"),
    ({"text": "the words", "blocks": [], "attachments": [{"blocks": [TOO_LONG]}]}, "the words"),
    ({"text": "y" * 50_000, "blocks": [TOO_LONG]}, "y" * 3900),
    ({"text": "  ", "blocks": []}, "quaybot could not draw this message; its log says why."),
    ({"blocks": [TOO_LONG]}, "quaybot could not draw this message; its log says why."),
    ({"text": "<!channel> & co", "blocks": []}, "&lt;!channel&gt; &amp; co"),
]


def test_a_good_message_is_left_as_it_is() -> None:
    with capture_logs() as logs:
        assert fit(GOOD) == GOOD
    assert logs == []


@pytest.mark.parametrize(("payload", "text"), BAD)
def test_a_bad_message_becomes_its_words_and_the_log_says_why(payload: dict[str, Any], text: str) -> None:
    with capture_logs() as logs:
        fitted = fit(payload | {"thread_ts": "1.1", "response_type": "ephemeral"})
    assert fitted["text"] == text
    assert (fitted["thread_ts"], fitted["response_type"]) == ("1.1", "ephemeral")
    assert problems(fitted) + neutral_problems(fitted) == []
    assert logs[0]["event"] == "invalid_message"


@ONLY_SQLITE
async def test_the_words_of_a_bad_message_arrive_in_every_way(room: Newsroom) -> None:
    voice = CarefulVoice(room.voice())
    bad = {"text": "the words", "blocks": [TOO_LONG]}
    ts = await voice.post("C1", bad, "k")
    await voice.post("C1", GOOD, "k2")
    await voice.whisper("C1", "U1", bad)
    assert room.shown() == ["the words", "fine"]
    await voice.update("C1", ts, bad | {"text": "other words"}, "k")
    assert room.shown() == ["other words", "fine"]
    assert [whisper["text"] for whisper in room.slack.whispers("U1")] == ["the words"]


@ONLY_SQLITE
async def test_an_answer_that_slack_would_refuse_arrives_as_words(room: Newsroom) -> None:
    url = room.slack._workspace.response_url("U1", "C1")
    await CarefulVoice(room.voice()).respond(url, {"text": "the words", "blocks": [TOO_LONG]})
    assert [whisper["text"] for whisper in room.slack.whispers("U1")] == ["the words"]


@ONLY_SQLITE
async def test_a_bad_dialog_is_not_sent_at_all(room: Newsroom) -> None:
    voice = CarefulVoice(room.voice())
    bad = Modal("greet", "A title of more than twenty-four characters", (section("hi"),))
    with pytest.raises(GiveUp) as caught:
        await voice.open("trigger", bad)
    assert caught.value.say == "I could not draw that dialog."
    assert "/title" in str(caught.value)
    with pytest.raises(GiveUp):
        await voice.update_view("V1", bad)
    assert room.slack.calls == []


@ONLY_SQLITE
async def test_a_good_dialog_goes_through(room: Newsroom) -> None:
    trigger = room.slack._workspace.trigger("U1")
    voice = CarefulVoice(room.voice())
    view = await voice.open(trigger, Modal("greet", "Hello", (section("hi"),)))
    await voice.update_view(view, Modal("greet", "Changed", (section("hi"),)))
    assert [view["title"]["text"] for view in room.slack.open_views("U1")] == ["Changed"]


@ONLY_SQLITE
async def test_a_file_arrives_and_nothing_in_its_words_comes_alive(room: Newsroom) -> None:
    voice = CarefulVoice(room.voice())
    await voice.upload("U1", "list.csv", b"a,b", "Here it is.")
    await voice.upload("U1", "list.csv", b"a,b", "<!channel> look")
    assert [file["initial_comment"] for file in room.slack.files] == ["Here it is.", "&lt;!channel&gt; look"]
    assert {tuple(file["channels"]) for file in room.slack.files} == {(room.slack.im("U1"),)}


@ONLY_SQLITE
async def test_a_reply_is_found_in_its_thread(room: Newsroom) -> None:
    voice, now = CarefulVoice(room.voice()), room.clock.now()
    window = now - timedelta(seconds=1), now + timedelta(minutes=1)
    parent = await voice.post("C1", GOOD, "card")
    reply = await voice.post("C1", GOOD | {"thread_ts": parent}, "reply")
    assert await voice.find("C1", "reply", *window, parent) == reply
    assert await voice.find("C1", "reply", *window) is None


@ONLY_SQLITE
@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("is_archived", "I could not post in a channel of yours. The channel is archived."),
        ("restricted_action_non_threadable_channel", "I could not post where you asked me to. The channel takes no"),
    ],
)
async def test_the_note_about_what_could_not_be_posted_is_a_good_message(room: Newsroom, error: str, said: str) -> None:
    room.slack.faults = [Fault("chat.postMessage", f"error:{error}", None, channel="C2")]
    speaker = room.speaker(CarefulVoice(room.voice()))
    await room.queue("a", "C2", asker="U1")
    with capture_logs() as logs:
        for _ in range(3):
            await room.work(speaker)
            room.clock.pass_by(1.05)
    assert "invalid_message" not in [entry["event"] for entry in logs]
    (note,) = room.slack.messages("U1")
    assert note["text"].startswith(said)
    assert {"type": "channel", "channel_id": "C2"} in note["blocks"][0]["elements"][0]["elements"]


@pytest.mark.parametrize("error", ["invalid_blocks", "invalid_arguments", "msg_too_long", "invalid_metadata_format"])
async def test_a_form_that_slack_refuses_against_our_judgement_still_arrives_in_words(
    room: Newsroom, error: str
) -> None:
    room.slack.faults = [Fault("chat.postMessage", f"error:{error}", times=2)]
    await room.queue("a")
    await room.finish(room.speaker(CarefulVoice(room.voice())))
    assert room.shown() == ["a"]
    (message,) = room.slack.messages("C1")
    assert "metadata" not in message  # the third try goes without everything that can be left out
