"""A code becomes a token: asked once, with everything in the body, and refused in words that say what to do."""

import json
import logging
import traceback
from typing import Any
from urllib.parse import quote_plus

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.adapters.quay import asks_people
from bot.domain.errors import BotError, GiveUp, TryLater, UserError
from bot.ports import Client, Grant
from tests.adapters.quay_table import RECORDED, Table, registry_of

PATH = "POST /oauth/access_token"
SENT = RECORDED["token"]["sent"]
CLIENT = Client(SENT["client_id"], SENT["client_secret"])
CODE, BACK, SCOPE = "c0de-of-alice+/=&%", SENT["redirect_uri"], SENT["scope"]
FRESH = "fresh-t0ken-0123456789-0123456789-012345"


async def exchanged(table: Table, code: str = CODE, scope: str = SCOPE, deadline: float = 10.0) -> Grant:
    async with registry_of(table, deadline) as registry:
        return await registry.exchange(CLIENT, code, BACK, scope)


async def refused(table: Table, **changes: Any) -> BotError:
    with pytest.raises(BotError) as caught:
        await exchanged(table, **changes)
    return caught.value


async def test_a_code_is_exchanged_as_recorded() -> None:
    table = Table().replay("token")
    grant = await exchanged(table, SENT["code"])
    assert grant == Grant(RECORDED["token"]["answer"]["access_token"], frozenset(SCOPE.split()))
    assert table.asked == [PATH]
    assert table.forms() == [SENT]
    headers = table.requests[0].headers
    assert "Authorization" not in headers
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"


async def test_the_scope_is_sent_to_the_letter_and_read_with_blanks_or_commas() -> None:
    for scope in ("repo:read user:read", "user:read,repo:read", "repo:read  user:read"):
        table = Table().replay("token")
        assert (await exchanged(table, scope=scope)).scopes == {"repo:read", "user:read"}
        assert table.forms()[0]["scope"] == scope


@given(st.text(min_size=1, max_size=50))
async def test_any_code_is_sent_as_it_is_or_refused(code: str) -> None:
    table = Table().replay("token")
    await exchanged(table, code)
    expected = code.encode("utf-8", "replace").decode()
    assert table.forms()[0].get("code", "") == expected


async def test_every_refusal_says_what_to_do_next() -> None:
    table = {}
    for name in (
        "token_wrong_secret",
        "token_other_scope",
        "token_no_scope",
        "token_wrong_grant",
        "token_unknown_code",
        "token_replay",
        "token_basic",
    ):
        error = await refused(Table().replay(name))
        table[name] = (type(error).__name__, error.say, str(error))
    assert table == snapshot(
        {
            "token_wrong_secret": (
                "GiveUp",
                (
                    "Quay does not accept this bot's own application, so nobody can link an account through the "
                    "browser at the moment. Please tell the operator of this bot to check QUAY_CLIENT_ID and "
                    "QUAY_CLIENT_SECRET."
                ),
                "POST /oauth/access_token: 400 invalid_client",
            ),
            "token_other_scope": (
                "UserError",
                (
                    "Quay did not accept this sign-in: it was used already, it is too old, or it was started in "
                    "another way. Please start again with `/quay link`."
                ),
                "POST /oauth/access_token: 400 invalid_grant",
            ),
            "token_no_scope": (
                "GiveUp",
                (
                    "Quay does not accept how this bot asks for tokens, so nobody can link an account through the "
                    "browser at the moment. Please tell the operator of this bot."
                ),
                "POST /oauth/access_token: 400 a parameter is missing",
            ),
            "token_wrong_grant": (
                "GiveUp",
                (
                    "Quay does not accept how this bot asks for tokens, so nobody can link an account through the "
                    "browser at the moment. Please tell the operator of this bot."
                ),
                "POST /oauth/access_token: 400 unsupported_grant_type",
            ),
            "token_unknown_code": (
                "UserError",
                (
                    "Quay did not accept this sign-in: it was used already, it is too old, or it was started in "
                    "another way. Please start again with `/quay link`."
                ),
                "POST /oauth/access_token: 400 invalid_grant",
            ),
            "token_replay": (
                "UserError",
                (
                    "Quay did not accept this sign-in: it was used already, it is too old, or it was started in "
                    "another way. Please start again with `/quay link`."
                ),
                "POST /oauth/access_token: 400 invalid_grant",
            ),
            "token_basic": (
                "GiveUp",
                "Quay at quay.example had an error of its own. Please tell its operator if it happens again.",
                "POST /oauth/access_token: 500",
            ),
        }
    )


