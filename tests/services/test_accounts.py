"""Linking, finding and forgetting accounts."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from bot.domain.errors import GiveUp, Lacking, NeedsScope, NotLinked, TryLater
from bot.domain.people import Account, Person, Way
from bot.ports import QuayUser, Scopes
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

    async def of_username(self, username: str) -> tuple[Person, ...]:
        return tuple(person for person, account in self.kept.items() if account.username == username)


@dataclass
class Reception:
    """Answers whoami and scopes for known tokens; raises what it holds for others."""

    owners: dict[str, str | Exception]
    probed: dict[str, Scopes | Exception] = field(default_factory=dict)

    def as_token(self, token: str) -> "Reception":
        return Reception({"": self.owners.get(token, "nobody")}, {"": self.probed.get(token, Scopes())})

    async def scopes(self) -> Scopes:
        probed = self.probed[""]
        if isinstance(probed, Exception):
            raise probed
        return probed

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
    with pytest.raises(NotLinked, match="do not know your Quay account"):
        await book.of(BOB)


async def test_unlinking_forgets_only_the_own_account(book):
    await book.link(ALICE, "good")
    assert await book.unlink(BOB) is False
    assert await book.unlink(ALICE) is True
    with pytest.raises(NotLinked):
        await book.of(ALICE)


async def test_the_token_is_in_no_representation(book):
    assert "good" not in repr(await book.link(ALICE, "good"))


async def test_how_an_account_was_linked_is_kept_with_the_scopes_that_quay_granted(book):
    granted = frozenset({"repo:admin", "user:read"})
    account = await book.link(ALICE, "good", Way.CODE, granted)
    assert (account.way, account.scopes) == (Way.CODE, granted)
    pasted = await book.link(ALICE, "newer")
    assert (pasted.way, pasted.scopes) == (Way.PASTED, None)


async def test_others_who_act_as_the_same_quay_account_are_known(book):
    for person in (ALICE, BOB):
        await book.link(person, "good")
    assert await book.also("alice", ALICE) == (BOB,)
    assert await book.also("alice-admin", ALICE) == ()
    await book.unlink(BOB)
    assert await book.also("alice", ALICE) == ()


SAY, ROLE = "Quay said no: role or scope.", "It is the role."


def refusal(needs: str = "admin", role: str = ROLE) -> Lacking:
    return Lacking(SAY, repository="acme/web", needs=needs, does="cancel builds", role=role, detail="403")


def account_with(*scopes: str) -> Account:
    return Account(ALICE, "alice", NOW, "good", Way.CODE, frozenset(scopes))


def probing(scopes: Scopes | Exception) -> tuple[AccountBook, Account]:
    """A book whose Quay tells these scopes of a pasted token."""
    reception = Reception({"good": "alice"}, {"good": scopes})
    return AccountBook(Shelf(), reception, StoppedClock()), Account(ALICE, "alice", NOW, "good")


async def test_a_scope_that_was_never_granted_is_named_and_can_be_had_by_linking_anew(book):
    error = refusal()
    needed = await book.missing_scope(account_with("repo:write", "user:read"), error)
    assert isinstance(needed, NeedsScope)
    assert needed.scopes == {"repo:admin"}
    assert needed.say == (
        "Your token was made without the scope `repo:admin`, and it takes that to cancel builds in acme/web. "
        "Please link your account again, with that scope."
    )
    assert str(needed) == "403"
    assert error.say == SAY


@pytest.mark.parametrize(
    ("granted", "needs", "lacks"),
    [
        ("repo:admin", "admin", False),
        ("repo:admin", "write", False),
        ("repo:admin", "read", False),
        ("repo:write", "admin", True),
        ("repo:write", "write", False),
        ("repo:write", "read", False),
        ("repo:read", "write", True),
        ("repo:read", "read", False),
        ("user:admin", "read", True),
        ("org:admin", "admin", True),
    ],
)
async def test_a_scope_brings_the_lesser_ones_with_it(book, granted, needs, lacks):
    error = refusal(needs)
    needed = await book.missing_scope(account_with(granted), error)
    assert isinstance(needed, NeedsScope) is lacks
    assert error.say == (SAY if lacks else ROLE)


async def test_where_the_scope_is_sure_the_person_is_told_that_it_is_the_role():
    book, account = probing(Scopes(has=frozenset({"repo:admin"})))
    error = refusal()
    assert await book.missing_scope(account, error) is None
    assert error.say == ROLE


async def test_a_refusal_without_a_better_sentence_keeps_its_own(book):
    error = refusal(role="")
    assert await book.missing_scope(account_with("repo:admin"), error) is None
    assert error.say == SAY


async def test_the_scopes_of_a_pasted_token_are_found_out():
    book, account = probing(Scopes(frozenset({"repo:read"}), frozenset({"repo:admin"})))
    assert (await book.missing_scope(account, refusal())).scopes == {"repo:admin"}
    unsure = await book.missing_scope(account, refusal("write"))
    assert (unsure.say, unsure.scopes) == (SAY, {"repo:write"})


@pytest.mark.parametrize("trouble", [TryLater("away"), GiveUp("odd"), NotLinked("dead")])
async def test_when_nobody_can_tell_both_are_named_and_another_token_may_be_linked(trouble):
    book, account = probing(trouble)
    unsure = await book.missing_scope(account, refusal())
    assert (unsure.say, unsure.scopes) == (SAY, {"repo:admin"})


async def test_whoever_does_not_see_the_repository_is_not_sent_to_link_anew():
    book, account = probing(GiveUp("odd"))
    error = refusal("read")
    assert await book.missing_scope(account, error) is None
    assert error.say == SAY
