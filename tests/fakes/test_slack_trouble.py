"""What can be made to go wrong in the fake Slack: faults left to chance, outages, tiers, refusals that last."""

import asyncio
from collections import Counter
from random import Random

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fakes.slack import Fault
from bot.fakes.slack.limits import Limits
from bot.fakes.slack.trouble import Trouble
from tests.fakes.slack_desk import HandClock, desk


def strokes(seed: int, calls: int = 200) -> list[str]:
    """Which faults strike, call by call."""
    trouble = Trouble()
    trouble.dice.seed(seed)
    trouble.faults = [Fault("*", "429", None, chance=0.2), Fault("chat.postMessage", "reset", None, chance=0.2)]
    return [getattr(trouble.next("chat.postMessage", "C1"), "kind", "") for _ in range(calls)]


@given(st.integers())
def test_a_run_with_the_same_seed_goes_wrong_in_the_same_way(seed: int) -> None:
    assert strokes(seed) == strokes(seed)


def test_faults_strike_as_often_as_their_chance_says() -> None:
    found = Counter(strokes(1, calls=5000))
    assert 900 < found["429"] < 1100
    assert 700 < found["reset"] < 900  # a fifth of the rest


@given(st.integers(1, 5), st.integers(0, 10))
def test_a_fault_without_a_number_stays_and_one_with_a_number_is_used_up(times: int, calls: int) -> None:
    trouble = Trouble()
    trouble.faults = [Fault("auth.test", "500", times), Fault("*", "reset", None)]
    kinds = [getattr(trouble.next("auth.test", ""), "kind", "") for _ in range(calls)]
    assert kinds == (["500"] * times + ["reset"] * calls)[:calls]
    assert trouble.struck == Counter(kinds)


def test_a_fault_that_does_not_fit_throws_no_dice() -> None:
    fault = Fault("chat.postMessage", "500", chance=0.5, channel="C1")
    dice = Random(3)
    before = dice.getstate()
    assert not fault.strikes("chat.update", "C1", dice)
    assert not fault.strikes("chat.postMessage", "C2", dice)
    assert dice.getstate() == before


async def test_a_500_may_come_after_the_message_was_stored() -> None:
    async with desk() as d:
        d.slack.faults = [Fault("chat.postMessage", "500_after")]
        assert (await d.call("chat.postMessage", channel="C1", text="x"))["status"] == 500
        assert [message["text"] for message in d.slack.messages("C1")] == ["x"]
        assert d.slack.struck == {"500_after": 1}


async def test_a_silent_call_can_be_dropped_after_a_while() -> None:
    async with desk() as d:
        d.slack.faults = [Fault("chat.postMessage", "timeout", hang=0.05)]
        with pytest.raises(aiohttp.ClientError):
            await d.raw("chat.postMessage", json={"channel": "C1", "text": "x"})
        assert len(d.slack.messages("C1")) == 1


async def test_a_refusal_can_last_until_it_is_taken_away() -> None:
    async with desk() as d:
        revoked = Fault("*", "error:token_revoked", None)
        d.slack.faults.append(revoked)
        for method in ("auth.test", "chat.postMessage", "auth.test"):
            assert (await d.call(method, channel="C1", text="x"))["error"] == "token_revoked"
        d.slack.faults.remove(revoked)
        await d.post()


async def test_a_channel_can_be_closed_and_opened_again() -> None:
    async with desk() as d:
        d.slack.channels["C1"].archived = True
        assert (await d.call("chat.postMessage", channel="C1", text="x"))["error"] == "is_archived"
        d.slack.channels["C1"].archived = False
        d.slack.channels["C1"].members.discard(d.slack.bot_user)
        assert (await d.call("chat.postMessage", channel="C1", text="x"))["error"] == "not_in_channel"
        d.slack.channels["C1"].members.add(d.slack.bot_user)
        await d.post()


async def test_without_its_plug_slack_refuses_connections_and_keeps_its_address() -> None:
    async with desk() as d:
        await d.post("before")
        hung = asyncio.create_task(d.raw("chat.postMessage", json={"channel": "C1", "text": "kept"}))
        d.slack.faults = [Fault("chat.postMessage", "timeout")]
        await d.slack.wait(lambda: len(d.slack.calls) == 2)
        await d.slack.unplug()
        with pytest.raises(aiohttp.ClientError):
            await hung
        with pytest.raises(aiohttp.ClientConnectorError):
            await d.raw("auth.test")
        await d.slack.unplug()  # twice is no harm
        await d.slack.plug_in()
        await d.slack.plug_in()
        d.clock.pass_by(1)
        await d.post("after")
        assert [message["text"] for message in d.slack.messages("C1")] == ["before", "kept", "after"]


async def test_a_method_can_have_a_tier_of_its_own() -> None:
    async with desk() as d:
        d.slack.tiers = {"chat.update": 2}
        ts = await d.post()
        for number in range(2):
            assert (await d.call("chat.update", channel="C1", ts=ts, text=str(number)))["ok"]
        status, headers, _ = await d.raw("chat.update", json={"channel": "C1", "ts": ts, "text": "x"})
        assert (status, headers["Retry-After"]) == (429, "60")
        assert d.slack.refused == {"chat.update": 1}


async def test_all_methods_but_the_named_ones_can_be_free() -> None:
    async with desk() as d:
        d.slack.tiers = {"*": None, "conversations.history": 1}
        for _ in range(30):
            assert (await d.call("users.list"))["ok"]
        assert (await d.call("conversations.history", channel="C1"))["ok"]
        assert (await d.call("conversations.history", channel="C1"))["status"] == 429
        assert d.slack.refused == {"conversations.history": 1}


async def test_planned_429s_are_not_counted_as_calls_that_came_too_fast() -> None:
    async with desk() as d:
        d.slack.faults = [Fault("chat.postMessage", "429")]
        await d.call("chat.postMessage", channel="C1", text="x")
        assert d.slack.refused == {}
        d.slack.burst = 1
        await d.post()
        await d.call("chat.postMessage", channel="C1", text="x")
        assert d.slack.refused == {"chat.postMessage": 1}


@given(st.lists(st.floats(0, 5), min_size=1, max_size=60), st.integers(1, 8))
def test_no_minute_holds_more_calls_than_the_tier(pauses: list[float], tier: int) -> None:
    limits, clock, made = Limits(), HandClock(), []
    limits.tiers = {"chat.update": tier}
    for pause in pauses:
        clock.pass_by(pause)
        if limits.wait("chat.update", 50, clock.now()) == 0:
            made.append(clock.now())
    assert all((made[index + tier] - made[index]).total_seconds() >= 60 for index in range(len(made) - tier))
    assert limits.refused["chat.update"] == len(pauses) - len(made)


def test_whoever_waits_as_long_as_was_asked_is_let_through() -> None:
    limits, clock = Limits(), HandClock()
    limits.tiers = {"chat.update": 3}
    for _ in range(50):
        wait = limits.wait("chat.update", 50, clock.now())
        clock.pass_by(wait or 0.5)
        if wait:
            assert limits.wait("chat.update", 50, clock.now()) == 0


async def test_a_fault_can_hit_the_bytes_of_a_file() -> None:
    async with desk() as d:
        reply = await d.call("files.getUploadURLExternal", filename="a.csv", length=2)
        d.slack.faults = [Fault("upload_url", "500"), Fault("upload_url", "429")]
        for expected in (500, 429, 200):
            async with d.http.post(reply["upload_url"], data=b"hi") as response:
                assert response.status == expected
