"""Showing a secret once: what the page shows to whom, and everything that must not use it up or get at it."""

# ruff: noqa: E501 - what people read stands on one line

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from inline_snapshot import snapshot
from structlog.testing import capture_logs

from bot.adapters.store import SqlStore
from bot.domain.errors import GiveUp, TryLater
from tests.webhooks.link_house import HEADERS, Answer, Browser
from tests.webhooks.reveal_house import TOKEN, House, Names, opened


@pytest.fixture
async def room(store: SqlStore) -> AsyncIterator[House]:
    async with opened(store.reveals) as house:
        yield house


async def press(browser: Browser, path: str, csrf: str = "", **headers: str) -> Answer:
    return await browser.ask("POST", path, data={"csrf": csrf}, headers=headers)


async def seen(browser: Browser, path: str) -> Answer:
    """Open the link and press the button."""
    page = await browser.get(path)
    return await press(browser, path, page.csrf)


def shows(answer: Answer) -> bool:
    return TOKEN in answer.text


async def test_the_page_asks_and_then_shows_the_secret_once(room: House) -> None:
    browser, path = room.browser(), await room.path()
    page = await browser.get(path)
    assert page.status == 200
    assert not shows(page)
    assert page.words == snapshot(
        "> Show a secret once The token of the robot account acme+ci on quay.example , for the Slack user Alice <A> ( U-ALICE ). It is shown one time only, and only until 12:26 CET (11:26 UTC). Be ready to copy it. Go on only if you asked for it yourself. If somebody else sent you this link, close the page and tell them. Show it now"
    )
    told = await press(browser, path, page.csrf)
    assert told.status == 200
    assert told.words.replace(TOKEN, "TOKEN") == snapshot(
        '> Shown once The token of the robot account acme+ci on quay.example Copy what you need before you close this page: nobody can show it again. User name acme+ci Copy Token TOKEN Copy Podman printf %s TOKEN | podman login --username acme+ci --password-stdin quay.example Copy Docker printf %s TOKEN | docker login --username acme+ci --password-stdin quay.example Copy Kubernetes secret apiVersion: v1 kind: Secret metadata: name: acme-ci-pull-secret type: kubernetes.io/dockerconfigjson data: .dockerconfigjson: eyJhdXRocyI6eyJxdWF5LmV4YW1wbGUiOnsiYXV0aCI6IllXTnRaU3RqYVRwU01FSXdWRlF3UzBWT1VqQkNNRlJVTUV0RlRsSXdRakJVVkRCTFJVNVNNRUl3VkZRd1MwVk9VakJDTUZSVU1FdEZUbEl3UWpCVVZEQkxSVTVCUWtORSJ9fX0= Copy Quay and Docker configuration (~/.docker/config.json) { "auths": { "quay.example": { "auth": "YWNtZStjaTpSMEIwVFQwS0VOUjBCMFRUMEtFTlIwQjBUVDBLRU5SMEIwVFQwS0VOUjBCMFRUMEtFTlIwQjBUVDBLRU5BQkNE" } } } Copy A login command stays in your shell\'s history. A blank typed before it keeps it out, but only if your shell ignores lines that begin with a blank.'
    )
    room.clock.pass_by(60)
    for again in (await press(browser, path, page.csrf), await browser.get(path), await seen(room.browser(), path)):
        assert not shows(again)
        assert again.status in (403, 410)
    assert (await browser.get(path)).words == snapshot(
        "> It was shown already It was shown already at 12:16 CET (11:16 UTC), and is not kept. If that was not you, make a new token at once: /quay robot regenerate acme+ci in Slack."
    )


async def test_opening_it_uses_nothing_up_however_often_and_by_whomever(room: House) -> None:
    path = await room.path()
    for _ in range(20):
        assert not shows(await room.browser().get(path))
    scanner = room.browser()
    assert (await scanner.ask("HEAD", path)).status == 200
    assert (await scanner.ask("OPTIONS", path)).status == 405
    assert shows(await seen(room.browser(), path))


@pytest.mark.parametrize("how", ["no cookie", "no proof", "wrong proof", "proof of another browser", "of another page"])
async def test_without_the_proof_that_our_page_was_read_nothing_is_shown_and_nothing_lost(
    room: House, how: str
) -> None:
    path, other = await room.path(), await room.path("acme+other")
    browser, stranger = room.browser(), room.browser()
    page = await browser.get(path)
    proofs = {
        "no cookie": page.csrf,
        "no proof": "",
        "wrong proof": "0" * 64,
        "proof of another browser": (await stranger.get(path)).csrf,
        "of another page": (await browser.get(other)).csrf,
    }
    sender = room.browser() if how == "no cookie" else browser
    refused = await press(sender, path, proofs[how])
    assert refused.status == 403
    assert not shows(refused)
    assert shows(await seen(room.browser(), path))


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}],
    ids=str,
)
async def test_a_press_on_another_site_shows_nothing(room: House, headers: dict[str, str]) -> None:
    browser, path = room.browser(), await room.path()
    page = await browser.get(path)
    assert (await press(browser, path, page.csrf, **headers)).status == 403
    assert shows(await press(browser, path, page.csrf))


