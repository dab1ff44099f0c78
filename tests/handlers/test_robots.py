"""Robot accounts from chat: what is shown before, what is done, who is told what, and where no token ever is."""

# ruff: noqa: E501 - what people read stands on one line

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from inline_snapshot import snapshot

from bot.domain.errors import TryLater, UserError
from bot.domain.repositories import LogEntry
from bot.domain.robots import Mirrors, RobotRole
from bot.services.revealing import NO_KEYS, Revealing, Where
from handlers import patience
from handlers.command import Reply
from tests.handlers.conftest import ALICE, START, Office
from tests.handlers.double_robots import USED, FakeRobots
from tests.handlers.registry import OnePersonsQuay
from tests.handlers.robot_yard import emitted, value

HOUR = timedelta(hours=1)


@pytest.fixture
def yard(office: Office) -> Office:
    """acme has two robots; acme+ci is used a lot."""
    garage = office.quay.garage
    garage.add("acme+ci", description="builds *and* pushes", last_used=USED, teams=("devs",), repositories=("web",))
    garage.add("acme+old")
    garage.roles = (RobotRole("acme/web", "write"), RobotRole("acme/api", "read"))
    office.quay.entries = (
        LogEntry("push_repo", START - HOUR, "acme+ci"),
        LogEntry("pull_repo", START - 2 * HOUR, "acme+ci"),
        LogEntry("pull_repo", START - 2 * HOUR, "acme+old"),
        LogEntry("regenerate_robot_token", START - 3 * HOUR, "alice"),
    )
    return office


def calls(office: Office) -> list[str]:
    return [call[1] for call in office.quay.calls]


async def yes(office: Office, words: str) -> Reply | None:
    """Ask, look at what would happen, and press the button."""
    return await office.presses("confirm", value(await office.says(words), "confirm"))


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


async def test_before_a_new_token_one_sees_what_works_with_the_old_one(yard: Office) -> None:
    yard.quay.garage.mirrors = Mirrors((("acme/copy", "acme+ci"), ("acme/other", "acme+old")))
    reply = await yard.says("robot regenerate acme+ci")
    assert yard.reads(reply) == snapshot(
        [
            "Please check what would happen:",
            "*Make a new token for `acme+ci`?* The old token is refused at once when something logs in. Sessions with the registry that are open already may work for about an hour.",
            """\
• Repositories: `acme/web` (write), `acme/api` (read)
• Teams: `devs`
• Mirrors that work with it: `acme/copy`
• Last used: <!date^1795422600^{date_short_pretty} {time}|2026-11-23 08:30 UTC>
• In the last 7 days: 1 pull and 1 push, the newest <!date^1795420800^{date_short_pretty} {time}|2026-11-23 08:00 UTC>\
""",
            "Quay takes the new token for its mirrors by itself: they go on.",
            "Whatever logs in with this robot has to be given the new token: pipelines, clusters, laptops. *There is no way back*: nobody can restore the old token.",
            "Nothing is done yet. This offer is good until <!date^1795425000^{date_short_pretty} {time}|2026-11-23 09:10 UTC>.",
            "[Make a new token] [Cancel]",
        ]
    )
    assert "robots.regenerate" not in calls(yard)
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


async def test_a_new_token_is_made_once_announced_without_it_and_whispered_about(yard: Office) -> None:
    reply = await yes(yard, "robot regenerate acme+ci")
    assert calls(yard).count("robots.regenerate") == 1
    assert yard.reads(reply) == snapshot(
        [
            "`acme+ci` has a new token. The old token is refused at once when something logs in. Sessions with the registry that are open already may work for about an hour. Give the new token to whatever logs in with this robot.",
            "[Show the token]",
            "Only you see this. You can open the token *one time only*, within the next 10 minutes; until then I keep it encrypted. If somebody else has opened it before you, make a new one.",
        ]
    )
    [announced] = yard.notices.said.values()
    assert (announced.channel, announced.payload["text"]) == snapshot(
        (
            "C1",
            "<@U-ALICE> made a new token for the robot account `acme+ci`. The old token is refused at once when something logs in. Sessions with the registry that are open already may work for about an hour.",
        )
    )
    [kept] = yard.reveals.kept.values()
    assert kept.person == ALICE
    assert dict(kept.snippets)["Token"] == yard.quay.garage.tokens[0]
    assert yard.quay.garage.tokens[0][:12] not in emitted(yard, reply)
    assert [line.deed.outcome.value for line in yard.audit.lines] == ["tried", "shown", "tried", "done"]


