"""Subscriptions that somebody of another workspace looks after: those at home are not helpless."""

import pytest

from bot.domain.people import Account, Person, Workspace
from bot.domain.subscriptions import State
from tests.handlers.conftest import START, Office
from tests.handlers.repository_steps import confirms
from tests.handlers.subscription_steps import no_admin, part, subscription

ZOE = Person("T2", "U-ZOE")


@pytest.fixture
def guests(office: Office) -> Office:
    office.subscriptions.has(subscription(person=ZOE), part())
    return office


@pytest.mark.parametrize("word", ["acme/web", "S7PX4"])
async def test_an_admin_at_home_pauses_it(guests: Office, word: str) -> None:
    await guests.says(f"pause {word} 4h")
    assert guests.subscriptions.kept["S7PX4"].paused_until is not None


@pytest.mark.parametrize("word", ["acme/web", "S7PX4"])
async def test_an_admin_at_home_ends_it(guests: Office, word: str) -> None:
    await confirms(guests, f"unsubscribe {word}")
    assert guests.subscriptions.kept["S7PX4"].state is State.ENDED


async def test_an_admin_at_home_tries_it(guests: Office) -> None:
    guests.voice.answers = True
    told = " ".join(guests.reads(await guests.says("test S7PX4")))
    assert "There is no subscription" not in told
    assert guests.audit.lines[-1].deed.act.name == "test"


async def test_an_admin_at_home_finds_it_in_the_list_of_all(guests: Office) -> None:
    assert "S7PX4" in " ".join(guests.reads(await guests.says("subscriptions --all")))


async def test_at_home_it_still_takes_the_role(guests: Office) -> None:
    no_admin(guests, "acme/web")
    for line in ("pause S7PX4 4h", "unsubscribe S7PX4"):
        await guests.says(line)
    assert guests.subscriptions.kept["S7PX4"].paused_until is None
    assert guests.offers.kept == {}


async def test_guests_have_no_say_in_what_others_look_after(office: Office) -> None:
    office.subscriptions.has(subscription(), part())
    office.accounts.kept[ZOE] = Account(ZOE, "zoe", START, "token-zoe")
    for line in ("pause S7PX4 4h", "pause acme/web 4h", "pause all 4h"):
        await office.says(line, ZOE)
    assert office.subscriptions.kept["S7PX4"].paused_until is None


async def test_where_slack_does_not_say_who_is_at_home_nobody_is(guests: Office) -> None:
    guests.directory.place = Workspace("", "")
    await guests.says("pause S7PX4 4h")
    assert guests.subscriptions.kept["S7PX4"].paused_until is None
