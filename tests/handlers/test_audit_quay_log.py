"""`/quay audit`: what Quay's own log says to it."""

from datetime import timedelta

from bot.blocks.audit import in_quays_log
from bot.domain.acts import Outcome
from bot.domain.errors import TryLater
from bot.domain.repositories import LogEntry
from tests.handlers.audit_office import ALICE, CAROL, Office, notes, office
from tests.plugins.rows import NOW

__all__ = ["office"]


def entry(seconds: float = 3, who: str = "alice") -> LogEntry:
    about = {"repo": "web", "namespace": "acme", "manual_user": who}
    return LogEntry("build_dockerfile", NOW + timedelta(seconds=seconds), "", about)


async def test_quays_own_entry_is_found_for_a_reference(office: Office):
    office.log = [entry(who="bob"), entry(60), entry()]

    assert notes(await office.asks(ALICE, "AAAA-0001")) == [
        in_quays_log("build_dockerfile", NOW + timedelta(seconds=3), "alice")
    ]
    (question,) = office.asked
    assert question == ("alice", "acme/web", NOW - timedelta(minutes=5), NOW + timedelta(minutes=5))


async def test_that_quay_has_no_such_entry_is_said(office: Office):
    office.log = [entry(who="bob")]

    assert "has no such entry" in notes(await office.asks(ALICE, "AAAA-0001"))[0]


async def test_that_quays_log_cannot_be_read_now_is_said(office: Office):
    office.no_log = TryLater("Quay does not answer.")

    assert notes(await office.asks(ALICE, "AAAA-0001")) == ["Quay's own log could not be read: Quay does not answer."]


async def test_quays_log_is_not_for_those_who_may_not_read_it_there(office: Office):
    office.log = [entry()]

    assert notes(await office.asks(CAROL, "AAAA-0001")) == []


async def test_quays_log_is_not_asked_about_what_never_happened(office: Office):
    await office.did(ALICE, "AAAA-0008", outcome=Outcome.DENIED, quay_log="build_dockerfile")

    assert notes(await office.asks(ALICE, "AAAA-0008")) == []
    assert office.asked == []
