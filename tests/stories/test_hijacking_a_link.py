"""Somebody attacks the way in which accounts are linked, over the whole bot: nobody else's account is caught."""

import html
import re
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.domain.people import Person
from tests.stories.browser import (
    CALLBACK,
    SCOPES,
    Browser,
    a_browser,
    enters,
    ticket,
    wake_with_pages,
    with_assigned,
    with_code,
)
from tests.stories.reading import words
from tests.stories.scenery import PEOPLE
from tests.stories.world import World


@pytest.fixture
async def world(sleeping: World) -> World:
    """The bot has an application at Quay, and pages."""
    await wake_with_pages(sleeping)
    return sleeping


@pytest.fixture
async def attacker() -> AsyncIterator[Browser]:
    """Dave's browser. He wants to act in Quay as alice."""
    async with a_browser() as browser:
        yield browser


@pytest.fixture
async def victim() -> AsyncIterator[Browser]:
    """Alice's browser."""
    async with a_browser() as browser:
        yield browser


async def linked(world: World, name: str) -> str:
    """Whose Quay account somebody in Slack acts with; "" for nobody's."""
    account = await world.app.store.accounts.of(Person(world.slack.team, PEOPLE[name]))
    return account.username if account else ""


async def nobody_is_linked(world: World) -> bool:
    return await world.app.store.accounts.everybody() == ()


async def test_a_link_that_is_sent_to_somebody_else_catches_nothing(
    world: World, attacker: Browser, victim: Browser
) -> None:
    """Even if alice falls for it: the code is in her browser, and she is told whose account it would link."""
    url = await ticket(world, "dave")
    consent = await victim.opens(url)
    assert "This connects the Slack user dave ( U0DAVE ) in the workspace Fake" in consent.words
    page = await with_code(victim, url, world, "alice")
    assert page.code
    assert (await attacker.opens(url)).status == 409
    assert (await attacker.opens(f"{world.address}/quay/link/code")).status == 410
    for guess in ("AAAA-AAAA", page.code[::-1]):
        await world.hears("dave", f"/quay link {guess}")
    assert await nobody_is_linked(world)
    assert [line for line in await world.outcomes("dave") if "refused" in line] == ["link refused"] * 2


async def test_the_victims_own_slack_account_cannot_be_caught_with_the_attackers_quay_account(
    world: World, attacker: Browser
) -> None:
    """Dave finishes everything but the code himself; alice has never asked for a link."""
    page = await with_code(attacker, await ticket(world, "dave"), world, "alice")
    told = await world.hears("alice", f"/quay link {page.code}")
    assert "I am not waiting for a code from you" in words(told)
    assert await nobody_is_linked(world)


async def test_a_code_can_be_guessed_five_times_and_not_more(world: World, victim: Browser) -> None:
    page = await with_code(victim, await ticket(world, "dave"), world, "alice")
    for _ in range(5):
        told = await world.hears("dave", "/quay link AAAA-AAAA")
    assert "That was wrong 5 times" in words(told)
    told = await world.hears("dave", f"/quay link {page.code}")
    assert "I am not waiting for a code from you" in words(told)
    assert await nobody_is_linked(world)
    assert (await world.outcomes("dave")).count("link refused") == 6


async def test_a_code_works_once_and_not_after_ten_minutes(world: World, attacker: Browser, victim: Browser) -> None:
    page = await with_code(victim, await ticket(world, "alice"), world, "alice")
    world.leap(minutes=11)
    assert "I am not waiting for a code from you" in words(await world.hears("alice", f"/quay link {page.code}"))
    assert await nobody_is_linked(world)
    page = await with_code(victim, await ticket(world, "alice"), world, "alice")
    await world.hears("alice", f"/quay link {page.code}")
    assert await linked(world, "alice") == "alice"
    for name in ("alice", "dave"):
        assert "I am not waiting for a code from you" in words(await world.hears(name, f"/quay link {page.code}"))
    assert await linked(world, "dave") == ""


async def _comes_back(world: World, browser: Browser, name: str) -> str:
    """Somebody goes through Quay up to the address with code and state, which the browser does not open."""
    await browser.signs_in(world, name)
    asked = await browser.presses(await browser.opens(await ticket(world, name)), "code")
    form = asked.form("authorize")
    url = f"{world.quay.url}/oauth/authorizeapp"
    async with browser.http.post(url, data=form.fields, allow_redirects=False) as response:
        return response.headers["Location"]


async def test_code_and_state_are_nothing_in_another_browser_and_work_once(
    world: World, attacker: Browser, victim: Browser
) -> None:
    back = await _comes_back(world, victim, "alice")
    assert set(parse_qs(urlsplit(back).query)) == {"code", "state", "scope"}
    await attacker.opens(await ticket(world, "dave"))  # it has a cookie of its own
    assert (await attacker.opens(back)).status == 403
    assert (await victim.opens(back)).status == 403  # whoever stole the address has used it up, and gained nothing
    assert await nobody_is_linked(world)


