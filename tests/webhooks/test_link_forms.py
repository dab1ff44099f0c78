"""Attacks on what the browser sends: the form of the consent page, and the token behind the #."""

import json

import pytest

from tests.services.linking_desk import ALICES, MALLORY, MALLORYS, SITE, UUID
from tests.webhooks.link_house import CALLBACK, House, said_in_slack

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


# The form


@pytest.mark.parametrize("wrong", [{}, {"csrf": ""}, {"csrf": "0" * 64}, {"csrf": "ä"}])
async def test_a_form_without_its_own_token_goes_nowhere(house: House, wrong: dict[str, str]) -> None:
    browser, ticket = house.browser(), await house.ticket()
    await browser.get(f"/quay/link/{ticket}")
    answer = await browser.press(ticket, {"way": "code", **wrong})
    assert (answer.status, answer.onward) == (403, "")


async def test_a_form_with_another_browsers_or_another_links_token_goes_nowhere(house: House) -> None:
    browser, other = house.browser(), house.browser()
    ticket, mallorys = await house.ticket(), await house.ticket(MALLORY)
    here = await browser.get(f"/quay/link/{ticket}")
    there = await other.get(f"/quay/link/{ticket}")
    elsewhere = await browser.get(f"/quay/link/{mallorys}")
    for csrf in (there.csrf, elsewhere.csrf):
        assert (await browser.press(ticket, {"way": "code", "csrf": csrf})).status == 403
    assert (await house.browser().press(ticket, {"way": "code", "csrf": here.csrf})).status == 403


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"},
     {"Origin": "http://bot.example"}, {"Origin": "http://bot.example:8080.evil.example"}],
    ids=["cross-site", "same-site", "evil", "other port", "prefix"],
)  # fmt: skip
async def test_a_form_from_another_site_goes_nowhere(house: House, headers: dict[str, str]) -> None:
    browser, ticket = house.browser(), await house.ticket()
    page = await browser.get(f"/quay/link/{ticket}")
    answer = await browser.press(ticket, {"way": "code", "csrf": page.csrf}, **headers)
    assert (answer.status, answer.onward) == (403, "")
    assert (await browser.hand_over(ALICES, **headers)).status == 403


@pytest.mark.parametrize("origin", ["null", SITE, SITE.upper()])
async def test_the_sites_own_form_goes_on(house: House, origin: str) -> None:
    browser, ticket = house.browser(), await house.ticket()
    page = await browser.get(f"/quay/link/{ticket}")
    assert (await browser.press(ticket, {"way": "code", "csrf": page.csrf}, Origin=origin)).onward


@pytest.mark.parametrize(
    "typed",
    [f"https://evil.example/?assignment_uuid={UUID}", f"//evil.example/{UUID}?assignment_uuid={UUID}",
     f"https://quay.example@evil.example/?assignment_uuid={UUID}&redirect_uri=https://evil.example"],
)  # fmt: skip
async def test_the_assignment_field_leads_nowhere_but_to_quay(house: House, typed: str) -> None:
    answer = await house.browser().go(await house.ticket(), "assigned", typed)
    assert answer.onward.startswith("https://quay.example/oauth/authorize?response_type=token&")
    assert "evil" not in answer.text


@pytest.mark.parametrize("typed", ["https://evil.example/", "javascript:alert(1)", EVIL])
async def test_an_assignment_that_is_none_leads_nowhere_and_is_only_text(house: House, typed: str) -> None:
    answer = await house.browser().go(await house.ticket(), "assigned", typed)
    assert (answer.status, answer.onward) == (400, "")
    assert answer.text.count(typed) == answer.text.count(f'value="{typed}"')
    assert "<script>" not in answer.text
    assert "<img" not in answer.text


# The token behind the #


async def test_a_token_without_a_cookie_is_refused(house: House) -> None:
    browser = house.browser()
    await browser.go(await house.ticket(), "assigned")
    csrf = (await browser.get(CALLBACK)).csrf
    stranger = house.browser()
    assert (await stranger.hand_over(ALICES)).status == 403
    assert (await stranger.hand_over(ALICES, **{"X-CSRF-Token": csrf})).status == 403


async def test_a_token_for_an_attempt_that_waits_for_a_code_is_refused(house: House) -> None:
    browser = house.browser()
    leaving = await browser.go(await house.ticket(), "code")
    for state in ("", leaving.state):
        assert (await browser.hand_over(MALLORYS, state)).status == 403
    assert (await browser.get("/quay/link/code")).status == 410


async def test_a_code_for_an_attempt_that_waits_for_a_token_is_refused(house: House) -> None:
    browser = house.browser()
    leaving = await browser.go(await house.ticket(), "assigned", UUID)
    assert (await browser.back(leaving.state)).status == 403
    assert house.world.quay.asked == []


@pytest.mark.parametrize("state", ["A" * 43, "None", "0" * 64])
@pytest.mark.parametrize("assignment", ["", UUID])
async def test_a_token_with_a_wrong_state_is_refused(house: House, state: str, assignment: str) -> None:
    browser = house.browser()
    await browser.go(await house.ticket(), "assigned", assignment)
    assert (await browser.hand_over(MALLORYS, state)).status == 403
    assert (await browser.get("/quay/link/code")).status == 410


async def test_a_token_cannot_be_slipped_in_without_the_state_that_quay_was_given(house: House) -> None:
    victim = house.browser()
    await victim.go(await house.ticket(), "assigned", UUID)
    assert (await victim.hand_over(MALLORYS)).status == 403
    assert said_in_slack(house) == "[]"


async def test_a_second_token_changes_nothing(house: House) -> None:
    browser = house.browser()
    leaving = await browser.go(await house.ticket(), "assigned", UUID)
    assert (await browser.hand_over(ALICES, leaving.state)).status == 200
    assert (await browser.hand_over(MALLORYS, leaving.state)).status == 403
    assert (await browser.hand_over(MALLORYS)).status == 403
    assert "alice" in (await browser.get("/quay/link/code")).words


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_a_token_in_a_form_of_another_site_is_refused(house: House, media: str) -> None:
    browser = house.browser()
    await browser.go(await house.ticket(), "assigned")
    assert (await browser.hand_over(MALLORYS, **{"Content-Type": media})).status == 415


@pytest.mark.parametrize(
    "body", ["", "[]", "{", '{"token": 1}', '{"token": null}', "[" * 8000, '"x"', '{"token": "a b"}']
)
async def test_a_token_that_is_none_is_refused(house: House, body: str) -> None:
    browser = house.browser()
    await browser.go(await house.ticket(), "assigned")
    csrf = (await browser.get(CALLBACK)).csrf
    sent = {"X-CSRF-Token": csrf, "Content-Type": "application/json"}
    answer = await browser.ask("POST", "/quay/oauth/token", data=body, headers=sent)
    assert answer.status == 400
    assert set(json.loads(answer.text)) == {"say"}


async def test_a_token_in_the_query_is_not_taken(house: House) -> None:
    browser = house.browser()
    await browser.go(await house.ticket(), "assigned")
    answer = await browser.get(f"{CALLBACK}?access_token={ALICES}&state=")
    assert ALICES not in answer.text
    assert (await browser.get("/quay/link/code")).status == 410


async def test_the_script_takes_the_token_out_of_the_address_before_anything_else(house: House) -> None:
    script = (await house.browser().get("/quay/link/fragment.js")).text
    clearing = script.index('history.replaceState(null, "", location.pathname)')
    assert clearing < min(script.index(word) for word in ("fetch(", "document.", "location.replace("))
    assert "console" not in script
    assert "innerHTML" not in script
