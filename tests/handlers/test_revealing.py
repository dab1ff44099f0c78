"""The window that shows a secret once: for its person alone, at once, and never lost because Slack stumbled."""

# ruff: noqa: E501 - what people read stands on one line

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.blocks.validator import view_problems
from bot.domain.errors import GiveUp, TryLater
from bot.domain.messages import Modal
from bot.domain.people import Person
from bot.ports import Reveal
from bot.rules.robot_snippets import snippets
from handlers.modals.reveal import shown
from tests.handlers.conftest import ALICE, BOB, START, Office

TOKEN = "R0B0TT0KEN" * 6 + "ABCD"


@pytest.fixture
async def ticket(office: Office) -> str:
    title = "The token of the robot account acme+ci on quay.example"
    return await office.revealing.keep(ALICE, title, snippets("quay.example", "acme+ci", TOKEN))


def texts(modal: Modal) -> list[str]:
    return Office.words(modal.blocks)


async def test_a_window_opens_at_once_without_the_secret_and_then_shows_it(office: Office, ticket: str) -> None:
    assert await office.presses("reveal", ticket) is None
    first, last = office.voice.modals["V1"]
    assert texts(first) == ["*The token of the robot account acme+ci on quay.example*", "One moment …"]
    assert [text.replace(TOKEN, "TOKEN") for text in texts(last)] == snapshot(
        [
            "*The token of the robot account acme+ci on quay.example*",
            "This window shows it one time only: copy what you need before you close it. Nobody can show it again.",
            """\
*User name*
```
acme+ci
```\
""",
            """\
*Token*
```
TOKEN
```\
""",
            """\
*Podman*
```
printf %s TOKEN | podman login --username acme+ci --password-stdin quay.example
```\
""",
            """\
*Docker*
```
printf %s TOKEN | docker login --username acme+ci --password-stdin quay.example
```\
""",
            """\
*Kubernetes secret*
```
apiVersion: v1
kind: Secret
metadata:
  name: acme-ci-pull-secret
type: kubernetes.io/dockerconfigjson
data:
  .dockerconfigjson: eyJhdXRocyI6eyJxdWF5LmV4YW1wbGUiOnsiYXV0aCI6IllXTnRaU3RqYVRwU01FSXdWRlF3UzBWT1VqQkNNRlJVTUV0RlRsSXdRakJVVkRCTFJVNVNNRUl3VkZRd1MwVk9VakJDTUZSVU1FdEZUbEl3UWpCVVZEQkxSVTVCUWtORSJ9fX0=
```\
""",
            """\
*Quay and Docker configuration (∼/.docker/config.json)*
```
{
  "auths": {
    "quay.example": {
      "auth": "YWNtZStjaTpSMEIwVFQwS0VOUjBCMFRUMEtFTlIwQjBUVDBLRU5SMEIwVFQwS0VOUjBCMFRUMEtFTlIwQjBUVDBLRU5BQkNE"
    }
  }
}
```\
""",
            "A login command stays in your shell's history. A blank typed before it keeps it out, but only if your shell ignores lines that begin with a blank.",
        ]
    )
    assert office.shown()


async def test_a_second_look_is_told_when_the_first_one_was(office: Office, ticket: str) -> None:
    await office.presses("reveal", ticket)
    told = office.reads(await office.presses("reveal", ticket))
    assert told == snapshot(
        [
            "It was shown already, 09:00 UTC. If that was not you, make a new token at once: `/quay robot regenerate acme+ci`."
        ]
    )
    assert list(office.voice.modals) == ["V1"]


async def test_somebody_else_sees_nothing_and_uses_nothing_up(office: Office, ticket: str) -> None:
    office.links_bob()
    for person in (BOB, Person("T2", ALICE.user)):
        told = office.reads(await office.presses("reveal", ticket, person))
        assert "There is nothing to show any more" in told[0]
    assert office.voice.modals == {}
    await office.presses("reveal", ticket)
    assert TOKEN in json.dumps(office.shown().view())


@pytest.mark.parametrize("guess", ["", "x", "A" * 43])
async def test_a_guess_opens_no_window(office: Office, ticket: str, guess: str) -> None:
    assert "nothing to show" in office.reads(await office.presses("reveal", guess))[0]
    assert office.voice.modals == {}


async def test_after_ten_minutes_it_is_too_late(office: Office, ticket: str) -> None:
    office.clock.time += timedelta(minutes=10)
    assert office.reads(await office.presses("reveal", ticket)) == snapshot(
        [
            "The time in which this could be opened is over, and nobody has opened it. Now nobody knows that token: make a new one with `/quay robot regenerate acme+ci`."
        ]
    )
    assert office.voice.modals == {}


@pytest.mark.parametrize("error", [TryLater("Slack is away.", doubtful=True), GiveUp("No."), RuntimeError("?")])
async def test_what_slack_could_not_show_can_be_looked_at_again(
    office: Office, ticket: str, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(view: str, modal: Modal) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(office.voice, "update_view", broken)
        reply = await office.presses("reveal", ticket)
    assert reply is not None
    assert TOKEN[:12] not in json.dumps(reply.message.payload())
    await office.presses("reveal", ticket)
    assert TOKEN in json.dumps(office.voice.modals["V2"][-1].view())


async def test_when_no_window_opens_nothing_is_taken(
    office: Office, ticket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(trigger: str, modal: Modal) -> str:
        raise TryLater("Too late for a window.")

    with monkeypatch.context() as patch:
        patch.setattr(office.voice, "open", broken)
        await office.presses("reveal", ticket)
    assert office.reveals.shown == {}


async def test_of_two_presses_at_once_one_window_shows_it(office: Office, ticket: str) -> None:
    """Both have looked before either has taken it."""
    opened, both = office.voice.open, asyncio.Event()

    async def slow(trigger: str, modal: Modal) -> str:
        view = await opened(trigger, modal)
        if view == "V2":
            both.set()
        await asyncio.wait_for(both.wait(), 5)
        return view

    office.voice.open = slow  # type: ignore[method-assign]  # to hold both there
    await asyncio.gather(office.presses("reveal", ticket), office.presses("reveal", ticket))
    shown_in = [view for view, seen in office.voice.modals.items() if TOKEN in json.dumps(seen[-1].view())]
    assert len(shown_in) == 1
    [other] = set(office.voice.modals) - set(shown_in)
    assert texts(office.voice.modals[other][-1]) == ["It is shown in another window already."]


async def test_the_sweep_forgets_what_nobody_looked_at(office: Office, ticket: str) -> None:
    office.desk = replace(office.desk)
    await office.revealing.store.sweep(START + timedelta(minutes=10))
    assert office.reveals.kept == {}


@given(st.text(max_size=300), st.text(min_size=1, max_size=3000))
def test_slack_takes_any_window(title: str, text: str) -> None:
    text = text[:500]
    modal = shown(Reveal(ALICE, title, (("Token", text),), START))
    if text.strip():
        assert view_problems(modal.view()) == []
