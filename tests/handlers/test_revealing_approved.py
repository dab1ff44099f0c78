"""A token that others had to approve waits longer for whoever asked for it."""

import json
from datetime import timedelta

import pytest

from bot.rules.policy import NOBODY_ASKED
from tests.handlers.banner_steps import says_yes
from tests.handlers.conftest import ALICE, START
from tests.handlers.council import Council, approve


@pytest.fixture
def council() -> Council:
    council = Council(1)
    council.quay.garage.add("acme+ci")
    return council


async def test_a_token_that_was_approved_can_be_opened_for_a_day(council: Council):
    await says_yes(council, "robot regenerate acme+ci")
    council.clock.time += timedelta(minutes=30)
    await approve(council, council.bob)
    [kept] = council.reveals.kept.values()
    assert (kept.person, kept.expires_at) == (ALICE, START + timedelta(minutes=30, hours=24))
    [(_, letter)] = council.voice.letters
    assert "within the next 24 hours" in json.dumps(letter)


async def test_without_approvals_ten_minutes_are_enough(council: Council):
    council.rulings.decision = NOBODY_ASKED
    reply = await says_yes(council, "robot regenerate acme+ci")
    [kept] = council.reveals.kept.values()
    assert kept.expires_at == START + timedelta(minutes=10)
    assert "within the next 10 minutes" in "\n".join(council.reads(reply))
