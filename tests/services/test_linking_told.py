"""Who is told what about a linking, and the names that the consent page shows."""

import pytest
from structlog.testing import capture_logs

from bot.blocks.validator import neutral_problems, problems
from bot.domain.errors import TryLater
from bot.domain.people import Account
from tests.services.linking_desk import ALICE, ALICES, BOB, World
from tests.services.linking_steps import code_of


@pytest.fixture
def world() -> World:
    return World()


async def test_the_person_is_told_in_private_and_the_code_is_not_in_it(world: World) -> None:
    _, code = await code_of(world.linking())
    ((channel, payload, key),) = world.voice.posted
    assert (channel, key) == ("UALICE", "link:1")
    said = repr(payload)
    assert code not in said.replace("-", "")
    assert ALICES not in said
    assert "alice" in payload["text"]
    buttons = [element["action_id"] for block in payload["blocks"] for element in block.get("elements", ())
               if element["type"] == "button"]  # fmt: skip
    assert buttons == ["link_code", "link_cancel"]
    assert problems(payload) + neutral_problems(payload) == []


async def test_that_slack_is_away_does_not_end_the_linking(world: World) -> None:
    world.voice.error = TryLater("away")
    linking = world.linking()
    with capture_logs() as logs:
        _, code = await code_of(linking)
    assert [line["event"] for line in logs if line["event"] != "audited"] == ["not_told_about_linking"]
    assert (await linking.confirm(ALICE, code)).account.username == "alice"


async def test_others_with_the_same_quay_account_are_told_once(world: World) -> None:
    world.accounts.linked[BOB] = Account(BOB, "alice", world.clock.now(), "b" * 40)
    world.slack.names["UALICE"] = "<@U1> *Al*"
    linking = world.linking()
    _, code = await code_of(linking)
    world.voice.posted.clear()
    await linking.confirm(ALICE, code)
    ((channel, payload, _),) = world.voice.posted
    assert channel == "UBOB"
    assert problems(payload) + neutral_problems(payload) == []

    world.quay.codes["code-of-alice"] = ALICES
    _, code = await code_of(linking)
    world.voice.posted.clear()
    await linking.confirm(ALICE, code)
    assert world.voice.posted == []


async def test_a_silent_slack_leaves_ids_in_place_of_names(world: World) -> None:
    world.slack.silent = True
    linking = world.linking()
    ticket = (await linking.start(ALICE, "")).rpartition("/")[2]
    visit = await linking.visit(ticket)
    assert visit is not None
    assert (visit.profile.user, visit.profile.name) == ("UALICE", "")
    assert (visit.home.team, visit.home.name) == ("T1", "")


async def test_a_guest_of_another_workspace_is_not_said_to_be_of_ours(world: World) -> None:
    linking = world.linking()
    ticket = (await linking.start(ALICE.__class__("T2", "UEVE"), "")).rpartition("/")[2]
    visit = await linking.visit(ticket)
    assert visit is not None
    assert (visit.home.team, visit.home.name) == ("T2", "")


async def test_an_earlier_token_that_quay_may_still_take_is_told_of(world: World) -> None:
    linking = world.linking()
    assert not (await linking.paste(ALICE, ALICES)).left
    assert not (await linking.paste(ALICE, ALICES)).left
    world.quay.owners["n" * 40] = "alice"
    assert (await linking.paste(ALICE, "n" * 40)).left
    _, code = await code_of(linking)
    assert (await linking.confirm(ALICE, code)).left
