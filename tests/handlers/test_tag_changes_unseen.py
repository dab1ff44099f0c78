"""A change of a tag that could not be read back: no Undo is offered, and the message says why."""

from datetime import timedelta

import pytest

from bot.domain.errors import TryLater
from handlers.acts.tagging import LOOK
from handlers.acts.tagging_told import NO_UNDO
from tests.handlers.conftest import START, Office
from tests.handlers.double_tagging import A, TagQuay, offer_of, shelf, tag_office

CHANGES = {
    "restore": f"restore acme/web:latest {A}",
    "move": "tag move acme/web:latest v1",
    "delete": "tag delete acme/web:latest",
}


@pytest.fixture
def office() -> Office:
    return tag_office()


@pytest.fixture
def quay(office: Office) -> TagQuay:
    quay = shelf(office)
    quay.points("v1", A, START - timedelta(days=2))
    return quay


async def changed(office: Office, call: str) -> str:
    """What whoever did it reads after their yes."""
    await office.says(CHANGES[call])
    return "\n".join(office.reads(await office.presses("confirm", offer_of(office))))


def purposes(office: Office) -> set[str]:
    return {str(offer.purpose) for offer in office.offers.kept.values()}


@pytest.mark.parametrize("call", CHANGES)
async def test_what_could_not_be_read_back_says_why_it_has_no_undo(office: Office, quay: TagQuay, call: str) -> None:
    quay.after[call] = lambda: quay.errors.update(history=TryLater("Quay is away."))
    assert f"Quay accepted it, but I could not read it back. {LOOK} {NO_UNDO}" in await changed(office, call)
    [announced] = office.notices.said.values()
    assert NO_UNDO in str(announced.payload["text"])
    assert purposes(office) == {"confirm"}


@pytest.mark.parametrize("call", CHANGES)
async def test_what_was_read_back_has_its_undo_and_says_nothing_of_lacking_one(
    office: Office, quay: TagQuay, call: str
) -> None:
    assert NO_UNDO not in await changed(office, call)
    assert purposes(office) == {"confirm", "undo"}
