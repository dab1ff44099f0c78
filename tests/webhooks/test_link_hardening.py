"""What the linking pages give away to nobody: foreign words stay words, headers, cookies, bounds, and a clean log."""

import logging
import re
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.adapters.store import SqlStore
from bot.domain.people import Workspace
from tests.services.linking_desk import ALICES, MALLORY, MALLORYS, UUID, World
from tests.webhooks.link_house import CALLBACK, HEADERS, Answer, House, opened

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


# Foreign words on pages


async def test_names_from_slack_stay_words(house: House) -> None:
    house.world.slack.names["UALICE"] = EVIL
    house.world.slack.workspace = Workspace("T1", EVIL)
    browser = house.browser()
    ticket = await house.ticket()
    pages = [await browser.get(f"/quay/link/{ticket}")]
    leaving = await browser.go(ticket)
    await browser.back(leaving.state)
    pages.append(await browser.get("/quay/link/code"))
    for page in pages:
        assert "<script>alert" not in page.text
        assert "<img" not in page.text
        assert "alert(1)" in page.words


async def test_a_user_name_of_quay_stays_a_word(house: House) -> None:
    house.world.quay.owners[ALICES] = EVIL
    browser = house.browser()
    await house.signed_in(browser)
    page = await browser.get("/quay/link/code")
    assert "<img" not in page.text
    assert "alert(1)" in page.words


@pytest.mark.parametrize("error", [EVIL, "x" * 3000, "{callback}", "{0.__class__}"])
async def test_what_an_address_says_is_not_repeated(house: House, error: str) -> None:
    browser = house.browser()
    query = {"error": error, "error_description": "Call 555-1234 and tell us your code", "state": EVIL}
    async with house.http.get(house.url + CALLBACK, params=query) as response:
        text = await response.text()
    assert response.status == 400
    assert "555" not in text
    assert "alert" not in text
    assert (await browser.get("/quay/link/%3Cscript%3Ealert(1)%3C/script%3E")).status == 404


@pytest.mark.parametrize("path", ["/quay/link/" + "%3Cb%3E" * 20, f"{CALLBACK}?code={EVIL}", "/quay/link/x?a=%3Cb%3E"])
async def test_no_path_or_query_is_repeated(house: House, path: str) -> None:
    browser = house.browser()
    answer = await browser.get(path.replace("<", "%3C").replace(">", "%3E").replace('"', "%22"))
    assert "alert" not in answer.headers.get("Location", "")
    answer = await browser.told(answer)
    assert answer.status in {403, 404}
    assert "<b>" not in answer.text
    assert "alert" not in answer.text


# Headers, cookies, sizes, methods


async def every_answer(house: House) -> dict[str, Answer]:
    """One of each kind of answer."""
    browser, ticket = house.browser(), await house.ticket()
    found = {"consent": await browser.get(f"/quay/link/{ticket}")}
    leaving = found["leaving"] = await browser.press(ticket, {"csrf": found["consent"].csrf, "way": "code"})
    found["callback"] = await browser.get(CALLBACK)
    found["refused"] = await browser.get(f"{CALLBACK}?error=x")
    found["sorry"] = await browser.told(found["refused"])
    found["wrong state"] = await house.browser().back("A" * 43)
    found["back"] = await browser.back(leaving.state)
    found["code"] = await browser.get("/quay/link/code")
    found["status"] = await browser.get("/quay/link/status")
    found["used"] = await house.browser().get(f"/quay/link/{ticket}")
    found["forward"] = await browser.get(f"/quay/link/{ticket}")
    found["nothing"] = await house.browser().get("/quay/link/code")
    found["unknown ticket"] = await browser.get("/quay/link/" + "B" * 43)
    found["no ticket"] = await browser.get("/quay/link/short")
    found["no page"] = await browser.get("/quay/nowhere")
    found["method"] = await browser.ask("PUT", f"/quay/link/{ticket}")
    found["options"] = await browser.ask("OPTIONS", "/quay/oauth/token")
    found["no csrf"] = await browser.press(ticket, {"way": "code"})
    found["token"] = await browser.hand_over(ALICES)
    found["too long"] = await browser.press(ticket, {"csrf": "x" * 9000})
    return found


async def test_every_answer_carries_every_header(house: House) -> None:
    for name, answer in (await every_answer(house)).items():
        for header, value in HEADERS.items():
            assert answer.headers.getall(header) == [value], (name, header)
        assert answer.headers.getall("Cache-Control") == ["no-store"], name


async def test_no_page_has_anything_inline_or_from_elsewhere(house: House) -> None:
    for name, answer in (await every_answer(house)).items():
        assert not re.search(r"\son\w+=|<style|\sstyle=|javascript:|<script(?! src=\"/quay/)", answer.text), name
        assert not re.search(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=\"(?!/quay/)", answer.text), name
        if answer.text.startswith("<!doctype"):
            assert '<html lang="en">' in answer.text
            assert answer.text.count("<h1>") == 1


