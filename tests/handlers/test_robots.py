"""Looking at robot accounts from chat: the list, one of them, and what cannot be seen or takes too long."""

# ruff: noqa: E501 - what people read stands on one line

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from inline_snapshot import snapshot

from bot.domain.errors import TryLater, UserError
from bot.domain.repositories import LogEntry
from bot.domain.robots import Mirrors
from handlers import patience
from tests.handlers.conftest import START, Office
from tests.handlers.double_robots import FakeRobots
from tests.handlers.registry import OnePersonsQuay
from tests.handlers.robot_yard import calls, stocked


@pytest.fixture
def yard(office: Office) -> Office:
    return stocked(office)


async def test_the_list_shows_last_use_and_never_a_token(yard: Office) -> None:
    assert yard.reads(await yard.says("robot list acme")) == snapshot(
        [
            "*2 robot accounts of `acme`*",
            """\
• `acme+ci` · last used <!date^1795422600^{date_short_pretty} {time}|2026-11-23 08:30 UTC> · builds ∗and∗ pushes
• `acme+old` · Quay knows of no use\
""",
            "All about one of them: `/quay robot show acme+ci`",
        ]
    )
    assert yard.reads(await yard.says("robot list acme --like OLD")) == snapshot(
        [
            "*1 robot account of `acme`* with `OLD` in the name",
            "• `acme+old` · Quay knows of no use",
            "All about one of them: `/quay robot show acme+old`",
        ]
    )
    assert yard.reads(await yard.says("robot list beta")) == snapshot(
        ["`beta` has no robot accounts. `/quay robot create beta+NAME` makes one."]
    )
    assert yard.notices.said == {}


async def test_a_long_list_is_cut_and_says_so(yard: Office) -> None:
    for number in range(200):
        yard.quay.garage.add(f"acme+r{number:03}", description="x" * 250)
    texts = yard.reads(await yard.says("robot list acme"))
    shown = texts[1].count("•")
    assert f"{202 - shown} more are not shown" in texts[2]


async def test_one_robot_is_shown_with_all_it_reaches(yard: Office) -> None:
    assert yard.reads(await yard.says("robot show acme+ci")) == snapshot(
        [
            """\
*Robot account* `acme+ci`
builds ∗and∗ pushes\
""",
            """\
• Made: <!date^1793520000^{date_short_pretty} {time}|2026-11-01 08:00 UTC>
• Repositories: `acme/web` (write), `acme/api` (read)
• Teams: `devs`
• Mirrors that work with it: none
• Last used: <!date^1795422600^{date_short_pretty} {time}|2026-11-23 08:30 UTC>
• In the last 7 days: 1 pull and 1 push, the newest <!date^1795420800^{date_short_pretty} {time}|2026-11-23 08:00 UTC>\
""",
        ]
    )
    assert yard.notices.said == {}


async def test_what_could_not_be_seen_is_said(yard: Office) -> None:
    yard.quay.garage.roles = None
    yard.quay.garage.mirrors = Mirrors(unseen=("acme/copy",), whole=False)
    yard.quay.garage.robots["acme+ci"] = replace(yard.quay.garage.robots["acme+ci"], teams=None, repositories=None)
    yard.quay.errors["log"] = UserError("Only admins of acme see its usage log.")
    assert yard.reads(await yard.says("robot show acme+ci"))[1:] == snapshot(
        [
            """\
• Made: <!date^1793520000^{date_short_pretty} {time}|2026-11-01 08:00 UTC>
• Last used: <!date^1795422600^{date_short_pretty} {time}|2026-11-23 08:30 UTC>\
""",
            """\
:grey_question: I could not see its role in each repository: that takes a token with the scopes `org:admin` and `user:admin`.
:grey_question: I could not see its teams and repositories: that takes an admin of the organization.
:grey_question: I could not see which robots the mirrors acme/copy work with: that takes the role admin there and the scope `repo:admin`.
:grey_question: I did not look through all repositories for mirrors: there are too many of them.
:grey_question: I could not see what it was used for. Only admins of acme see its usage log.\
""",
        ]
    )


