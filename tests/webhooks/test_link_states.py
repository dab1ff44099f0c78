"""Attacks with the state that Quay brings back: stolen, used twice, made up, too late, or fetched by a preview."""

import pytest

from tests.services.linking_desk import MALLORY, MALLORYS
from tests.webhooks.link_house import CALLBACK, House, linked, said_in_slack


async def test_a_stolen_state_is_nothing_without_the_browser(house: House) -> None:
    victim, attacker = house.browser(), house.browser()
    leaving = await victim.go(await house.ticket())
    assert (await attacker.back(leaving.state, "code-of-mallory")).status == 403
    assert (await attacker.get("/quay/link/code")).status == 410
    assert house.world.quay.asked == []


async def test_a_stolen_state_is_nothing_with_another_browsers_cookie(house: House) -> None:
    victim, attacker = house.browser(), house.browser()
    leaving = await victim.go(await house.ticket())
    await attacker.go(await house.ticket(MALLORY))
    assert (await attacker.back(leaving.state)).status == 403
    assert house.world.quay.asked == []


async def test_a_state_works_once(house: House) -> None:
    browser = house.browser()
    leaving = await browser.go(await house.ticket())
    assert (await browser.back(leaving.state)).status == 303
    house.world.quay.codes["another"] = MALLORYS
    assert (await browser.back(leaving.state, "another")).status == 403
    assert "alice" in (await browser.get("/quay/link/code")).words


async def test_a_code_of_quay_works_once(house: House) -> None:
    browser = house.browser()
    leaving = await browser.go(await house.ticket())
    assert (await browser.back(leaving.state)).status == 303
    leaving = await browser.go(await house.ticket(MALLORY))
    assert (await browser.back(leaving.state)).status == 400
    assert (await browser.get("/quay/link/code")).status == 410


async def test_a_state_dies_with_its_attempt(house: House) -> None:
    browser = house.browser()
    leaving = await browser.go(await house.ticket())
    house.world.clock.pass_by(600)
    assert (await browser.back(leaving.state)).status == 403
    assert house.world.quay.asked == []


@pytest.mark.parametrize("state", ["", "x", "A" * 43, "0" * 64, "%00", "'%20OR%201=1--"])
async def test_a_made_up_state_is_refused(house: House, state: str) -> None:
    browser = house.browser()
    await browser.go(await house.ticket())
    assert (await browser.back(state)).status == 403
    assert house.world.quay.asked == []


async def test_the_attackers_own_code_in_the_victims_browser_links_nothing(house: House) -> None:
    victim, attacker = house.browser(), house.browser()
    mine = await attacker.go(await house.ticket(MALLORY))
    await victim.go(await house.ticket())
    for state in ("", mine.state):
        assert (await victim.back(state, "code-of-mallory")).status == 403
    assert await linked(house) is None
    assert said_in_slack(house) == "[]"


# Looking without touching


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_preview_of_a_link_uses_nothing_up(house: House, method: str) -> None:
    ticket = await house.ticket()
    for _ in range(3):
        await house.browser().ask(method, f"/quay/link/{ticket}", headers={"User-Agent": "Slackbot-LinkExpanding"})
    browser = house.browser()
    leaving = await browser.go(ticket)
    await house.browser().ask(method, f"/quay/link/{ticket}", headers={"Sec-Fetch-Dest": "image"})
    assert (await browser.back(leaving.state)).status == 303
    assert await linked(house) is None


async def test_head_of_the_callback_does_not_use_up_the_state(house: House) -> None:
    browser = house.browser()
    leaving = await browser.go(await house.ticket())
    path = f"{CALLBACK}?state={leaving.state}&code=code-of-alice"
    assert (await browser.ask("HEAD", path)).status == 405
    assert (await browser.get(path)).status == 303


async def test_an_error_in_the_callback_uses_up_the_state_and_the_link_still_works(house: House) -> None:
    browser, ticket = house.browser(), await house.ticket()
    leaving = await browser.go(ticket)
    assert (await browser.back_with_error("authorization_denied", leaving.state)).status == 400
    assert (await browser.back(leaving.state)).status == 403
    again = await browser.go(ticket)
    assert (await browser.back(again.state)).status == 303