async def test_only_static_files_may_be_kept(house: House) -> None:
    for name in ("style.css", "fragment.js", "status.js"):
        answer = await house.browser().get(f"/quay/link/{name}")
        assert answer.status == 200
        assert answer.headers["Cache-Control"] == "public, max-age=3600"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert not answer.cookies


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(house: House) -> None:
    page = await house.browser().get(f"/quay/link/{await house.ticket()}")
    ((name, cookie),) = page.cookies.items()
    assert (name, cookie["path"], cookie["samesite"], cookie["max-age"]) == ("quaybot", "/quay", "Lax", "600")
    assert (bool(cookie["httponly"]), bool(cookie["secure"]), cookie["domain"]) == (True, False, "")


async def test_over_https_no_other_host_can_plant_the_cookie(store: SqlStore) -> None:
    async with opened(World(links=store.links, accounts=store.accounts), "https://bot.example") as house:
        page = await house.browser().get(f"/quay/link/{await house.ticket()}")
        ((name, cookie),) = page.cookies.items()
        assert (name, cookie["path"], cookie["domain"]) == ("__Host-quaybot", "/", "")
        assert cookie["secure"]
        assert cookie["httponly"]
        assert await house.signed_in(house.browser())


async def test_a_cookie_that_is_not_ours_is_replaced(house: House) -> None:
    browser = house.browser()
    browser.cookies = {"quaybot": "short"}
    await browser.get(f"/quay/link/{await house.ticket()}")
    assert len(browser.cookies["quaybot"]) == 43


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize(
    ("path", "media"),
    [("/quay/link/" + "B" * 43, "application/x-www-form-urlencoded"), ("/quay/oauth/token", "application/json")],
)
async def test_a_body_has_its_bounds(house: House, path: str, media: str, announced: bool) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(9):
            yield b"x" * 1024

    browser = house.browser()
    await browser.go(await house.ticket(), "assigned")
    csrf = (await browser.get(CALLBACK)).csrf
    data: Any = BytesIO(b"x" * 9 * 1024) if announced else pieces()
    answer = await browser.ask("POST", path, data=data, headers={"Content-Type": media, "X-CSRF-Token": csrf})
    assert answer.status == 413


async def test_a_form_of_too_many_fields_is_refused(house: House) -> None:
    answer = await house.browser().press("B" * 43, {f"f{number}": "x" for number in range(50)})
    assert answer.status == 400


async def test_a_body_that_is_no_text_is_refused(house: House) -> None:
    sent = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await house.browser().ask("POST", "/quay/link/" + "B" * 43, data=b"\xff\xfe", headers=sent)
    assert answer.status == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "/quay/link/" + "B" * 43), ("DELETE", "/quay/link/" + "B" * 43), ("POST", "/quay/link/code"),
     ("POST", CALLBACK), ("GET", "/quay/oauth/token"), ("POST", "/quay/link/style.css")],
)  # fmt: skip
async def test_another_method_is_not_allowed(house: House, method: str, path: str) -> None:
    answer = await house.browser().ask(method, path)
    assert answer.status == 405


# What is left behind


async def test_no_secret_is_in_the_log_whatever_happens(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("aiosqlite").setLevel(logging.INFO)  # its parameters are sealed texts and hashes
    secrets = [ALICES, MALLORYS, "code-of-alice", "hush-hush"]
    with capture_logs() as logs:
        browser, ticket = house.browser(), await house.ticket()
        leaving = await browser.go(ticket)
        await browser.back(leaving.state)
        code = (await browser.get("/quay/link/code")).code
        await browser.back(leaving.state)
        second = await browser.go(await house.ticket(MALLORY), "assigned", UUID)
        await browser.hand_over("x" * 40, second.state)
        third = await browser.go(await house.ticket(MALLORY))
        house.world.quay.broken = ZeroDivisionError("a bug")  # type: ignore[assignment]
        assert (await browser.back(third.state)).status == 500
        await every_answer_of_nobody(house)
        secrets += [ticket, leaving.state, second.state, third.state, code, *browser.cookies.values()]
    told = caplog.text + repr(logs)
    assert "link_page_failed" in told
    assert [secret for secret in secrets if secret in told] == []


async def every_answer_of_nobody(house: House) -> None:
    for path in ("/quay/nowhere", f"{CALLBACK}?error=x", f"{CALLBACK}?code=c&state=s", "/quay/link/code"):
        await house.browser().get(path)


async def test_the_address_bar_keeps_nothing_after_quay(house: House) -> None:
    browser = house.browser()
    leaving = await browser.go(await house.ticket())
    answer = await browser.back(leaving.state)
    assert (answer.status, answer.headers["Location"], answer.text) == (303, "/quay/link/code#code", "")


async def test_an_unexpected_error_is_a_page_without_details(house: House) -> None:
    browser = house.browser()
    leaving = await browser.go(await house.ticket())
    house.world.quay.broken = ZeroDivisionError("secret detail")  # type: ignore[assignment]
    with capture_logs():
        answer = await browser.back(leaving.state)
    assert answer.status == 500
    assert "secret detail" not in answer.text
    assert "/quay link" in answer.words
