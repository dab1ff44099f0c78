"""What the room turns away: too much at once, what is unsigned or sent twice, machines, and nobody."""

import itertools
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from inline_snapshot import snapshot

from bot.domain.people import Person
from handlers.slack.replays import Replays
from tests.handlers.conftest import START, Office
from tests.handlers.slack_room import Slack, a_slack


@pytest.fixture
async def slack(office: Office) -> AsyncIterator[Slack]:
    async for one in a_slack(office):
        yield one


async def test_too_much_is_answered_where_it_was_asked(office):
    async for slack in a_slack(office, limit=1):
        assert (await slack.types("help", office.bob))[1] == ""
        expected = snapshot(
            {
                "command": (200, "You have asked me for a lot in the last minute. Please try again in 60 s."),
                "form": (
                    200,
                    {
                        "response_action": "errors",
                        "errors": {"code": "You have asked me for a lot in the last minute. Please try again in 60 s."},
                    },
                ),
                "form without a field, click and mention": [
                    (
                        "response",
                        "https://hooks.example/bob",
                        "You have asked me for a lot in the last minute. Please try again in 60 s.",
                    ),
                    (
                        "response",
                        "https://hooks.example/bob",
                        "You have asked me for a lot in the last minute. Please try again in 60 s.",
                    ),
                    (
                        "whisper",
                        "C1 U-BOB",
                        "You have asked me for a lot in the last minute. Please try again in 60 s.",
                    ),
                ],
            }
        )
        assert await slack.types("help", office.bob) == expected["command"]
        assert await slack.sends("link_code", {"code": "AC3K-7WXY"}, office.bob) == expected["form"]
        await slack.said(1)
        assert await slack.sends("nothing", {}, office.bob) == (200, "")
        await slack.said(2)
        assert await slack.presses("build_retry", office.bob, "acme/web b-1") == (200, "")
        await slack.said(3)
        await slack.tells({"type": "app_mention", "user": office.bob.user, "text": "<@U0BOT> help", "channel": "C1"})
        assert (await slack.said(4))[1:] == expected["form without a field, click and mention"]
        assert (await slack.types("help", office.alice))[1] == ""
        assert office.quay.calls == []


async def test_an_unsigned_request_is_not_counted(office):
    async for slack in a_slack(office, limit=1):
        form = {"command": "/quay", "text": "help", "team_id": "T1", "user_id": office.bob.user}
        for _ in range(5):
            async with slack._http.post(slack._door, data=form) as response:
                assert response.status == 401
        assert (await slack.types("help", office.bob))[1] == ""


async def test_a_guest_is_somebody_else_than_the_person_with_the_same_id_here(slack):
    guest = Person("T9", "U-ALICE")
    await slack.presses("build_retry", guest, "acme/web b-1")
    assert "I do not know your Quay account yet" in (await slack.said())[0][2]
    assert slack.office.quay.calls == []
    assert list(slack.office.kept.words) == [guest]


@pytest.mark.parametrize(
    "author",
    [{"subtype": "bot_message", "bot_id": "B1", "username": "Deploy"}, {"user": "U-ALICE", "bot_id": "B1"}, {}],
    ids=["a workflow", "another app", "no author"],
)
async def test_a_mention_by_a_machine_does_nothing(slack, author):
    slack.office.links_bob()
    event = {"type": "app_mention", "text": "<@U0BOT> unlink", "channel": "C1", "ts": "1.1"}
    assert (await slack.tells(event | author))[0] == 200
    await slack.types("help", slack.office.bob)
    assert [way for way, _, _ in await slack.said()] == ["response"]  # Bob's; the mention came first
    assert (slack.office.accounts.forgotten, slack.office.audit.lines) == ([], [])
    assert set(slack.office.accounts.kept) == {slack.office.alice, slack.office.bob}


@pytest.mark.parametrize("nobody", [Person("T1", ""), Person("", "U-ALICE")])
async def test_a_command_of_nobody_is_refused(slack, nobody):
    status, said = await slack.types("unlink", nobody)
    assert (status, "who you are" in str(said)) == (200, True)
    assert slack.office.audit.lines == []


async def test_presses_and_forms_of_nobody_do_nothing(slack):
    nobody = Person("T1", "")
    assert await slack.presses("link_start", nobody) == (200, "")
    assert await slack.sends("link_account", {"token": "x" * 40}, nobody) == (200, "")
    await slack.types("help", slack.office.bob)
    assert len(await slack.said()) == 1
    assert slack.office.linking.started == []


@pytest.mark.parametrize(("asks", "words"), [("types", "help"), ("presses", "link_start")])
async def test_the_same_signed_request_counts_once(slack, asks, words):
    slack._triggers = itertools.repeat(7)  # caught on its way, and sent again
    for _ in range(3):
        assert (await getattr(slack, asks)(words, slack.office.bob))[0] == 200
    slack._triggers = itertools.count(8)
    await slack.types("whoami", slack.office.bob)
    assert len(await slack.said(2)) == 2


def test_signatures_are_remembered_for_as_long_as_they_are_good_and_no_longer():
    replays, now = Replays(), START
    assert replays.first("v0=1", now)
    assert not replays.first("v0=1", now + timedelta(seconds=599))
    assert replays.first("v0=1", now + timedelta(seconds=601))


def test_so_many_signatures_are_remembered_and_no_more(monkeypatch):
    monkeypatch.setattr("handlers.slack.replays._MOST", 3)
    replays = Replays()
    assert all(replays.first(f"v0={number}", START) for number in range(5))
    assert [replays.first(f"v0={number}", START) for number in (4, 1)] == [False, True]
