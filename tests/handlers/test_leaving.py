"""Somebody leaves Slack, or Slack throws the bot out."""

import pytest
from structlog.testing import capture_logs

from bot.domain.errors import GiveUp, TryLater
from bot.domain.people import Account, Person, Workspace
from handlers import leaving

GUEST, STRANGER = Person("T9", "U-GUEST"), Person("T8", "U-STRANGER")


@pytest.fixture
def crowd(office):
    """Alice, Bob, and two guests of other workspaces have linked their accounts."""
    office.links_bob()
    for person in (GUEST, STRANGER):
        office.accounts.kept[person] = Account(person, "guest", office.start, "token-guest")
    return office


async def test_whoever_leaves_is_forgotten_and_nobody_else(crowd):
    await leaving.forget((crowd.bob,), crowd.desk)
    assert set(crowd.accounts.kept) == {crowd.alice, GUEST, STRANGER}


async def test_that_nobody_leaves_changes_nothing(crowd):
    await leaving.forget((), crowd.desk)
    assert crowd.accounts.forgotten == []


async def test_when_we_are_thrown_out_at_home_everybody_is_forgotten(crowd):
    await leaving.uninstalled(("T1",), crowd.desk)
    assert crowd.accounts.kept == {}
    assert crowd.accounts.teams == ["*"]  # those who have linked nothing yet as well


async def test_when_an_organization_throws_us_out_everybody_is_forgotten(crowd):
    crowd.directory.place = Workspace("T1", "Acme", "E1")
    await leaving.uninstalled(("E1",), crowd.desk)
    assert crowd.accounts.kept == {}


async def test_elsewhere_only_those_of_that_workspace_are_forgotten(crowd):
    await leaving.uninstalled(("T9",), crowd.desk)
    assert set(crowd.accounts.kept) == {crowd.alice, crowd.bob, STRANGER}


@pytest.mark.parametrize("error", [GiveUp("Your token does not work."), TryLater("Slack is away.")])
async def test_if_home_is_not_known_any_more_those_whom_slack_names_are_forgotten(crowd, error):
    crowd.directory.errors["home"] = error
    with capture_logs() as logs:
        await leaving.uninstalled(("T1",), crowd.desk)
    assert set(crowd.accounts.kept) == {GUEST, STRANGER}
    assert "home_unknown" in [entry["event"] for entry in logs]


async def test_nobody_is_forgotten_for_nobodys_sake(crowd):
    await leaving.uninstalled((), crowd.desk)
    assert crowd.accounts.teams == []


def noted(office):
    """The lines of the audit: who, as whom, what, and what came of it."""
    deeds = [line.deed for line in office.audit.lines]
    return [(one.person, one.username, one.act.name, one.act.target, one.outcome.value) for one in deeds]


async def test_the_audit_says_who_was_forgotten(crowd):
    await leaving.forget((crowd.bob, Person("T1", "U-NEVER-LINKED")), crowd.desk)
    assert noted(crowd) == [(crowd.bob, "bob", "forget", "", "done")]


async def test_the_audit_names_everybody_whose_workspace_threw_us_out(crowd):
    await leaving.uninstalled(("T1",), crowd.desk)
    assert [line[:2] for line in noted(crowd)] == [
        (crowd.alice, "alice"),
        (crowd.bob, "bob"),
        (GUEST, "guest"),
        (STRANGER, "guest"),
    ]


async def test_an_account_that_nobody_can_open_is_noted_without_its_name(crowd):
    crowd.accounts.error = GiveUp("The key is another one.")
    await leaving.forget((crowd.bob,), crowd.desk)
    assert noted(crowd) == [(crowd.bob, "", "forget", "", "done")]


async def test_what_cannot_be_noted_is_not_forgotten(crowd):
    crowd.audit.error = TryLater("The database is away.")
    with pytest.raises(TryLater):
        await leaving.forget((crowd.bob,), crowd.desk)
    with pytest.raises(TryLater):
        await leaving.uninstalled(("T1",), crowd.desk)
    assert len(crowd.accounts.kept) == 4
