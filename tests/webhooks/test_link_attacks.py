"""Attacks on people: a link sent to a victim, Quay's page sent to a victim, and the code for Slack."""

import pytest
from structlog.testing import capture_logs

from bot.domain.errors import GiveUp, TryLater, UserError
from bot.services.linking import TRIES, Over
from tests.services.linking_desk import ALICE, ALICES, MALLORY, UUID
from tests.webhooks.link_house import CALLBACK, SORRY, House, linked, said_in_slack

# Somebody else's link


async def test_a_link_sent_to_a_victim_ends_in_a_code_that_only_the_victim_sees(house: House) -> None:
    mallorys_ticket = await house.ticket(MALLORY)
    victim, attacker = house.browser(), house.browser()
    await attacker.get(f"/quay/link/{mallorys_ticket}")
    page = await victim.get(f"/quay/link/{mallorys_ticket}")
    assert "Mallory" in page.words
    assert "If somebody sent you this link, close the page: they want to act as you." in page.words
    leaving = await victim.go(mallorys_ticket)
    assert (await victim.back(leaving.state)).status == 303
    code = (await victim.get("/quay/link/code")).code

    assert code
    assert code not in said_in_slack(house)
    assert code.replace("-", "") not in said_in_slack(house)
    for path in ("/quay/link/code", f"/quay/link/{mallorys_ticket}", "/quay/link/status"):
        assert code not in (await attacker.get(path)).text
    assert await linked(house, MALLORY) is None


async def test_the_attacker_cannot_take_over_the_link_once_the_victim_has_signed_in(house: House) -> None:
    ticket = await house.ticket(MALLORY)
    victim, attacker = house.browser(), house.browser()
    leaving = await victim.go(ticket)
    page = await attacker.get(f"/quay/link/{ticket}")  # opened before, pressed afterwards
    await victim.back(leaving.state)
    code = (await victim.get("/quay/link/code")).code
    taken = await attacker.press(ticket, {"csrf": page.csrf, "way": "code"})
    assert taken.status == 410
    assert not taken.onward
    assert (await attacker.get("/quay/link/code")).status == 410
    assert (await victim.get("/quay/link/code")).code == code


async def test_the_attacker_who_goes_to_quay_in_between_leaves_the_victim_without_a_state(house: House) -> None:
    ticket = await house.ticket(MALLORY)
    victim, attacker = house.browser(), house.browser()
    leaving = await victim.go(ticket)
    await attacker.go(ticket)
    assert (await victim.back(leaving.state)).status == 403
    assert (await attacker.get("/quay/link/code")).status == 410


async def test_a_cookie_that_was_planted_before_is_worth_nothing_afterwards(house: House) -> None:
    victim, attacker = house.browser(), house.browser()
    await attacker.get(f"/quay/link/{await house.ticket(MALLORY)}")
    victim.cookies = dict(attacker.cookies)
    await house.signed_in(victim)
    assert victim.cookies != attacker.cookies
    assert (await attacker.get("/quay/link/code")).status == 410


# Quay's consent page alone, sent to somebody else: what comes back must be worth nothing to whoever finds it


@pytest.mark.parametrize("cookie", ["none", "of another attempt"])
async def test_a_state_is_void_wherever_it_arrives_first(house: House, cookie: str) -> None:
    """Mallory presses the button herself and sends the victim only Quay's address, with her own state in it."""
    attacker, victim = house.browser(), house.browser()
    state = (await attacker.go(await house.ticket(MALLORY))).state
    if cookie != "none":
        await victim.go(await house.ticket())
    assert (await victim.back(state)).status == 403
    assert (await attacker.back(state)).status == 403  # from the victim's history
    assert house.world.quay.asked == []
    assert await linked(house, MALLORY) is None
    assert said_in_slack(house) == "[]"


@pytest.mark.parametrize("way", ["with a code", "with an error", "with a fragment"])
async def test_no_answer_leaves_code_or_state_in_the_address(house: House, way: str) -> None:
    attacker, victim = house.browser(), house.browser()
    leaving = await attacker.go(await house.ticket(MALLORY), *(["assigned", UUID] if "fragment" in way else []))
    more = {"with a code": "&code=code-of-alice", "with an error": "&error=access_denied"}.get(way, "")
    answer = await victim.get(f"{CALLBACK}?scope=x&state={leaving.state}{more}")
    assert leaving.state not in answer.text
    if more:
        assert answer.status == 303
        assert answer.headers["Location"].startswith("/quay/link/sorry?why=")
        assert answer.headers["Location"].endswith("#sorry")  # or the browser would carry the old fragment along
    else:
        assert answer.csrf == ""  # the page's script only takes everything out of the address
    assert (await attacker.hand_over(ALICES, leaving.state)).status == 403
    assert (await attacker.back(leaving.state)).status == 403
    assert await linked(house, MALLORY) is None


async def test_trouble_leaves_the_address_clean_too(house: House) -> None:
    for error in (TryLater("away"), GiveUp("refused"), UserError("no"), ZeroDivisionError("a bug")):
        browser = house.browser()
        leaving = await browser.go(await house.ticket())
        house.world.quay.broken = error  # type: ignore[assignment]
        with capture_logs():
            answer = await browser.get(f"{CALLBACK}?state={leaving.state}&code=code-of-alice")
        assert (answer.status, answer.text) == (303, "")
        assert SORRY.fullmatch(answer.headers["Location"])


# The code for Slack


async def test_a_code_cannot_be_guessed(house: House) -> None:
    code = await house.signed_in(house.browser())
    for guess in ("2222-222A", "2222-222C", "2222-222D", "2222-222E", "2222-222F"):
        with pytest.raises(UserError):
            await house.linking.confirm(ALICE, guess)
    with pytest.raises(Over):
        await house.linking.confirm(ALICE, code)
    assert TRIES == 5
    assert await linked(house) is None


async def test_somebody_elses_code_links_nothing(house: House) -> None:
    code = await house.signed_in(house.browser())
    with pytest.raises(Over):
        await house.linking.confirm(MALLORY, code)
    await house.signed_in(house.browser(), MALLORY, "code-of-mallory")
    with pytest.raises(UserError, match="not the code"):
        await house.linking.confirm(MALLORY, code)
    assert await linked(house, MALLORY) is None


async def test_a_code_works_once(house: House) -> None:
    code = await house.signed_in(house.browser())
    await house.linking.confirm(ALICE, code)
    with pytest.raises(Over):
        await house.linking.confirm(ALICE, code)
    with pytest.raises(Over):
        await house.linking.confirm(MALLORY, code)


async def test_a_code_does_not_outlive_its_attempt(house: House) -> None:
    code = await house.signed_in(house.browser())
    house.world.clock.pass_by(600)
    with pytest.raises(Over):
        await house.linking.confirm(ALICE, code)
    assert await linked(house) is None
