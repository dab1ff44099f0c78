"""Telling a channel what was done: once for each channel, whatever goes wrong, with the way back in the first."""

from dataclasses import replace

import pytest

from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.domain.offers import Offer
from bot.domain.people import Account
from bot.rules.policy import NOBODY_ASKED
from bot.services.gate import Going
from handlers.acting.announcing import announce, close
from handlers.acting.proposing import Undo
from tests.handlers.conftest import ALICE, START, Office
from tests.handlers.people import FakeOffers

SAID = "<@U-ALICE> restored `acme/web:latest`."
BACK = Undo(Act("restore", "acme/web:latest", {"digest": "d"}), "latest=none", "Go back?")


class NoOffers(FakeOffers):
    """Nothing can be stored."""

    async def make(self, offer: Offer) -> None:
        raise UserError("I have no key.")


def going(office: Office, channel: str = "C1") -> Going:
    account = Account(ALICE, "alice", START, "token-alice")
    quay = office.quay.as_token("token-alice")
    return Going(ALICE, channel, BACK.act, account, quay, "KDWF-4071", NOBODY_ASKED)


def drawn(office: Office) -> dict[str, list[str]]:
    return {one.channel: office.words(one.payload["blocks"]) for one in office.notices.said.values()}


async def test_every_channel_is_told_once_and_only_the_first_can_undo(office: Office):
    await announce(going(office), office.desk, SAID, undo=BACK, also=("C2", "C1", "C2"))
    assert drawn(office) == {
        "C1": [SAID, "[Undo]", "Can be undone for 60 minutes. Reference KDWF-4071"],
        "C2": [SAID, "Reference KDWF-4071"],
    }
    assert len(office.notices.said) == 2
    [offer] = office.offers.kept.values()
    assert (offer.pin, offer.said, offer.card) == ("latest=none", SAID, "act:KDWF-4071")


async def test_saying_it_again_says_it_in_the_same_messages(office: Office):
    for _ in range(2):
        await announce(going(office), office.desk, SAID, also=("C2",))
    assert len(office.notices.said) == 2


async def test_where_there_is_no_channel_the_person_is_told(office: Office):
    await announce(going(office, ""), office.desk, SAID, undo=BACK)
    assert list(drawn(office)) == ["U-ALICE"]


async def test_a_way_back_that_cannot_be_stored_does_not_keep_it_from_being_told(office: Office):
    await announce(going(office), replace(office.desk, offers=NoOffers()), SAID, undo=BACK)
    assert drawn(office) == {"C1": [SAID, "Reference KDWF-4071"]}


@pytest.mark.parametrize("error", [UserError("no"), RuntimeError("a bug")])
async def test_what_cannot_be_told_does_not_undo_what_is_done(office: Office, error: Exception):
    office.notices.error = error
    await announce(going(office), office.desk, SAID, also=("C2",))
    assert office.notices.said == {}


async def test_much_text_is_cut_to_what_slack_takes(office: Office):
    await announce(going(office), office.desk, "a&amp;" * 2000, undo=BACK)
    await close(next(iter(office.offers.kept.values())), "Undone by <@U-BOB>", office.desk)
    assert len(office.notices.said) == 1


async def test_a_way_back_without_a_message_has_nothing_to_close(office: Office):
    await announce(going(office), office.desk, SAID, undo=BACK)
    [offer] = office.offers.kept.values()
    office.notices.said.clear()
    await close(replace(offer, card=""), "Undone.", office.desk)
    assert office.notices.said == {}
