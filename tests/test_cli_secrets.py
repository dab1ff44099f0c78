"""`quaybot secrets rotate`, and what happens with a key that is wrong or gone."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.adapters.sealing import Sealer
from bot.adapters.store import SqlStore, open_store
from bot.domain.errors import GiveUp
from bot.domain.people import Account, Person
from tests.command_line import Run, quaybot, refused
from tests.house.untouched import untouched_logs

__all__ = ["quaybot", "untouched_logs"]
pytestmark = pytest.mark.usefixtures("untouched_logs")

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
OLD, NEW, WRONG = (f"the-{name}-key-of-this-bot" for name in ("old", "new", "wrong"))
TOKEN = "the-t0ken-of-a-person"
Do = Callable[[str, Callable[[SqlStore], Awaitable[object]]], object]


@pytest.fixture
def stored(quaybot: Run, tmp_path: Path) -> Do:
    """Does something with the store that the program will look at, with these keys."""
    quaybot("migrate")

    def do(keys: str, work: Callable[[SqlStore], Awaitable[object]]) -> object:
        async def done() -> object:
            store = open_store(f"sqlite:///{tmp_path / 'quaybot.db'}", Sealer(keys.split(",")))
            try:
                return await work(store)
            finally:
                await store.close()

        return asyncio.run(done())

    return do


def linked(*users: str) -> Callable[[SqlStore], Awaitable[object]]:
    async def link(store: SqlStore) -> None:
        for user in users:
            await store.accounts.link(Account(Person("T1", user), user.lower(), AT, TOKEN))

    return link


async def tokens(store: SqlStore) -> list[str]:
    found = [await store.accounts.of(person) for person in await store.accounts.everybody()]
    return [account.token for account in found if account is not None]


def test_everything_is_sealed_with_the_newest_key_and_the_old_one_is_not_needed_any_more(quaybot: Run, stored: Do):
    stored(OLD, linked("U1", "U2"))
    stored(f"{NEW},{OLD}", linked("U3"))

    done = quaybot("secrets", "rotate", SECRET_KEYS=f"{NEW},{OLD}")

    assert (done.code, done.err) == (0, [])
    assert done.out == [
        "2 secrets sealed anew with the first of SECRET_KEYS; 1 was already.",
        "The keys after the first one are not needed any more: take them out of SECRET_KEYS.",
    ]
    assert stored(NEW, tokens) == [TOKEN] * 3


def test_a_second_time_changes_nothing(quaybot: Run, stored: Do):
    stored(NEW, linked("U1", "U2"))

    said = "0 secrets sealed anew with the first of SECRET_KEYS; 2 were already."
    assert quaybot("secrets", "rotate", SECRET_KEYS=f"{NEW},{OLD}").out[0] == said
    assert quaybot("secrets", "rotate", SECRET_KEYS=NEW).out == [said]  # there are no others to take out


def test_what_no_key_opens_is_named_with_what_to_do_and_left_as_it_is(quaybot: Run, stored: Do):
    stored(OLD, linked("U1"))
    stored(NEW, linked("U2"))

    done = quaybot("secrets", "rotate", SECRET_KEYS=NEW)

    assert done.code == 1
    assert done.out == ["0 secrets sealed anew with the first of SECRET_KEYS; 1 was already."]
    assert done.err[0] == "1 secret cannot be opened with any of SECRET_KEYS:"
    assert "accounts: T1/U1" in done.err[1]
    assert "put it at the end of SECRET_KEYS and run this again" in done.err[-1]
    assert quaybot("secrets", "rotate", SECRET_KEYS=f"{NEW},{OLD}").code == 0
    assert stored(NEW, tokens) == [TOKEN] * 2


def test_a_long_list_of_what_is_lost_is_cut_and_says_so(quaybot: Run, stored: Do):
    stored(OLD, linked(*(f"U{number}" for number in range(25))))

    done = quaybot("secrets", "rotate", SECRET_KEYS=NEW)

    assert done.err[-2] == "  and 5 more"
    assert len(done.err) == 23


def test_without_keys_nothing_can_be_sealed(quaybot: Run, stored: Do):
    assert refused(quaybot("secrets", "rotate"), "SECRET_KEYS")


@pytest.mark.parametrize("keys", [WRONG, f"{WRONG},{NEW}"])
def test_with_a_wrong_key_the_vault_stays_closed_and_says_what_to_do(stored: Do, keys: str):
    stored(OLD, linked("U1"))

    with pytest.raises(GiveUp) as closed:
        stored(keys, tokens)

    assert "The vault cannot be opened" in closed.value.say
    assert "Link your account again" in closed.value.say
    assert TOKEN not in repr(closed.value)


def test_the_check_up_counts_accounts_that_no_key_opens(quaybot: Run, stored: Do):
    stored(OLD, linked("U1", "U2"))
    stored(NEW, linked("U3"))

    done = quaybot("doctor", SECRET_KEYS=NEW)

    assert done.code == 1
    assert done.out[-1] == (
        "✗ 2 of 3 Quay accounts cannot be opened with any of SECRET_KEYS: put the missing key at the end of it; "
        "see whose they are with quaybot secrets rotate"
    )
    assert "SECRET_KEYS" not in "".join(quaybot("doctor", SECRET_KEYS=f"{NEW},{OLD}").out)
