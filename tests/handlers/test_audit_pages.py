"""`/quay audit`: older lines come page by page."""

import pytest

from bot.domain.acts import Act
from bot.domain.errors import UserError
from handlers.actions import audit_paging
from handlers.command import Click
from tests.handlers.audit_office import ALICE, BOB, CAROL, Office, office, shown

__all__ = ["office"]


async def test_no_line_is_on_two_pages_though_looking_adds_one(office: Office):
    for number in range(25):
        await office.did(BOB, f"BBBB-1{number:03}")

    first = await office.asks(ALICE, "acme/web")
    second = await audit_paging.turn(Click(ALICE, "C1", first.message.blocks[-1]["elements"][0]["value"]), office.desk)

    assert [*shown(first), *shown(second)] == [f"BBBB-1{number:03}" for number in reversed(range(5, 25))]


async def test_older_lines_come_page_by_page_and_rights_are_looked_at_each_time(office: Office):
    for number in range(25):
        await office.did(BOB, f"BBBB-1{number:03}", act=Act("build", "acme/api"))
    seen, reply = [], await office.asks(CAROL, "<@UBOB>")
    while True:
        seen += shown(reply)
        if reply.message.blocks[-1]["type"] != "actions":
            break
        value = reply.message.blocks[-1]["elements"][0]["value"]
        with pytest.raises(UserError, match="Only auditors"):
            await audit_paging.turn(Click(ALICE, "C1", value), office.desk)
        reply = await audit_paging.turn(Click(CAROL, "C1", value), office.desk)
        assert reply.replace

    assert seen == [f"BBBB-1{number:03}" for number in reversed(range(25))] + ["BBBB-0004", "BBBB-0002"]


@pytest.mark.parametrize(
    "value",
    ["", "x", "[]", "{}", "[1, 2, 3, 4]", '["", "", "", -1]', '["", "", "", true]', '["", "", "", 1.5]'],
)
async def test_a_button_that_is_not_ours_does_nothing(office: Office, value: str):
    with pytest.raises(UserError, match="older version"):
        await audit_paging.turn(Click(ALICE, "C1", value), office.desk)