async def test_by_setting_the_way_is_a_page(yard: Office) -> None:
    page = Revealing(yard.reveals, yard.clock, "https://bot.example/sub", Where.PAGE)
    yard.desk = replace(yard.desk, revealing=page)
    reply = await yes(yard, "robot regenerate acme+ci")
    address = value(reply, "reveal_page")
    assert address.startswith("https://bot.example/sub/quay/reveal/")
    ticket = address.rpartition("/")[2]
    assert len(ticket) == 43
    assert ticket not in yard.reveals.kept  # only its hash is
    assert await yard.presses("reveal_page", "") is None


async def test_a_new_robot_is_announced_and_its_token_whispered_about(yard: Office) -> None:
    reply = await yard.says('robot create acme+new --description "rolls out <!here>"')
    assert yard.reads(reply) == snapshot(
        [
            ":white_check_mark: Done: you made the robot account `acme+new`. *Verified:* I read it back from Quay. It has no access yet: <https://quay.example/organization/acme|give it roles in Quay>.",
            "[Show the token]",
            "Only you see this. You can open the token *one time only*, within the next 10 minutes; until then I keep it encrypted. If somebody else has opened it before you, make a new one.",
        ]
    )
    [announced] = yard.notices.said.values()
    assert announced.payload["text"] == snapshot(
        ":white_check_mark: <@U-ALICE> made the robot account `acme+new`. *Verified:* I read it back from Quay."
    )
    assert yard.quay.garage.robots["acme+new"].description == "rolls out @here"
    assert yard.quay.garage.tokens[0][:12] not in emitted(yard, reply)


async def test_a_robot_is_deleted_after_a_look_and_the_list_is_read_again(yard: Office) -> None:
    asked = await yard.says("robot delete acme+ci")
    assert yard.reads(asked) == snapshot(
        [
            "Please check what would happen:",
            "*Delete the robot account `acme+ci`?* Its token is refused at once when something logs in. Sessions with the registry that are open already may work for about an hour.",
            """\
• Repositories: `acme/web` (write), `acme/api` (read)
• Teams: `devs`
• Mirrors that work with it: none
• Last used: <!date^1795422600^{date_short_pretty} {time}|2026-11-23 08:30 UTC>
• In the last 7 days: 1 pull and 1 push, the newest <!date^1795420800^{date_short_pretty} {time}|2026-11-23 08:00 UTC>\
""",
            "Whatever logs in with this robot stops working. *There is no way back*: a new robot of the same name gets another token, and none of these roles and teams.",
            "Nothing is done yet. This offer is good until <!date^1795425000^{date_short_pretty} {time}|2026-11-23 09:10 UTC>.",
            "[Delete it] [Cancel]",
        ]
    )
    reply = await yard.presses("confirm", value(asked, "confirm"))
    assert "acme+ci" not in yard.quay.garage.robots
    assert yard.reads(reply) == snapshot(
        [
            ":white_check_mark: Done: you deleted the robot account `acme+ci`. Its token is refused at once when something logs in. Sessions with the registry that are open already may work for about an hour. *Verified:* I read it back from Quay."
        ]
    )
    [announced] = yard.notices.said.values()
    assert "deleted the robot account `acme+ci`" in announced.payload["text"]


async def test_a_robot_that_is_still_listed_is_not_said_to_be_gone(yard: Office) -> None:
    yard.quay.garage.stubborn = True
    assert "still listed it" in yard.reads(await yes(yard, "robot delete acme+ci"))[0]


async def test_a_robot_that_a_mirror_works_with_is_not_offered_for_deletion(yard: Office) -> None:
    yard.quay.garage.mirrors = Mirrors((("acme/copy", "acme+ci"),))
    assert yard.reads(await yard.says("robot delete acme+ci")) == snapshot(
        [
            "Quay does not delete acme+ci while mirrors work with it: acme/copy. Give them another robot account in Quay first."
        ]
    )
    assert yard.offers.kept == {}