async def test_what_quay_never_said_so_far_is_told_apart_too() -> None:
    table = {}
    for name, (status, body) in {
        "bad scope": (400, {"error": "invalid_scope"}),
        "a client as 401": (401, {"error": "invalid_client"}),
        "another word": (400, {"error": f"no such code {CODE}"}),
        "no words": (400, {}),
        "a wall": (403, "<html>blocked"),
        "no such page": (404, "<html>"),
        "too many": (429, "<html>"),
        "redirect": (302, ""),
        "away": (503, "<html>"),
        "a front that gave up": (504, "<html>"),
        "a page": (200, f"<html>{CODE}"),
        "no token": (200, {"token_type": "Bearer"}),
        "a token that is none": (200, {"access_token": "two words"}),
    }.items():
        error = await refused(Table().tell(PATH, status, body))
        table[name] = (type(error).__name__, error.say, str(error))
    assert table == snapshot(
        {
            "bad scope": (
                "GiveUp",
                (
                    "Quay does not accept how this bot asks for tokens, so nobody can link an account through the "
                    "browser at the moment. Please tell the operator of this bot."
                ),
                "POST /oauth/access_token: 400 invalid_scope",
            ),
            "a client as 401": (
                "GiveUp",
                (
                    "Quay does not accept this bot's own application, so nobody can link an account through the "
                    "browser at the moment. Please tell the operator of this bot to check QUAY_CLIENT_ID and "
                    "QUAY_CLIENT_SECRET."
                ),
                "POST /oauth/access_token: 401 invalid_client",
            ),
            "another word": (
                "GiveUp",
                "Quay at quay.example answered something that this bot does not understand. Please tell its operator.",
                "POST /oauth/access_token: 400",
            ),
            "no words": (
                "GiveUp",
                "Quay at quay.example answered something that this bot does not understand. Please tell its operator.",
                "POST /oauth/access_token: 400",
            ),
            "a wall": (
                "GiveUp",
                "Quay at quay.example answered something that this bot does not understand. Please tell its operator.",
                "POST /oauth/access_token: 403",
            ),
            "no such page": (
                "GiveUp",
                "Quay at quay.example answered something that this bot does not understand. Please tell its operator.",
                "POST /oauth/access_token: 404",
            ),
            "too many": (
                "TryLater",
                "Quay gets too many requests at the moment. Please try again in a few seconds.",
                "POST /oauth/access_token: 429",
            ),
            "redirect": (
                "GiveUp",
                (
                    "Quay at quay.example sends us to another address, which we do not follow. Please tell the "
                    "operator of this bot."
                ),
                "POST /oauth/access_token: 302",
            ),
            "away": (
                "TryLater",
                "Quay at quay.example is not available at the moment. Please try again in a minute.",
                "POST /oauth/access_token: 503",
            ),
            "a front that gave up": (
                "TryLater",
                (
                    "Quay at quay.example did not answer in time after it was asked to exchange your sign-in for a "
                    "token, so nobody knows whether it did. Please start again with `/quay link`."
                ),
                "POST /oauth/access_token: 504",
            ),
            "a page": (
                "GiveUp",
                "Quay at quay.example answered something that this bot does not understand. Please tell its operator.",
                "POST /oauth/access_token: 200, 24 bytes without a token",
            ),
            "no token": (
                "GiveUp",
                "Quay at quay.example answered something that this bot does not understand. Please tell its operator.",
                "POST /oauth/access_token: 200, 24 bytes without a token",
            ),
            "a token that is none": (
                "GiveUp",
                "Quay at quay.example answered something that this bot does not understand. Please tell its operator.",
                "POST /oauth/access_token: 200, 29 bytes without a token",
            ),
        }
    )


