"""Making and deleting robot accounts from chat: what is shown before, what is done, who is told what."""

# ruff: noqa: E501 - what people read stands on one line

import pytest
from inline_snapshot import snapshot

from bot.domain.robots import Mirrors
from tests.handlers.conftest import Office
from tests.handlers.robot_yard import emitted, stocked, value, yes


@pytest.fixture
def yard(office: Office) -> Office:
    return stocked(office)


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