async def test_a_robot_that_was_made_anew_meanwhile_is_left_alone(yard: Office) -> None:
    asked = await yard.says("robot regenerate acme+ci")
    yard.quay.garage.add("acme+ci", created=START)
    told = yard.reads(await yard.presses("confirm", value(asked, "confirm")))
    assert "`acme+ci` has changed since" in told[0]
    assert yard.quay.garage.tokens == []


@pytest.mark.parametrize("words", ["robot regenerate acme+ci", "robot create acme+new"])
async def test_without_keys_nothing_is_made(yard: Office, words: str) -> None:
    yard.desk = replace(yard.desk, revealing=replace(yard.revealing, sealed=False))
    assert yard.reads(await yard.says(words)) == [NO_KEYS]
    assert yard.quay.garage.tokens == []


async def test_keys_that_are_gone_at_the_last_moment_stop_it_as_well(yard: Office) -> None:
    asked = await yard.says("robot regenerate acme+ci")
    yard.desk = replace(yard.desk, revealing=replace(yard.revealing, sealed=False))
    assert yard.reads(await yard.presses("confirm", value(asked, "confirm")))[0] == NO_KEYS
    assert yard.quay.garage.tokens == []


@pytest.mark.parametrize("error", [TryLater("away"), RuntimeError("whatever")], ids=["away", "broken"])
async def test_a_token_that_cannot_be_kept_is_said_to_be_lost(yard: Office, error: Exception) -> None:
    yard.reveals.error = error
    reply = await yes(yard, "robot regenerate acme+ci")
    assert yard.reads(reply) == snapshot(
        [
            "Quay made a token for `acme+ci`, but I could not keep it for you, so nobody knows it. The old token is refused already. Please make another one: `/quay robot regenerate acme+ci`"
        ]
    )
    assert yard.notices.said  # the old token is dead all the same
    assert "could not be kept" in yard.audit.lines[-1].deed.detail
    assert yard.quay.garage.tokens[0][:12] not in emitted(yard, reply)


async def test_a_doubtful_regeneration_keeps_nothing_and_announces_nothing(yard: Office) -> None:
    yard.quay.errors["robots.regenerate"] = TryLater("Nobody knows. Look at it.", doubtful=True)
    reply = await yes(yard, "robot regenerate acme+ci")
    assert yard.reads(reply)[0] == "Nobody knows. Look at it."
    assert (yard.notices.said, yard.reveals.kept) == ({}, {})


@pytest.mark.parametrize(
    "words",
    ["robot show", "robot show ci", "robot show acme+Ci", "robot show acme+", "robot show acme/web", "robot show a+b c",
     "robot show acme+ci+x", "robot list", "robot list acme+ci", "robot create acme+x --colour red",
     "robot delete <!here>+x"],
)  # fmt: skip
async def test_what_is_no_robot_is_said_so_before_anything_is_asked(yard: Office, words: str) -> None:
    await yard.says(words)
    assert calls(yard) == []


async def test_whoever_cannot_change_robots_is_refused_before_the_preview(yard: Office) -> None:
    yard.quay.garage.add("acme+ci", teams=None, repositories=None)
    for words in ("robot regenerate acme+ci", "robot delete acme+ci"):
        assert yard.reads(await yard.says(words)) == [
            "Only admins of the organization acme can change its robot accounts. Please ask one."
        ]
    assert yard.offers.kept == {}


async def test_a_description_without_quotation_marks_is_said_to_lack_them(yard: Office) -> None:
    told = yard.reads(await yard.says("robot create acme+new --description rolls out web"))
    assert told[0] == 'Put the description in quotation marks: `--description "rolls out web"`'
    assert yard.quay.garage.tokens == []


async def test_a_new_robot_may_be_named_in_two_words_as_the_form_does(yard: Office) -> None:
    await yard.says("robot create acme new")
    assert "acme+new" in yard.quay.garage.robots


async def test_a_robot_of_ones_own_gets_its_roles_on_ones_own_page(yard: Office) -> None:
    told = yard.reads(await yard.says("robot create alice+new"))
    assert "It has no access yet: <https://quay.example/user/alice|give it roles in Quay>." in told[0]


async def test_an_option_that_is_none_is_called_so(yard: Office) -> None:
    assert yard.reads(await yard.says("robot show acme+ci --x"))[0] == "`robot show` has no option --x."
