"""An answer finds its way: the response_url, else a whisper, else a direct message."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.adapters.slack.voice import SlackVoice
from bot.domain.messages import Message
from bot.domain.people import Person
from bot.fakes.slack import Fault
from handlers.answering import answer
from handlers.command import Origin, Reply
from tests.fakes.slack_desk import Desk, actions, button, desk, section

ADA = Person("T1", "U1")
HELLO = Message("hello", (section("hello"),))


class Asked:
    """Ada asked in C1 and waits. `seen` is what she and the channel see."""

    def __init__(self, d: Desk, url: str) -> None:
        self.d, self.url = d, url
        self.voice = SlackVoice(d.slack.bot_token, d.slack.url, d.http)

    async def answer(self, reply: Reply, channel: str = "C1", url: str | None = None, thread: str = "") -> None:
        origin = Origin(channel, self.url if url is None else url)
        await answer(reply, origin, ADA, self.voice, thread=thread)

    @property
    def methods(self) -> list[str]:
        return [call.method for call in self.d.slack.calls]

    @property
    def seen(self) -> dict[str, list[str]]:
        slack = self.d.slack
        places = {"whispers": slack.whispers("U1"), "C1": slack.messages("C1"), "direct": slack.messages("U1")}
        return {name: [message["text"] for message in messages] for name, messages in places.items() if messages}


@asynccontextmanager
async def asked() -> AsyncIterator[Asked]:
    async with desk() as d:
        await d.slack.command("U1", "C1", "help")
        yield Asked(d, d.bot.heard[-1].fields["response_url"])


async def test_the_response_url_comes_first_and_only_the_asker_sees_it() -> None:
    async with asked() as a:
        await a.answer(Reply(HELLO))
        assert a.seen == {"whispers": ["hello"]}
        assert a.methods == ["response_url"]


async def test_an_answer_for_the_channel_is_seen_by_all() -> None:
    async with asked() as a:
        await a.answer(Reply(HELLO, in_channel=True))
        assert a.seen == {"C1": ["hello"]}


async def test_without_a_response_url_it_is_whispered() -> None:
    async with asked() as a:
        await a.answer(Reply(HELLO), url="")
        assert a.seen == {"whispers": ["hello"]}
        assert a.methods == ["chat.postEphemeral"]


async def test_a_response_url_that_is_used_up_makes_it_a_whisper() -> None:
    async with asked() as a:
        for _ in range(6):
            await a.answer(Reply(HELLO))
        assert a.seen == {"whispers": ["hello"] * 6}
        assert a.methods == ["response_url"] * 6 + ["chat.postEphemeral"]


async def test_a_response_url_that_is_too_old_makes_an_answer_for_the_channel_a_post() -> None:
    async with asked() as a:
        a.d.clock.pass_by(31 * 60)
        await a.answer(Reply(HELLO, in_channel=True))
        assert a.seen == {"C1": ["hello"]}
        assert a.methods == ["response_url", "chat.postMessage"]


@pytest.mark.parametrize("in_channel", [False, True])
async def test_where_the_bot_may_not_speak_it_goes_to_the_asker_directly(in_channel: bool) -> None:
    async with asked() as a:
        a.d.slack.add_channel("C2", "without the bot", members=["U1"], bot=False)
        await a.answer(Reply(HELLO, in_channel=in_channel), channel="C2", url="")
        assert a.seen == {"direct": ["hello"]}


async def test_without_any_place_it_goes_to_the_asker_directly() -> None:
    async with asked() as a:
        await a.answer(Reply(HELLO), channel="", url="")
        assert a.seen == {"direct": ["hello"]}


async def test_an_answer_in_a_thread_stays_in_the_thread() -> None:
    async with asked() as a:
        root = a.d.slack.say("U1", "C1", "<@U0QUAYBOT> help")
        await a.answer(Reply(HELLO, in_channel=True), url="", thread=root)
        assert a.d.slack.messages("C1")[-1]["thread_ts"] == root
        await a.answer(Reply(HELLO), url="", thread=root)
        assert a.d.slack.whispers("U1")[-1]["thread_ts"] == root


async def test_an_answer_to_a_button_can_take_the_place_of_the_message() -> None:
    async with desk() as d:
        ts = await d.post(blocks=[actions(button("go"))])
        await d.slack.click("U1", "C1", ts, "go")
        a = Asked(d, d.bot.heard[-1].payload["response_url"])
        await a.answer(Reply(HELLO, replace=True))
        assert a.seen == {"C1": ["hello"]}
        await a.answer(Reply(HELLO))
        assert a.seen == {"C1": ["hello"], "whispers": ["hello"]}


@pytest.mark.parametrize("kind", ["500", "429"])
async def test_a_way_that_surely_failed_is_followed_by_the_next_one(kind: str) -> None:
    async with asked() as a:
        a.d.slack.faults = [Fault("response_url", kind)]
        await a.answer(Reply(HELLO))
        assert a.seen == {"whispers": ["hello"]}


async def test_an_answer_that_may_have_been_shown_is_not_shown_again() -> None:
    async with asked() as a:
        a.d.slack.faults = [Fault("response_url", "reset_after")]
        await a.answer(Reply(HELLO))
        assert a.seen == {"whispers": ["hello"]}
        assert a.methods == ["response_url"]


async def test_an_answer_that_cannot_be_brought_anywhere_raises_nothing() -> None:
    async with asked() as a:
        a.d.slack.down = True
        await a.answer(Reply(HELLO))
        assert a.seen == {}