async def test_an_empty_or_endless_code_is_not_even_sent() -> None:
    table = Table().replay("token")
    for code in ("", "x" * 1001):
        assert type(await refused(table, code=code)) is UserError
    assert table.asked == []


@pytest.mark.parametrize("error", [httpx.ReadTimeout("slow"), httpx.ReadError("reset"), httpx.RemoteProtocolError("x")])
async def test_a_code_that_may_have_arrived_is_never_sent_again(error: Exception) -> None:
    table = Table().breaks(PATH, error)
    told = await refused(table)
    assert isinstance(told, TryLater)
    assert told.doubtful
    assert told.say == snapshot(
        "Quay at quay.example did not answer in time after it was asked to exchange your sign-in for a token, so "
        "nobody knows whether it did. Please start again with `/quay link`."
    )
    assert table.asked == [PATH]


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_code_is_not_sent_again_after_an_error_of_the_server(status: int) -> None:
    table = Table().tell(PATH, status, "<html>")
    await refused(table)
    assert table.asked == [PATH]


async def test_a_code_that_was_not_sent_is_sent_again() -> None:
    calls: list[int] = []

    def flaky(_request: httpx.Request) -> httpx.Response:
        calls.append(1)
        if len(calls) < 3:
            raise httpx.ConnectError("refused")
        return httpx.Response(200, json={"access_token": FRESH})

    assert (await exchanged(Table({PATH: flaky}))).token == FRESH


async def test_a_huge_answer_is_given_up() -> None:
    error = await refused(Table().tell(PATH, 200, "x" * 5_000_001))
    assert type(error) is GiveUp


def everything(error: BaseException) -> str:
    """All that a log or a crash report could show of an error, its causes included."""
    told = "".join(traceback.format_exception(error))
    while True:
        told += f"{error!r}{error}{vars(error)}{getattr(error, 'say', '')}"
        if error.__cause__ is None:
            return told
        error = error.__cause__


@pytest.mark.parametrize(
    "answer",
    [
        (400, {"error": f"{CODE} {CLIENT.secret} {FRESH}"}),
        (400, {"message": f"{quote_plus(CODE)} {CLIENT.secret}"}),
        (409, {"message": f"{CODE} {CLIENT.secret}"}),
        (500, f"<html>{CODE}{quote_plus(CODE)}{CLIENT.secret}{FRESH}"),
        (502, f"{CODE}{CLIENT.secret}{FRESH}"),
        (201, {"access_token": FRESH}),
        (200, {"access_token": [FRESH], CODE: CLIENT.secret}),
        (200, f'{{"access_token": "{FRESH}"'),
        (200, {"access_token": f"{FRESH} {CODE}"}),
        httpx.ReadTimeout("slow"),
        httpx.ConnectError("refused"),
    ],
)
async def test_code_secret_and_token_are_in_no_error_and_no_log(answer: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    told = everything(await refused(Table({PATH: answer}))) + caplog.text
    for secret in (CODE, quote_plus(CODE), CLIENT.secret, FRESH):
        assert secret not in told


async def test_nothing_that_holds_a_secret_shows_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    table = Table().tell(PATH, 200, {"access_token": FRESH})
    grant = await exchanged(table)
    assert grant.token == FRESH
    for secret in (CODE, CLIENT.secret, FRESH):
        ask = asks_people.exchange(CLIENT, CODE, BACK, SCOPE)
        assert secret not in f"{grant!r}{grant}{CLIENT!r}{CLIENT}{ask!r}{ask}{ask.target}{caplog.text}"


async def test_an_answer_is_read_whatever_it_claims_to_be() -> None:
    body = json.dumps({"access_token": FRESH, "token_type": "Bearer", "extra": {"a": 1}})
    assert (await exchanged(Table().tell(PATH, 200, body))).token == FRESH