@pytest.mark.parametrize("words", ["robot show acme+ci", "robot regenerate acme+ci", "robot delete acme+ci"])
async def test_nobody_waits_long_for_what_works_with_it(
    yard: Office, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    async def never(*_: object) -> Mirrors:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(FakeRobots, "mirrors", never)
    monkeypatch.setattr(patience, "PATIENCE", 0.02)
    said = "\n".join(yard.reads(await yard.says(words)))
    assert "I could not see its mirrors in time: Quay is slow, or there is much of it." in said
    assert "Mirrors that work with it" not in said
    assert "`acme/web` (write)" in said


async def test_all_of_it_may_be_slow(yard: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: object) -> None:
        await asyncio.Event().wait()

    for owner, name in ((FakeRobots, "mirrors"), (FakeRobots, "roles"), (OnePersonsQuay, "log")):
        monkeypatch.setattr(owner, name, never)
    monkeypatch.setattr(patience, "PATIENCE", 0.02)
    assert yard.reads(await yard.says("robot show acme+ci"))[-1] == snapshot("""\
:grey_question: I could not see its role in each repository in time: Quay is slow, or there is much of it.
:grey_question: I could not see its mirrors in time: Quay is slow, or there is much of it.
:grey_question: I could not see what it was used for in time: Quay is slow, or there is much of it.\
""")


async def test_reads_that_fail_leave_the_rest(yard: Office) -> None:
    away = TryLater("Quay is away.")
    yard.quay.errors |= {"robots.roles": away, "robots.mirrors": away, "log": away}
    assert yard.reads(await yard.says("robot show acme+ci")) == snapshot(
        [
            """\
*Robot account* `acme+ci`
builds ∗and∗ pushes\
""",
            """\
• Made: <!date^1793520000^{date_short_pretty} {time}|2026-11-01 08:00 UTC>
• Repositories: `acme/web`
• Teams: `devs`
• Last used: <!date^1795422600^{date_short_pretty} {time}|2026-11-23 08:30 UTC>\
""",
            """\
:grey_question: I could not see its role in each repository. Quay is away.
:grey_question: I could not see its mirrors. Quay is away.
:grey_question: I could not see what it was used for. Quay is away.\
""",
        ]
    )


async def test_what_is_looked_up_before_is_looked_up_at_once(yard: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of the three waits for the others to have begun."""
    begun, all_there = [], asyncio.Event()

    async def met(*_: object) -> tuple[()]:
        begun.append(1)
        if len(begun) == 3:
            all_there.set()
        await asyncio.wait_for(all_there.wait(), 5)
        return ()

    robots = type(yard.quay.as_token("token-alice").robots)
    monkeypatch.setattr(robots, "roles", met)
    monkeypatch.setattr(type(yard.quay.as_token("token-alice")), "log", met)

    async def mirrors(*_: object) -> Mirrors:
        await met()
        return Mirrors()

    monkeypatch.setattr(robots, "mirrors", mirrors)
    assert await yard.says("robot show acme+ci")


async def test_a_busy_log_gives_a_lower_bound(yard: Office) -> None:
    yard.quay.entries = tuple(
        LogEntry("pull_repo", START - number * timedelta(minutes=1), "acme+ci" if number % 2 else "acme+old")
        for number in range(100)
    )
    texts = yard.reads(await yard.says("robot show acme+ci"))
    assert "at least 50 pulls and 0 pushes" in texts[1]
    assert "the usage log is long" in texts[1]


@pytest.mark.parametrize(
    "words",
    ["robot show", "robot show ci", "robot show acme+Ci", "robot show acme+", "robot show acme/web", "robot show a+b c",
     "robot show acme+ci+x", "robot list", "robot list acme+ci", "robot create acme+x --colour red",
     "robot delete <!here>+x"],
)  # fmt: skip
async def test_what_is_no_robot_is_said_so_before_anything_is_asked(yard: Office, words: str) -> None:
    await yard.says(words)
    assert calls(yard) == []


async def test_an_option_that_is_none_is_called_so(yard: Office) -> None:
    assert yard.reads(await yard.says("robot show acme+ci --x"))[0] == "`robot show` has no option --x."