async def test_quays_address_sent_alone_catches_nothing_although_the_victim_says_yes_there(
    world: World, attacker: Browser, victim: Browser
) -> None:
    """Dave presses the button himself, and sends alice only Quay's address. Alice's history is of no use to him."""
    consent = await attacker.opens(await ticket(world, "dave"))
    form = consent.form("code")
    async with attacker.http.post(
        f"{world.address}{form.action}", data=form.fields, headers={"Origin": "null"}
    ) as page:
        asked = html.unescape(re.findall(r'content="0; url=([^"]+)"', await page.text())[0])
    await victim.signs_in(world, "alice")
    page_of_quay = await victim.opens(asked)
    sorry = await victim.presses(page_of_quay, "authorize")
    assert (sorry.status, sorry.url) == (403, f"{world.address}/quay/link/sorry?why=strange#sorry")
    assert "Nothing was linked" in sorry.words
    (back,) = [url for url in victim.seen if CALLBACK in url]
    assert set(parse_qs(urlsplit(back).query)) == {"code", "state", "scope"}
    stolen = await attacker.opens(back)
    assert (stolen.status, stolen.code) == (403, "")
    assert (await attacker.opens(f"{world.address}/quay/link/code")).status == 410
    assert await nobody_is_linked(world)
    assert await world.outcomes("dave") == ["link arrival refused"]


async def test_somebody_elses_code_is_refused_or_names_whose_account_it_is(
    world: World, attacker: Browser, victim: Browser
) -> None:
    """Dave wants alice to act as him: he slips his own code into her sign-in (login CSRF)."""
    world.quay.join_team("acme", "owners", "dave")
    his, hers = await _comes_back(world, attacker, "dave"), await _comes_back(world, victim, "alice")
    code = parse_qs(urlsplit(his).query)["code"][0]
    state = parse_qs(urlsplit(hers).query)["state"][0]
    assert (await victim.opens(his)).status == 403
    page = await victim.opens(f"{world.address}{CALLBACK}?code={code}&state={state}")
    assert "as dave" in page.words  # even with her state, which he cannot know: she reads whose account it is
    await world.told("alice", "as *dave*", "That was not me")
    assert await nobody_is_linked(world)


async def test_a_form_of_another_site_sends_nobody_to_quay(world: World, victim: Browser) -> None:
    url = await ticket(world, "dave")
    consent = await victim.opens(url)
    fields = consent.form("code").fields
    tries: list[tuple[dict[str, str], dict[str, str]]] = [
        (fields, {"Origin": "https://evil.example"}),
        (fields, {"Origin": "null", "Sec-Fetch-Site": "cross-site"}),
        (fields | {"csrf": ""}, {"Origin": "null"}),
        (fields | {"csrf": "0" * 64}, {"Origin": "null"}),
    ]
    for sent, headers in tries:
        async with victim.http.post(url, data=sent, headers=headers, allow_redirects=False) as response:
            assert (response.status, "oauth/authorize" in await response.text()) == (403, False)


async def test_the_token_behind_the_hash_goes_to_the_bot_alone_and_is_nowhere_afterwards(
    world: World, victim: Browser
) -> None:
    client = world.settings.quay_client_id
    page = await with_assigned(victim, await ticket(world, "bob"), world, "bob")
    (secret,) = [secret for secret, token in world.quay.tokens.items() if token.client_id == client]
    assert page.url == f"{world.address}/quay/link/code"
    assert secret not in page.text
    assert not any(secret in url for url in victim.seen)
    await enters(world, "bob", page.code)
    await world.whispered("bob", "You are *bob*")
    assert await linked(world, "bob") == "bob"
    assert secret not in "\n".join(world.log.lines)
    assert secret not in repr([call.args for call in world.slack.calls])


async def test_a_token_in_a_browser_that_waits_for_none_is_thrown_away(world: World, victim: Browser) -> None:
    """Dave sends alice an address with a token of his behind the hash."""
    his = world.quay.token("dave", SCOPES)
    page = await victim.opens(f"{world.address}{CALLBACK}?scope=user:read#access_token={his}&token_type=Bearer")
    assert "This is not the browser in which you began" in page.words
    await victim.opens(await ticket(world, "alice"))  # it has a cookie now, but has not gone to Quay
    page = await victim.opens(f"{world.address}{CALLBACK}?scope=user:read#access_token={his}&token_type=Bearer")
    assert "does not belong to this browser" in page.words
    assert await nobody_is_linked(world)


async def test_a_link_works_for_one_attempt_only(world: World, victim: Browser) -> None:
    old = await ticket(world, "alice")
    new = await ticket(world, "alice")
    assert (await victim.opens(old)).status == 410
    page = await with_code(victim, new, world, "alice")
    await world.hears("alice", f"/quay link {page.code}")
    assert (await victim.opens(new)).status == 410
    world.leap(minutes=11)
    assert (await victim.opens(new)).status == 410


async def test_that_was_not_me_ends_it_and_a_late_code_does_nothing(world: World, victim: Browser) -> None:
    page = await with_code(victim, await ticket(world, "dave"), world, "alice")
    message = await world.told("dave", "Was that you?")
    await world.slack.click(PEOPLE["dave"], world.slack.im(PEOPLE["dave"]), message["ts"], "link_cancel")
    await world.told("dave", "I have stopped it")
    assert "I am not waiting for a code from you" in words(await world.hears("dave", f"/quay link {page.code}"))
    assert (await victim.opens(f"{world.address}/quay/link/code")).status == 410
    assert await nobody_is_linked(world)
    assert "link cancel done" in await world.outcomes("dave")
