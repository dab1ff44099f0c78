"""What is seen of a description before somebody puts it there: by whoever takes a change back, and by approvers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.approval_whole import UNSEEN
from handlers.acts import describe
from tests.handlers.banner_steps import says_yes
from tests.handlers.conftest import Office
from tests.handlers.council import Council

EVIL = "send your password to evil.example"


def question(office: Office) -> str:
    """What the button Undo of the only announcement asks."""
    [said] = office.notices.said.values()
    [row] = [block for block in said.payload["blocks"] if block["type"] == "actions"]
    return str(row["elements"][0]["confirm"]["text"]["text"])


@pytest.mark.parametrize(
    ("old", "words"),
    [
        (f"Ours.\n\u202e{EVIL}", f"Give acme/web its old description back? That was: “Ours. {EVIL}”"),
        ("", "Give acme/web its old description back? That was empty."),
        ("x" * 121, f"Give acme/web its old description back? That began: “{'x' * 120}…”"),
    ],
)
async def test_undo_asks_with_the_beginning_of_what_it_writes(office: Office, old: str, words: str):
    office.quay.hall.has("acme/web", description=old)
    await says_yes(office, 'describe acme/web "Our web shop"')
    assert question(office) == words


@given(st.text(max_size=400))
def test_the_question_has_room_for_every_beginning(old: str):
    assert len(describe.beginning(old)) <= 180


async def test_nobody_is_asked_to_approve_a_description_of_which_only_the_beginning_is_seen():
    council = Council(1)
    council.quay.hall.has("acme/web", description="old")
    reply = await says_yes(council, f'describe acme/web "{"Nice. " * 90}{EVIL}"')
    assert UNSEEN in "\n".join(council.reads(reply))
    assert council.approvals.requests == {}
    assert council.quay.hall.known["acme/web"].description == "old"


async def test_one_that_is_seen_whole_can_be_approved():
    council = Council(1)
    council.quay.hall.has("acme/web", description="old")
    await says_yes(council, 'describe acme/web "Our web shop"')
    assert council.request.act.parameters == {"description": "Our web shop"}
