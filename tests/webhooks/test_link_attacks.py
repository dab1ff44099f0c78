"""Attacks on linking, each one named: whoever tries them ends without an account that is not theirs."""

import json
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from bot.adapters.store import SqlStore
from bot.domain.errors import GiveUp, TryLater, UserError
from bot.domain.people import Person
from bot.services.linking import TRIES, Over
from tests.services.linking_desk import ALICE, ALICES, MALLORY, MALLORYS, SITE, World
from tests.webhooks.link_house import CALLBACK, SORRY, House, opened

UUID = "6c41523f-6841-48a6-af8b-afad972919ac"
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@pytest.fixture
async def house(store: SqlStore) -> AsyncIterator[House]:
    async with opened(World(links=store.links, accounts=store.accounts)) as house:
        yield house


async def linked(house: House, person: Person = ALICE) -> str | None:
    account = await house.world.accounts.of(person)
    return account.username if account else None


def said_in_slack(house: House) -> str:
    return json.dumps([list(one) for one in house.world.voice.posted])


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


# State


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


# What the audit knows of all that


def noted(house: House) -> list[tuple[str, str, str, str]]:
    deeds = [line.deed for line in house.world.audit.lines]
    return [(one.person.user, one.act.name, one.outcome.value, one.username) for one in deeds]


async def test_who_arrived_for_whom_stands_in_the_audit(house: House) -> None:
    await house.signed_in(house.browser(), MALLORY)  # alice has signed in for mallory
    assert noted(house) == [
        ("UMALLORY", "link arrival", "tried", ""),
        ("UMALLORY", "link arrival", "done", "alice"),
    ]
    assert "code-of-alice" not in repr(house.world.audit.lines)


async def test_an_arrival_that_is_refused_stands_in_the_audit_of_whoever_it_was_for(house: House) -> None:
    attacker = house.browser()
    state = (await attacker.go(await house.ticket(MALLORY))).state
    await house.browser().back(state)
    await house.browser().back("A" * 43)  # nobody's
    await attacker.back(state)  # used
    assert noted(house) == [("UMALLORY", "link arrival", "refused", "")]
    assert state not in repr(house.world.audit.lines)


async def test_an_arrival_that_cannot_be_written_down_is_not_gone_on_with(house: House) -> None:
    browser = house.browser()
    leaving = await browser.go(await house.ticket())
    house.world.audit.error = TryLater("The database is away.")
    with capture_logs():
        assert (await browser.back(leaving.state)).status == 503
    assert house.world.quay.asked == []
    assert said_in_slack(house) == "[]"


async def test_what_quay_refuses_on_arrival_stands_in_the_audit(house: House) -> None:
    browser = house.browser()
    leaving = await browser.go(await house.ticket())
    await browser.back(leaving.state, "a-code-of-nobody")
    assert [line[2] for line in noted(house)] == ["tried", "refused"]
