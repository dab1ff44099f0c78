"""New tokens for robot accounts: what is shown before, who is told what, and where no token ever is."""

# ruff: noqa: E501 - what people read stands on one line

from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from bot.domain.errors import TryLater
from bot.domain.robots import Mirrors
from bot.services.revealing import NO_KEYS, Revealing, Where
from tests.handlers.conftest import ALICE, START, Office
from tests.handlers.robot_yard import calls, emitted, stocked, value, yes


@pytest.fixture
def yard(office: Office) -> Office:
    return stocked(office)


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