async def test_of_two_who_press_at_once_one_sees_it(room: House) -> None:
    path = await room.path()
    browsers = [room.browser() for _ in range(6)]
    pages = [await browser.get(path) for browser in browsers]
    answers = await asyncio.gather(
        *(press(browser, path, page.csrf) for browser, page in zip(browsers, pages, strict=True))
    )
    assert sorted(answer.status for answer in answers) == [200, 410, 410, 410, 410, 410]
    assert sum(map(shows, answers)) == 1


async def test_when_it_is_too_old_nobody_sees_it(room: House) -> None:
    browser, path = room.browser(), await room.path()
    page = await browser.get(path)
    await room.clock.sleep(600)
    for late in (await browser.get(path), await press(browser, path, page.csrf)):
        assert late.status == 410
        assert not shows(late)
    assert late.words == snapshot(
        "> This link is too old The time in which it could be opened is over, and nobody has opened it. Now nobody knows that token. If you still need a token, make a new one: /quay robot regenerate acme+ci in Slack."
    )


@pytest.mark.parametrize("guess", ["", "A" * 43, "x", "../../etc/passwd", "%00", "a/b", "A" * 4000, "é" * 43])
async def test_a_guess_finds_a_plain_page(room: House, guess: str) -> None:
    await room.path()
    browser = room.browser()
    answer = await browser.get(f"/quay/reveal/{guess}")
    assert answer.status == 404
    assert (await press(browser, f"/quay/reveal/{guess}", "0" * 64)).status in (403, 404)
    assert "link" not in answer.words.lower()


async def test_every_answer_is_neither_kept_nor_framed_nor_told_to_others(room: House) -> None:
    browser, path = room.browser(), await room.path()
    page = await browser.get(path)
    answers = [
        page,
        await press(browser, path, "wrong"),
        await press(browser, path, page.csrf),
        await browser.get(path),
        await browser.get("/quay/reveal/nothing"),
        await browser.ask("PUT", path),
        await browser.ask("POST", path, data="{}", headers={"Content-Type": "application/json"}),
    ]
    assert [answer.status for answer in answers] == [200, 403, 200, 410, 404, 405, 415]
    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "<script>" not in "".join(answer.text for answer in answers)
    assert " on" not in "".join(part.partition(">")[0] for part in answers[2].text.split("<button")[1:])


async def test_the_cookie_is_for_this_browser_alone(room: House) -> None:
    page = await room.browser().get(await room.path())
    cookie = page.cookies["__Host-quaybot"]
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"], cookie["path"]) == (True, True, "Lax", "/")


async def test_a_cookie_of_the_linking_pages_is_kept(room: House) -> None:
    browser, path = room.browser(), await room.path()
    browser.cookies["__Host-quaybot"] = "c" * 43
    assert shows(await seen(browser, path))
    assert browser.cookies["__Host-quaybot"] == "c" * 43


async def test_names_are_only_text(room: House) -> None:
    evil = "acme+<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    browser, path = room.browser(), await room.path(evil, token=TOKEN + "</code><b>")
    page = await browser.get(path)
    told = await press(browser, path, page.csrf)
    for answer in (page, told):
        assert "<script>alert" not in answer.text
        assert "<img" not in answer.text
    assert "</code><b>" not in told.text


@pytest.mark.parametrize(
    ("size", "media", "status"),
    [(9000, "application/x-www-form-urlencoded", 413), (10, "text/plain", 415)],
)
async def test_odd_bodies_are_refused_and_nothing_is_lost(room: House, size: int, media: str, status: int) -> None:
    browser, path = room.browser(), await room.path()
    await browser.get(path)
    answer = await browser.ask("POST", path, data=b"x" * size, headers={"Content-Type": media})
    assert answer.status == status
    many = "&".join(f"a{number}=1" for number in range(50))
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await browser.ask("POST", path, data=many, headers=form)).status == 400
    assert shows(await seen(browser, path))


@pytest.mark.parametrize(("error", "status"), [(TryLater("My database is away."), 503), (GiveUp("No key."), 500)])
async def test_when_the_store_is_in_trouble_the_page_says_so_plainly(
    room: House, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    browser, path = room.browser(), await room.path()
    page = await browser.get(path)

    async def broken(*_: Any, **__: Any) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(type(room.revealing.store), "take", broken)
        answer = await press(browser, path, page.csrf)
    assert answer.status == status
    assert not shows(answer)
    assert shows(await press(browser, path, page.csrf))


async def test_the_log_knows_that_it_was_shown_and_neither_ticket_nor_secret(room: House) -> None:
    path = await room.path()
    with capture_logs() as lines:
        await seen(room.browser(), path)
        await seen(room.browser(), path)
    assert lines == snapshot(
        [
            {
                "user": "U-ALICE",
                "what": "The token of the robot account acme+ci on quay.example",
                "where": "page",
                "event": "secret_shown",
                "log_level": "info",
            }
        ]
    )
    assert TOKEN[:12] not in str(lines)
    assert path.rpartition("/")[2] not in str(lines)


async def test_while_slack_is_away_it_is_shown_for_the_id_in_utc(store: SqlStore) -> None:
    async with opened(store.reveals, names=Names(away=True)) as house:
        browser, path = house.browser(), await house.path()
        page = await browser.get(path)
        assert "for the Slack user U-ALICE ." in page.words
        assert "only until 11:26 UTC" in page.words
        assert shows(await seen(browser, path))
