"""What the audit knows of everybody who comes back from Quay."""

from structlog.testing import capture_logs

from bot.domain.errors import TryLater
from tests.services.linking_desk import MALLORY
from tests.webhooks.link_house import House, said_in_slack


def noted(house: House) -> list[tuple[str, str, str, str]]:
    deeds = [line.deed for line in house.world.audit.lines]
    return [(one.person.user, one.act.name, one.outcome.value, one.username) for one in deeds]


async def test_who_arrived_for_whom_stands_in_the_audit(house: House) -> None:
    await house.signed_in(house.browser(), MALLORY)  # alice has signed in for mallory
    assert noted(house) == [
        ("UMALLORY", "link arrival", "tried", ""),
        ("UMALLORY", "link arrival", "done", "alice"),
    ]
    assert "code-of-alice" not in repr(house.world.audit.lines)


async def test_an_arrival_that_is_refused_stands_in_the_audit_of_whoever_it_was_for(house: House) -> None:
    attacker = house.browser()
    state = (await attacker.go(await house.ticket(MALLORY))).state
    await house.browser().back(state)
    await house.browser().back("A" * 43)  # nobody's
    await attacker.back(state)  # used
    assert noted(house) == [("UMALLORY", "link arrival", "refused", "")]
    assert state not in repr(house.world.audit.lines)


async def test_an_arrival_that_cannot_be_written_down_is_not_gone_on_with(house: House) -> None:
    browser = house.browser()
    leaving = await browser.go(await house.ticket())
    house.world.audit.error = TryLater("The database is away.")
    with capture_logs():
        assert (await browser.back(leaving.state)).status == 503
    assert house.world.quay.asked == []
    assert said_in_slack(house) == "[]"


async def test_what_quay_refuses_on_arrival_stands_in_the_audit(house: House) -> None:
    browser = house.browser()
    leaving = await browser.go(await house.ticket())
    await browser.back(leaving.state, "a-code-of-nobody")
    assert [line[2] for line in noted(house)] == ["tried", "refused"]
