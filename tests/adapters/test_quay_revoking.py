"""Revoking a token at Quay: only where it is sure that it is the right one."""

import copy
import logging
from typing import Any

import httpx
import pytest
from inline_snapshot import snapshot

from bot.domain.errors import BotError, GiveUp, NotLinked, TryLater
from bot.ports import Revoking
from tests.adapters.quay_table import RECORDED, TOKEN, Table, registry_of

LIST = "GET /api/v1/user/authorizations"
CLIENT = "SECRET004-20"
APP = f"GET /api/v1/app/{CLIENT}"
UUID = RECORDED["authorizations"]["answer"]["authorizations"][0]["uuid"]
DELETE = f"DELETE /api/v1/user/authorizations/{UUID}"
NO = RECORDED["tags_refused"]["answer"]
GONE = RECORDED["org_missing"]["answer"]


async def revoked(table: Table) -> Revoking:
    async with registry_of(table) as registry:
        return await registry.as_token(TOKEN).revoke(CLIENT)


async def fails(table: Table) -> BotError:
    with pytest.raises(BotError) as caught:
        await revoked(table)
    assert TOKEN not in f"{caught.value!r}{caught.value}{caught.value.say}"
    return caught.value


def listed(*names: tuple[str, str]) -> Table:
    """The owner's tokens, of these applications of these organizations; the first is the recorded one."""
    rows = []
    for number, (application, organization) in enumerate(names):
        row = copy.deepcopy(RECORDED["authorizations"]["answer"]["authorizations"][0])
        row["application"]["name"], row["application"]["organization"]["name"] = application, organization
        row["uuid"] = f"other-{number}" if number else UUID
        rows.append(row)
    return Table().tell(LIST, 200, {"authorizations": rows}).replay("application").tell(DELETE, 204, "")


async def test_the_only_token_of_our_application_is_revoked() -> None:
    table = listed(("chatops-bot", "acme"), ("chatops-bot", "beta"), ("other", "acme"))
    assert await revoked(table) is Revoking.DONE
    assert table.asked == [LIST, APP, DELETE]


async def test_of_two_tokens_of_our_application_none_is_revoked() -> None:
    table = Table().replay("authorizations").replay("application")
    assert await revoked(table) is Revoking.SEVERAL
    assert table.asked == [LIST, APP]


async def test_a_token_of_another_application_is_left_alone() -> None:
    for names in ([], [("other", "acme")], [("chatops-bot", "beta")], [("", "")]):
        table = listed(*names)
        assert await revoked(table) is Revoking.NOT_LET
        assert DELETE not in table.asked


@pytest.mark.parametrize(
    "answer", [{}, {"name": "", "organization": {"name": ""}}, {"name": "x", "organization": None}]
)
async def test_an_application_without_a_name_matches_nothing(answer: dict[str, Any]) -> None:
    table = listed(("", "")).tell(APP, 200, answer)
    assert await revoked(table) is Revoking.NOT_LET
    assert DELETE not in table.asked


async def test_a_token_that_may_not_revoke_is_said_to_stay() -> None:
    assert await revoked(listed(("chatops-bot", "acme")).tell(LIST, 403, NO)) is Revoking.NOT_LET
    assert await revoked(listed(("chatops-bot", "acme")).tell(APP, 404, GONE)) is Revoking.NOT_LET
    assert await revoked(listed(("chatops-bot", "acme")).tell(DELETE, 403, NO)) is Revoking.NOT_LET
    assert await revoked(listed(("chatops-bot", "acme")).tell(DELETE, 404, GONE)) is Revoking.NOT_LET


async def test_a_row_without_an_id_is_not_revoked() -> None:
    row = {"application": {"name": "chatops-bot", "organization": {"name": "acme"}}}
    table = Table().tell(LIST, 200, {"authorizations": [row]}).replay("application")
    assert await revoked(table) is Revoking.NOT_LET


async def test_a_dead_token_needs_no_revoking() -> None:
    table = listed(("chatops-bot", "acme"))
    assert type(await fails(table.tell(LIST, 401, RECORDED["user_revoked"]["answer"]))) is NotLinked
    table = listed(("chatops-bot", "acme"))
    assert type(await fails(table.tell(DELETE, 403, {"error": "CSRF token was invalid or missing."}))) is NotLinked


async def test_trouble_is_not_taken_for_an_answer() -> None:
    assert type(await fails(listed(("chatops-bot", "acme")).tell(LIST, 502, "<html>"))) is TryLater
    assert type(await fails(listed(("chatops-bot", "acme")).tell(LIST, 200, "<html>"))) is GiveUp
    assert type(await fails(listed(("chatops-bot", "acme")).tell(DELETE, 403, "<html>a wall"))) is GiveUp


async def test_nobody_knows_after_a_revocation_without_an_answer(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    table = listed(("chatops-bot", "acme")).breaks(DELETE, httpx.ReadTimeout("slow"))
    error = await fails(table)
    assert isinstance(error, TryLater)
    assert error.doubtful
    assert error.say == snapshot(
        "Quay at quay.example did not answer in time after it was asked to revoke your token, so nobody knows "
        "whether it did. Please look at your authorized applications in Quay before you ask again."
    )
    assert table.asked.count(DELETE) == 1
    assert TOKEN not in caplog.text
