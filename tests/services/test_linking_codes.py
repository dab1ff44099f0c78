"""The code that the browser shows: who may enter it, how often, until when, and what is left afterwards."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.errors import UserError
from bot.domain.people import Way
from bot.services.linking import TRIES, Over
from tests.services.linking_desk import ALICE, BOB, MALLORY, World
from tests.services.linking_steps import asked, code_of


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize("typed", ["", "hello", "ABC", "1234-5678"])
async def test_what_cannot_be_a_code_is_no_try(world: World, typed: str) -> None:
    linking = world.linking()
    _, code = await code_of(linking)
    for _ in range(TRIES + 1):
        with pytest.raises(UserError, match="eight letters"):
            await linking.confirm(ALICE, typed)
    assert await linking.confirm(ALICE, code)


async def test_wrong_codes_are_counted_down_and_then_it_is_over(world: World) -> None:
    linking = world.linking()
    _, code = await code_of(linking)
    wrong = "2" * 8 if code != "2" * 8 else "3" * 8
    said = []
    for _ in range(TRIES):
        with pytest.raises(UserError) as caught:
            await linking.confirm(ALICE, wrong)
        said.append(caught.value.say.removeprefix("That is not the code that your browser shows. "))
    assert said[:-1] == ["4 more tries.", "3 more tries.", "2 more tries.", "1 more try."]
    assert "5 times" in said[-1]
    with pytest.raises(Over):
        await linking.confirm(ALICE, code)
    assert world.accounts.linked == {}


async def test_a_code_that_is_too_late_links_nothing(world: World) -> None:
    linking = world.linking()
    cookie, code = await code_of(linking)
    world.clock.pass_by(timedelta(minutes=10).total_seconds())
    with pytest.raises(Over):
        await linking.confirm(ALICE, code)
    assert await linking.waiting(cookie) is None


async def test_that_was_not_me_throws_everything_away(world: World) -> None:
    linking = world.linking()
    cookie, code = await code_of(linking)
    assert await linking.cancel(ALICE)
    assert not await linking.cancel(ALICE)
    with pytest.raises(Over):
        await linking.confirm(ALICE, code)
    assert await linking.stage(cookie) is None


async def test_the_code_of_one_attempt_is_none_for_another_person(world: World) -> None:
    linking = world.linking()
    _, code = await code_of(linking)
    ticket = (await linking.start(MALLORY, "")).rpartition("/")[2]
    departure = await linking.leave(ticket, Way.CODE)
    await linking.arrive_with_code(asked(departure.address)["state"], departure.cookie, "code-of-mallory")
    with pytest.raises(UserError, match="not the code"):
        await linking.confirm(MALLORY, code)
    assert world.accounts.linked == {}


async def test_whose_account_waits_for_a_code_is_known_until_the_code_was_right(world: World) -> None:
    linking = world.linking()
    assert await linking.offered(ALICE) == ""
    _, code = await code_of(linking)
    assert (await linking.offered(ALICE), await linking.offered(BOB)) == ("alice", "")
    await linking.confirm(ALICE, code)
    assert await linking.offered(ALICE) == ""


async def test_the_same_code_twice_at_once_links_once_and_is_no_false_alarm(world: World) -> None:
    linking = world.linking()
    _, code = await code_of(linking)
    plain = world.links.confirm

    async def meanwhile(*what: Any) -> Any:
        await plain(*what)
        return await plain(*what)

    world.links.confirm = meanwhile
    linked = await linking.confirm(ALICE, code)
    assert (linked.account.username, linked.already) == ("alice", True)
