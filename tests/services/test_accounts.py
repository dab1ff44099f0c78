"""Linking, finding and forgetting accounts."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from bot.domain.errors import NotLinked, TryLater
from bot.domain.people import Account, Person
from bot.ports import QuayUser
from bot.services.accounts import AccountBook

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ALICE, BOB = Person("T1", "U1"), Person("T1", "U2")


class StoppedClock:
    def now(self) -> datetime:
        return NOW

    async def sleep(self, seconds: float) -> None:
        raise AssertionError("nothing to wait for")


@dataclass
class Shelf:
    kept: dict[Person, Account] = field(default_factory=dict)

    async def link(self, account: Account) -> None:
        self.kept[account.person] = account

    async def of(self, person: Person) -> Account | None:
        return self.kept.get(person)

    async def forget(self, person: Person) -> bool:
        return self.kept.pop(person, None) is not None


@dataclass
class Reception:
    """Answers whoami for known tokens; raises what it holds for others."""

    owners: dict[str, str | Exception]

    def as_token(self, token: str) -> "Reception":
        return Reception({"": self.owners[token]})

    async def whoami(self) -> QuayUser:
        owner = self.owners[""]
        if isinstance(owner, Exception):
            raise owner
        return QuayUser(owner)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def book(shelf) -> AccountBook:
    owners = {
        "good": "alice",
        "newer": "alice-admin",
        "dead": NotLinked("Your token is dead.", detail="401 invalid_token"),
        "slow": TryLater("Quay is away."),
    }
    return AccountBook(shelf, Reception(owners), StoppedClock())


async def test_a_token_is_linked_to_the_account_it_belongs_to(book, shelf):
    account = await book.link(ALICE, "  good\n")
    assert account == Account(ALICE, "alice", NOW, "good")
    assert await book.of(ALICE) == account
    assert set(shelf.kept) == {ALICE}


async def test_a_second_token_takes_the_place_of_the_first(book):
    await book.link(ALICE, "good")
    await book.link(ALICE, "newer")
    assert (await book.of(ALICE)).username == "alice-admin"


async def test_a_token_that_quay_refuses_is_not_kept(book, shelf):
    with pytest.raises(NotLinked, match="401") as caught:
        await book.link(ALICE, "dead")
    assert "lacks the scope `user:read`" in caught.value.say
    assert shelf.kept == {}


async def test_a_refused_token_does_not_replace_a_good_one(book):
    await book.link(ALICE, "good")
    with pytest.raises(NotLinked):
        await book.link(ALICE, "dead")
    assert (await book.of(ALICE)).token == "good"


async def test_nothing_is_kept_while_quay_is_away(book, shelf):
    with pytest.raises(TryLater):
        await book.link(ALICE, "slow")
    assert shelf.kept == {}


async def test_whoever_is_not_linked_is_told_so(book):
    await book.link(ALICE, "good")
    with pytest.raises(NotLinked, match="Link it once"):
        await book.of(BOB)


async def test_unlinking_forgets_only_the_own_account(book):
    await book.link(ALICE, "good")
    assert await book.unlink(BOB) is False
    assert await book.unlink(ALICE) is True
    with pytest.raises(NotLinked):
        await book.of(ALICE)


async def test_the_token_is_in_no_representation(book):
    assert "good" not in repr(await book.link(ALICE, "good"))
