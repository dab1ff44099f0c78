"""The ways to link: which of them work here, what the others lack, and the one of a pasted token."""

from typing import Any

import pytest

from bot.domain.errors import NotLinked, UserError
from bot.domain.people import Account, Way
from bot.ports import Client, LinkStage
from tests.services.linking_desk import ALICE, ALICES, BOB, SITE, World

ALL = {"public_url": SITE, "client": Client("C", "S"), "sealed": True}
BY = "It is not set up here: whoever runs me has to set"


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize(
    ("lacks", "code", "assigned", "pasted"),
    [
        ({}, "", "", ""),
        ({"client": Client("C")}, f"{BY} `QUAY_CLIENT_SECRET`.", "", ""),
        ({"client": None}, f"{BY} `QUAY_CLIENT_ID` and `QUAY_CLIENT_SECRET`.", f"{BY} `QUAY_CLIENT_ID`.", ""),
        ({"public_url": ""}, f"{BY} `PUBLIC_URL`.", f"{BY} `PUBLIC_URL`.", ""),
        ({"sealed": False}, f"{BY} `SECRET_KEYS`.", f"{BY} `SECRET_KEYS`.", f"{BY} `SECRET_KEYS`."),
        (
            {"public_url": "", "client": None},
            f"{BY} `PUBLIC_URL`, `QUAY_CLIENT_ID` and `QUAY_CLIENT_SECRET`.",
            f"{BY} `PUBLIC_URL` and `QUAY_CLIENT_ID`.",
            "",
        ),
    ],
    ids=["everything", "no secret", "no client", "no address", "no keys", "nothing"],
)
def test_each_way_says_what_is_missing(
    world: World, lacks: dict[str, Any], code: str, assigned: str, pasted: str
) -> None:
    ways = world.linking(**(ALL | lacks)).ways()
    assert (ways.code, ways.assigned, ways.pasted) == (code, assigned, pasted)


async def test_where_nothing_works_in_a_browser_no_link_is_given_out(world: World) -> None:
    with pytest.raises(UserError, match="PUBLIC_URL") as caught:  # for the log
        await world.linking(public_url="").start(ALICE, "")
    assert caught.value.say == "Accounts cannot be linked in the browser. Not set up here; ask the operator."
    assert world.links.rows == {}


async def test_a_way_that_does_not_work_here_cannot_be_taken(world: World) -> None:
    linking = world.linking(client=Client("C"))
    ticket = (await linking.start(ALICE, "")).rpartition("/")[2]
    for way in (Way.CODE, Way.PASTED):
        with pytest.raises(UserError) as caught:
            await linking.leave(ticket, way)
        assert "in this way" in caught.value.say
    assert world.links.rows[ALICE].attempt.stage is LinkStage.OPEN


async def test_a_pasted_token_is_linked_and_others_are_told_once(world: World) -> None:
    world.accounts.linked[BOB] = Account(BOB, "alice", world.clock.now(), "b" * 40)
    linking = world.linking()
    for _ in range(2):
        assert (await linking.paste(ALICE, f" {ALICES} ")).account.way is Way.PASTED
    assert [channel for channel, _, _ in world.voice.posted] == ["UBOB"]


async def test_a_pasted_token_that_nobody_knows_links_nothing(world: World) -> None:
    with pytest.raises(NotLinked):
        await world.linking().paste(ALICE, "x" * 40)
    assert world.accounts.linked == {}
    assert world.voice.posted == []


async def test_who_was_deactivated_while_quay_was_asked_keeps_no_pasted_token(world: World) -> None:
    world.slack.gone = {ALICE.user}
    with pytest.raises(UserError, match="deactivated"):
        await world.linking().paste(ALICE, ALICES)
    assert world.accounts.linked == {}


async def test_a_pasted_token_stays_if_slack_does_not_say_who_is_there(world: World) -> None:
    world.slack.silent = True
    await world.linking().paste(ALICE, ALICES)
    assert world.accounts.linked[ALICE].username == "alice"
