"""Making and ending subscriptions, and who may look after them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import NotLinked, UserError
from bot.domain.people import Person
from bot.domain.subscriptions import State
from bot.services import subscribing
from tests.handlers.conftest import ALICE, BOB, START, FakeTrail
from tests.handlers.double_subscriptions import FakeSubscriptions
from tests.handlers.registry import FakeQuay
from tests.handlers.subscription_steps import part, step, subscription


@pytest.fixture
def book() -> FakeSubscriptions:
    return FakeSubscriptions()


@pytest.fixture
def quay() -> FakeQuay:
    return FakeQuay()


async def test_names_are_read_to_each_other_easily(book: FakeSubscriptions) -> None:
    names = {await subscribing.free_name(book) for _ in range(50)}
    assert all(subscribing.NAME.fullmatch(name) for name in names)
    assert not set("IO01").intersection("".join(name[1:] for name in names) + "")


async def test_a_name_that_somebody_takes_meanwhile_is_no_trouble(
    book: FakeSubscriptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = iter(["S2222", "S2222", "S3333"])

    async def next_name(_book: object) -> str:
        return next(names)

    monkeypatch.setattr(subscribing, "free_name", next_name)
    first = await subscribing.add(subscription(name=""), book, START)
    second = await subscribing.add(subscription("acme/api", name=""), book, START)
    assert (first.name, second.name) == ("S2222", "S3333")


async def test_when_all_names_are_taken_it_says_so(book: FakeSubscriptions, monkeypatch: pytest.MonkeyPatch) -> None:
    async def taken(_name: str) -> object:
        return subscription()

    monkeypatch.setattr(book, "get", taken)
    with pytest.raises(UserError, match="no free name"):
        await subscribing.free_name(book)


async def test_an_ended_one_is_kept_until_it_is_tidied_up(book: FakeSubscriptions) -> None:
    one = book.has(subscription())
    assert (await subscribing.end(one, book, START)).state is State.ENDED
    assert await book.all() == ()
    with pytest.raises(UserError):
        await subscribing.end(replace(one, name="S9999"), book, START)


async def test_ended_ones_take_no_room(book: FakeSubscriptions) -> None:
    for number in range(subscribing.IN_A_CHANNEL):
        book.has(subscription(name=f"S{number:04}", state=State.ENDED))
    await subscribing.room("C1", ALICE, book)


async def test_whoever_looks_after_it_may_without_a_look_at_quay(book: FakeSubscriptions, quay: FakeQuay) -> None:
    assert await subscribing.looks_after(subscription(), ALICE, quay.as_token("token-alice"), book)
    assert quay.calls == []


async def test_storage_is_looked_after_by_those_who_see_its_notifications(
    book: FakeSubscriptions, quay: FakeQuay
) -> None:
    one = subscription("acme", "quota", person=BOB)
    assert await subscribing.is_admin(one, quay.as_token("token-alice"), book)
    quay.errors["notifications"] = UserError("No.")
    assert not await subscribing.is_admin(one, quay.as_token("token-alice"), book)


async def test_a_pattern_without_notifications_takes_the_namespace(book: FakeSubscriptions, quay: FakeQuay) -> None:
    one = book.has(subscription("acme/*", person=BOB))
    assert await subscribing.is_admin(one, quay.as_token("token-alice"), book)
    assert quay.calls == [("token-alice", "notifications", "acme")]


@pytest.mark.parametrize("target", ["acme/web", "acme"])
async def test_a_dead_token_is_no_no(book: FakeSubscriptions, quay: FakeQuay, target: str) -> None:
    words = "quota" if target == "acme" else "pushes"
    quay.errors = {"sighting": NotLinked("Link."), "notifications": NotLinked("Link.")}
    with pytest.raises(NotLinked):
        await subscribing.is_admin(subscription(target, words, person=BOB), quay.as_token("token-alice"), book)


async def test_a_repository_that_somebody_does_not_see_is_not_theirs(book: FakeSubscriptions, quay: FakeQuay) -> None:
    quay.errors["sighting"] = UserError("There is no such repository.")
    assert not await subscribing.is_admin(subscription(), quay.as_token("token-alice"), book)


def test_the_subjects_are_those_of_its_own_parts() -> None:
    parts = [part(target="acme/b"), part(target="acme/a"), part(target="acme/else", name="SBBBB")]
    assert subscribing.subjects(subscription("acme/*"), parts) == ("acme/a", "acme/b")
    assert subscribing.subjects(subscription("acme/web"), ()) == ("acme/web",)


async def test_only_what_this_very_pause_kept_out_of_this_channel_counts() -> None:
    until = START + timedelta(hours=4)
    rules = ["paused until 2026-11-23 13:00 UTC", "paused until 2026-11-23 12:00 UTC", "`-tag:*-dev`", ""]
    trail = FakeTrail(kept=[step(rule) for rule in rules] + [step(rules[0], channel="C2")])
    assert await subscribing.kept_out(subscription(), until, (), trail) == (1, False)


def test_another_workspace_is_other_people() -> None:
    assert Person("T2", ALICE.user) != ALICE
