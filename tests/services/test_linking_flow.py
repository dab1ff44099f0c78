"""Linking in the browser: the way to Quay and back, by the right browser, whatever comes between."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.domain.errors import GiveUp, TryLater, UserError
from bot.domain.people import Account, Way
from bot.ports import LinkStage
from bot.rules.link_codes import shown
from bot.services.linking import BASE, Over
from tests.services.linking_desk import ALICE, ALICES, QUAY, SITE, UUID, World
from tests.services.linking_steps import asked, away, code_of


@pytest.fixture
def world() -> World:
    return World()


async def test_the_code_flow_ends_with_the_persons_own_account(world: World) -> None:
    linking = world.linking()
    cookie, code = await code_of(linking)
    world.clock.pass_by(60)

    account = (await linking.confirm(ALICE, shown(code))).account

    expected = Account(ALICE, "alice", world.clock.now(), ALICES, Way.CODE, BASE)
    assert account == expected
    assert world.accounts.linked == {ALICE: expected}
    assert await linking.stage(cookie) is LinkStage.DONE


async def test_nothing_is_stored_before_the_code_is_entered(world: World) -> None:
    await code_of(world.linking())
    assert world.accounts.linked == {}


async def test_quay_is_asked_for_consent_as_it_has_to_be(world: World) -> None:
    linking = world.linking()
    ticket = (await linking.start(ALICE, "", frozenset({"user:admin"}))).removeprefix(f"{SITE}/quay/link/")
    address = (await linking.leave(ticket, Way.CODE)).address

    assert address.startswith(f"{QUAY}/oauth/authorize?")
    state = asked(address).pop("state")
    assert asked(address) == {
        "response_type": "code",
        "client_id": "CLIENT",
        "redirect_uri": f"{SITE}/quay/oauth/callback",
        "scope": "repo:admin repo:read repo:write user:admin user:read",
        "state": state,
    }
    assert len(state) == 43


async def test_the_exchange_repeats_scope_and_address_to_the_letter(world: World) -> None:
    linking = world.linking()
    ticket = (await linking.start(ALICE, "", frozenset({"user:admin"}))).rpartition("/")[2]
    departure = await linking.leave(ticket, Way.CODE)
    there = asked(departure.address)
    await linking.arrive_with_code(there["state"], departure.cookie, "code-of-alice")
    assert world.quay.asked == [("CLIENT", there["redirect_uri"], there["scope"])]


async def test_an_assigned_token_comes_with_its_assignment_and_a_state(world: World) -> None:
    linking = world.linking()
    ticket = (await linking.start(ALICE, "")).rpartition("/")[2]
    departure = await linking.leave(ticket, Way.ASSIGNED, f"https://evil.example/x?assignment_uuid={UUID.upper()}")
    there = asked(departure.address)
    assert urlsplit(departure.address).netloc == "quay.example"
    assert (there["response_type"], there["assignment_uuid"]) == ("token", UUID)

    await linking.arrive_with_token(departure.cookie, there["state"], ALICES, "repo:read user:read")
    waiting = await linking.waiting(departure.cookie)
    assert waiting is not None
    account = (await linking.confirm(ALICE, waiting.code)).account
    assert (account.way, account.scopes) == (Way.ASSIGNED, frozenset({"repo:read", "user:read"}))


async def test_who_has_no_link_finds_the_assignment_alone_and_comes_back_without_a_state(world: World) -> None:
    linking = world.linking()
    ticket = (await linking.start(ALICE, "")).rpartition("/")[2]
    departure = await linking.leave(ticket, Way.ASSIGNED)
    assert (departure.address, departure.alone) == (QUAY, True)

    await linking.arrive_with_token(departure.cookie, "", ALICES)
    waiting = await linking.waiting(departure.cookie)
    assert waiting is not None
    assert (await linking.confirm(ALICE, waiting.code)).account.scopes is None


async def test_a_state_that_was_given_has_to_come_back(world: World) -> None:
    linking = world.linking()
    cookie, state = await away(linking, Way.ASSIGNED, UUID)
    with pytest.raises(Over):
        await linking.arrive_with_token(cookie, "", ALICES)
    await linking.arrive_with_token(cookie, state, ALICES)  # the attempt without one has not used it up


@pytest.mark.parametrize(
    "typed", ["https://quay.example/oauth/authorize?x=1", "42", f"{UUID}/..", "javascript:alert(1)"]
)
async def test_what_is_no_assignment_is_refused(world: World, typed: str) -> None:
    with pytest.raises(UserError, match="no assignment"):
        await away(world.linking(), Way.ASSIGNED, typed)


async def test_a_new_link_ends_the_earlier_one(world: World) -> None:
    linking = world.linking()
    cookie, state = await away(linking)
    await linking.start(ALICE, "")
    with pytest.raises(Over):
        await linking.arrive_with_code(state, cookie, "code-of-alice")


async def test_a_browser_that_takes_over_while_quay_answers_sees_no_code_that_works(world: World) -> None:
    linking = world.linking()
    ticket = (await linking.start(ALICE, "")).rpartition("/")[2]
    first = await linking.leave(ticket, Way.CODE)
    plain = world.quay.exchange

    async def meanwhile(*what: Any) -> Any:
        second = await linking.leave(ticket, Way.CODE)
        cookies.append(second.cookie)
        return await plain(*what)

    cookies: list[str] = []
    world.quay.exchange = meanwhile  # type: ignore[method-assign]
    with pytest.raises(Over):
        await linking.arrive_with_code(asked(first.address)["state"], first.cookie, "code-of-alice")
    assert await linking.waiting(cookies[0]) is None


async def test_each_leaving_gives_the_browser_a_new_cookie(world: World) -> None:
    linking = world.linking()
    ticket = (await linking.start(ALICE, "")).rpartition("/")[2]
    first, second = await linking.leave(ticket, Way.CODE), await linking.leave(ticket, Way.CODE)
    assert first.cookie != second.cookie
    with pytest.raises(Over):
        await linking.arrive_with_code(asked(first.address)["state"], first.cookie, "code-of-alice")
    await linking.arrive_with_code(asked(second.address)["state"], second.cookie, "code-of-alice")


async def test_a_token_that_does_not_say_whose_it_is_is_not_kept(world: World) -> None:
    linking = world.linking()
    cookie, state = await away(linking, Way.ASSIGNED, UUID)
    with pytest.raises(UserError) as caught:
        await linking.arrive_with_token(cookie, state, "x" * 40)
    assert "It needs the scope `user:read`" in caught.value.say
    assert await linking.waiting(cookie) is None
    assert world.voice.posted == []


@pytest.mark.parametrize("error", [TryLater("Quay is away."), GiveUp("Quay refuses the bot's application.")])
async def test_after_quays_trouble_the_same_link_works_again(world: World, error: Any) -> None:
    linking = world.linking()
    ticket = (await linking.start(ALICE, "")).rpartition("/")[2]
    world.quay.broken = error
    first = await linking.leave(ticket, Way.CODE)
    with pytest.raises(type(error)):
        await linking.arrive_with_code(asked(first.address)["state"], first.cookie, "code-of-alice")
    world.quay.broken = None
    again = await linking.leave(ticket, Way.CODE)
    await linking.arrive_with_code(asked(again.address)["state"], again.cookie, "code-of-alice")


async def test_no_secret_is_stored_in_clear_or_shown_by_repr(world: World) -> None:
    linking = world.linking()
    address = await linking.start(ALICE, "")
    ticket = address.rpartition("/")[2]
    departure = await linking.leave(ticket, Way.CODE)
    state = asked(departure.address)["state"]
    before = repr(world.links.rows)
    await linking.arrive_with_code(state, departure.cookie, "code-of-alice")
    waiting = await linking.waiting(departure.cookie)
    assert waiting is not None
    seen = before + repr([world.links.rows, departure, waiting, linking.client])
    for secret in (ticket, departure.cookie, state, waiting.code, ALICES, "hush-hush"):
        assert secret not in seen


async def test_a_browser_waits_for_a_token_only_on_its_way_to_an_assigned_one(world: World) -> None:
    linking = world.linking()
    assert await linking.whose("") is None
    cookie, _ = await away(linking)
    assert await linking.whose(cookie) is None
    cookie, _ = await away(linking, Way.ASSIGNED)
    visit = await linking.whose(cookie)
    assert visit is not None
    assert (visit.attempt.person, visit.profile.name) == (ALICE, "Alice")
    await linking.arrive_with_token(cookie, "", ALICES)
    assert await linking.whose(cookie) is None
