"""The pages for linking: what people read, and where each of them leads."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.adapters.store import SqlStore
from bot.app import listening
from bot.domain.errors import GiveUp, TryLater
from bot.ports import Client
from bot.services.intake import GroupCommit
from tests.services.linking_desk import ALICE, ALICES, World
from tests.webhooks.link_house import CALLBACK, House, opened
from webhooks.pages import LinkPages
from webhooks.server import Door, site

UUID = "6c41523f-6841-48a6-af8b-afad972919ac"


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with opened(World()) as house:
        yield house


async def test_the_first_page_says_who_asks_for_what(house: House) -> None:
    page = await house.browser().get(f"/quay/link/{await house.ticket()}")
    assert page.status == 200
    assert (
        "This connects the Slack user Alice ( UALICE ) in the workspace Acme with your account on quay.example ."
    ) in page.words
    assert "Go on only if that is you, and you typed /quay link yourself just now." in page.words
    for scope in ("repo:admin", "repo:read", "repo:write", "user:read"):
        assert f"<li><code>{scope}</code> " in page.text


async def test_more_scopes_are_asked_for_openly(house: House) -> None:
    ticket = (await house.linking.start(ALICE, "", frozenset({"org:admin"}))).rpartition("/")[2]
    page = await house.browser().get(f"/quay/link/{ticket}")
    assert "org:admin manage organizations that you manage" in page.words


async def test_quays_dead_ends_are_named_before_somebody_runs_into_them(house: House) -> None:
    page = await house.browser().get(f"/quay/link/{await house.ticket()}")
    assert "Sign in to Quay first , in this browser: open quay.example ." in page.words
    assert "Unauthorized , 401)" in page.words
    assert "administrators of the organization that owns the bot’s application" in page.words
    assert "Forbidden (403)" in page.words
    assert page.text.count('rel="noopener noreferrer"') == 1


async def test_a_form_can_be_used_without_seeing_it(house: House) -> None:
    page = await house.browser().get(f"/quay/link/{await house.ticket()}")
    assert '<label for="assignment">' in page.text
    assert '<input id="assignment" name="assignment" type="text"' in page.text
    assert page.text.count('<button type="submit">') == 2
    assert '<meta name="viewport"' in page.text


@pytest.mark.parametrize(
    ("client", "words", "buttons"),
    [(Client("C"), "Not set up here; ask the operator.", 1), (Client("C", "S"), "Sign in to Quay", 2)],
)
async def test_a_way_that_does_not_work_here_has_a_reason_and_no_button(
    client: Client, words: str, buttons: int
) -> None:
    async with opened(World(client=client)) as house:
        page = await house.browser().get(f"/quay/link/{await house.ticket()}")
        assert words in page.words
        assert page.text.count("<button") == buttons
        answer = await house.browser().go(await house.ticket(), "code")
        assert answer.status == (200 if buttons == 2 else 400)


async def test_without_slacks_names_the_ids_are_shown(house: House) -> None:
    house.world.slack.silent = True
    page = await house.browser().get(f"/quay/link/{await house.ticket()}")
    assert "the Slack user UALICE in the workspace T1" in page.words


async def test_the_page_on_the_way_to_quay_moves_on_by_itself_and_has_a_link(house: House) -> None:
    page = await house.browser().go(await house.ticket())
    assert page.onward.startswith("https://quay.example/oauth/authorize?response_type=code&client_id=CLIENT&")
    assert page.text.count(page.onward.replace("&", "&amp;")) == 2


async def test_without_a_link_of_the_assignment_the_way_is_explained(house: House) -> None:
    page = await house.browser().go(await house.ticket(), "assigned")
    assert page.onward == ""
    assert '<a href="https://quay.example" target="_blank"' in page.text
    assert "Authorize it. You come back here by yourself" in page.words


async def test_a_mistyped_assignment_is_shown_again_with_the_error_beside_it(house: House) -> None:
    browser, ticket = house.browser(), await house.ticket()
    page = await browser.go(ticket, "assigned", "https://quay.example/<b>not a number")
    assert page.status == 400
    assert 'value="https://quay.example/&lt;b&gt;not a number" aria-invalid="true"' in page.text
    assert "That is no assignment of Quay. Copy its whole link, or leave the field empty." in page.words
    again = await browser.press(ticket, {"csrf": page.csrf, "way": "assigned", "assignment": UUID})
    assert again.onward


@pytest.mark.parametrize("why", ["", "x", "<script>", "strange&x=<b>"])
async def test_the_page_that_is_sorry_says_only_what_it_knows(house: House, why: str) -> None:
    page = await house.browser().get(f"/quay/link/sorry?why={why}")
    assert page.status in {400, 403}
    assert "<h1>Not linked</h1>" in page.text
    assert "script" not in page.text
    assert "nothing was linked" in page.words.lower()


async def test_only_what_is_used_is_asked_for(house: House) -> None:
    page = await house.browser().get(f"/quay/link/{await house.ticket()}")
    for word in ("notification", "label", "change tags"):
        assert word not in page.words


async def test_an_unknown_way_is_refused(house: House) -> None:
    assert (await house.browser().go(await house.ticket(), "pasted")).status == 400


async def test_the_code_page_says_whose_account_it_is_for_whom_and_what_never_to_do(house: House) -> None:
    browser = house.browser()
    code = await house.signed_in(browser)
    words = (await browser.get("/quay/link/code")).words
    assert f"You are signed in on quay.example as alice . Your code for Slack: {code} " in words
    assert "Go back to Slack, as Alice ( UALICE ) in Acme ." in words
    assert f"Or type /quay link {code} ." in words
    assert "Type this code only into Slack, only as yourself" in words
    assert "Nobody will ever ask you for it." in words
    assert "If somebody sent you the link to this, they want your account" in words


async def test_a_browser_that_has_its_code_finds_back_to_it_by_the_link(house: House) -> None:
    browser, ticket = house.browser(), await house.ticket()
    leaving = await browser.go(ticket)
    await browser.back(leaving.state)
    again = await browser.get(f"/quay/link/{ticket}")
    assert (again.status, again.headers["Location"]) == (303, "/quay/link/code#code")
    other = await house.browser().get(f"/quay/link/{ticket}")
    assert other.status == 409
    assert "If that was not you, press That was not me" in other.words


async def test_the_browser_learns_that_the_code_was_entered(store: SqlStore) -> None:
    async with opened(World(links=store.links, accounts=store.accounts)) as house:
        browser = house.browser()
        assert json.loads((await browser.get("/quay/link/status")).text) == {"stage": "over"}
        code = await house.signed_in(browser)
        assert json.loads((await browser.get("/quay/link/status")).text) == {"stage": "confirm"}
        await house.linking.confirm(ALICE, code)
        assert json.loads((await browser.get("/quay/link/status")).text) == {"stage": "done"}
        page = await browser.get("/quay/link/code")
        assert (page.status, page.code) == (200, "")
        assert "Alice ( UALICE ) acts as alice on quay.example now." in page.words


async def test_after_that_was_not_me_the_browser_shows_no_code(house: House) -> None:
    browser = house.browser()
    await house.signed_in(browser)
    await house.linking.cancel(ALICE)
    assert json.loads((await browser.get("/quay/link/status")).text) == {"stage": "over"}
    page = await browser.get("/quay/link/code")
    assert (page.status, page.code) == (410, "")


@pytest.mark.parametrize("seconds", [599, 600])
async def test_a_link_lives_for_ten_minutes_and_then_says_what_to_do(house: House, seconds: float) -> None:
    ticket = await house.ticket()
    house.world.clock.pass_by(seconds)
    page = await house.browser().get(f"/quay/link/{ticket}")
    assert page.status == (200 if seconds < 600 else 410)
    if page.status == 410:
        assert "Type /quay link in Slack again: you get a new link." in page.words
        assert not page.cookies


async def test_a_link_that_ends_while_it_is_read_says_so_too(house: House) -> None:
    browser, ticket = house.browser(), await house.ticket()
    page = await browser.get(f"/quay/link/{ticket}")
    house.world.clock.pass_by(600)
    assert (await browser.press(ticket, {"csrf": page.csrf, "way": "code"})).status == 410


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("authorization_denied", "You said no in Quay, so nothing was linked."),
        ("unauthorized_client", "Quay does not know this assignment: it was used already"),
        ("redirect_uri_mismatch", "set it there to http://bot.example:8080/quay/oauth/callback ."),
        ("something_new", "Quay sent you back with an error, and nothing was linked."),
    ],
)
async def test_what_quay_refused_is_said_in_plain_words(house: House, error: str, words: str) -> None:
    page = await house.browser().back_with_error(error)
    assert page.status == 400
    assert words in page.words
    assert "open the link from Slack once more" in page.words


@pytest.mark.parametrize(
    ("error", "status"), [(TryLater("Quay is away."), 503), (GiveUp("Quay refuses my application."), 500)]
)
async def test_quays_trouble_is_said_and_nothing_is_linked(house: House, error: Exception, status: int) -> None:
    house.world.quay.broken = error  # type: ignore[assignment]
    browser = house.browser()
    leaving = await browser.go(await house.ticket())
    with capture_logs():
        page = await browser.back(leaving.state)
    assert (page.status, "<h1>Not linked</h1>" in page.text) == (status, True)
    assert ("Try again soon." if status == 503 else "finds the reason in its log") in page.words


async def test_the_fragment_page_reads_by_script_and_says_so_where_there_is_none(house: House) -> None:
    browser = house.browser()
    await browser.go(await house.ticket(), "assigned", UUID)
    page = await browser.get(f"{CALLBACK}?scope=user%3Aread&state=x")
    assert page.status == 200
    assert '<script src="/quay/link/fragment.js" defer>' in page.text
    assert 'data-to="/quay/oauth/token"' in page.text
    assert "This one page needs JavaScript" in page.words
    stranger = await house.browser().get(CALLBACK)
    assert stranger.csrf == ""  # its script only takes the token out of the address
    assert '<script src="/quay/link/fragment.js" defer>' in stranger.text


async def test_an_assigned_token_is_handed_over(house: House) -> None:
    browser = house.browser()
    leaving = await browser.go(await house.ticket(), "assigned", UUID)
    answer = await browser.hand_over(ALICES, leaving.state)
    assert (answer.status, json.loads(answer.text)) == (200, {"next": "/quay/link/code"})
    code = (await browser.get("/quay/link/code")).code
    account = (await house.linking.confirm(ALICE, code)).account
    assert account.scopes == frozenset({"repo:read", "user:read"})


async def test_a_token_that_nobody_knows_is_refused_in_words_that_the_script_can_show(house: House) -> None:
    browser = house.browser()
    leaving = await browser.go(await house.ticket(), "assigned", UUID)
    answer = await browser.hand_over("x" * 40, leaving.state)
    assert answer.status == 400
    assert "It needs the scope user:read" in json.loads(answer.text)["say"]


async def test_below_a_path_of_its_own_the_site_still_finds_its_parts() -> None:
    async with opened(World(), "https://example.com:443/bots/quay") as house:
        browser, ticket = house.browser(), await house.ticket()
        page = await browser.get(f"/quay/link/{ticket}")
        assert 'href="/bots/quay/quay/link/style.css"' in page.text
        assert f'action="/bots/quay/quay/link/{ticket}"' in page.text
        fields = {"csrf": page.csrf, "way": "code"}
        leaving = await browser.press(ticket, fields, Origin="https://example.com")
        back = await browser.back(leaving.state)
        assert back.headers["Location"] == "/bots/quay/quay/link/code#code"


async def test_over_plain_http_below_a_path_the_cookie_goes_there() -> None:
    async with opened(World(), "http://bot.example/bots") as house:
        page = await house.browser().get(f"/quay/link/{await house.ticket()}")
        ((_, cookie),) = page.cookies.items()
        assert cookie["path"] == "/bots/quay"


async def test_the_pages_hang_in_the_bots_site() -> None:
    async def nothing() -> Any:
        return b""

    world = World()
    intake: Any = None
    app = site(Door(GroupCommit(intake, world.clock), nothing, nothing), None, LinkPages(world.linking()))
    async with listening(app, "127.0.0.1", 0) as url, aiohttp.ClientSession() as http:
        async with http.get(f"{url}/quay/link/code") as response:
            assert (response.status, response.headers["Cache-Control"]) == (410, "no-store")
        async with http.get(f"{url}/healthz") as response:
            assert (response.status, "Content-Security-Policy" in response.headers) == (200, False)


async def test_a_token_without_a_state_is_asked_about_by_the_name_of_whom_it_is_for(house: House) -> None:
    browser = house.browser()
    await browser.go(await house.ticket(), "assigned")
    page = await browser.get(CALLBACK)
    assert '<div id="ask" hidden>' in page.text
    assert "Use it for Alice ( UALICE ) in Acme ?" in page.words
    assert 'id="ask"' not in (await browser.get(f"{CALLBACK}?state=x")).text  # then the state decides
    assert 'id="ask"' not in (await house.browser().get(CALLBACK)).text


async def test_who_did_not_leave_for_an_assigned_token_is_not_asked_about_one(house: House) -> None:
    browser = house.browser()
    await browser.go(await house.ticket(), "code")
    assert 'id="ask"' not in (await browser.get(CALLBACK)).text
