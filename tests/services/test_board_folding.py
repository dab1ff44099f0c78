"""How the board folds: many events, several names, copies, and cards that do not go on."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.adapters.store import SqlStore
from bot.adapters.store.tables import outbox
from bot.ports import Opened
from bot.rules.cards import vulnerabilities
from tests.plugins.rows import message
from tests.plugins.slackless import trail
from tests.services.hall import Hall


@pytest.fixture
def hall(store: SqlStore) -> Hall:
    return Hall(store)


async def test_findings_of_one_repository_share_a_card(hall: Hall) -> None:
    for number in range(3):
        await hall.tell(hall.finding(cve=number))
        hall.clock.pass_by(200)
    assert len(await hall.waiting()) == 1
    assert await hall.totals() == [3]


async def test_one_vulnerability_in_many_repositories_is_one_card(hall: Hall) -> None:
    for name in ("web", "api", "db"):
        await hall.tell(hall.finding(name))
        hall.clock.pass_by(200)
    (row,) = await hall.waiting()
    assert (row.revision, [entry.card for entry in await trail(hall.store)]) == (3, [1, 1, 1])


async def test_a_wave_of_different_findings_is_one_card_and_a_later_one_is_another(hall: Hall) -> None:
    for number in range(4):
        await hall.tell(hall.finding(f"app{number}", number))
        hall.clock.pass_by(20)
    hall.clock.pass_by(200)
    await hall.tell(hall.finding("other", 99))
    assert [row.revision for row in await hall.waiting()] == [4, 1]


async def test_a_card_answers_to_the_names_of_everything_on_it(hall: Hall) -> None:
    await hall.tell(hall.finding("web", 1))
    await hall.tell(hall.finding("api", 2))  # joins by the wave alone
    hall.clock.pass_by(300)
    await hall.tell(hall.finding("api", 3))  # long after the wave: found by its repository
    await hall.tell(hall.finding("db", 2))  # and by its vulnerability
    assert await hall.totals() == [4]


async def test_copies_are_counted_once_in_one_batch_and_in_the_next(hall: Hall) -> None:
    first, second = hall.finding(cve=1), hall.finding(cve=2)
    await hall.tell(first, first, second)
    await hall.tell(second, first)
    (row,) = await hall.waiting()
    assert (row.revision, await hall.totals()) == (1, [2])
    assert await hall.verdicts() == [
        ("C1", "opened", True),
        ("C1", "repeated", False),
        ("C1", "folded", True),
        ("C1", "repeated", False),
        ("C1", "repeated", False),
    ]


async def test_a_full_card_knows_the_copies_of_what_it_has_and_the_next_card_goes_on(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vulnerabilities, "MOST_FINDINGS", 3)
    first = [hall.finding(cve=number) for number in range(3)]
    await hall.tell(*first)
    await hall.tell(*first)
    assert await hall.totals() == [3]
    await hall.tell(hall.finding(cve=3), *first, hall.finding(cve=4))
    await hall.tell(*first, hall.finding(cve=5), *first)
    assert await hall.totals() == [3, 3]


async def test_an_hour_later_a_copy_of_the_last_finding_opens_no_second_card(hall: Hall) -> None:
    for number in range(13):
        event = hall.finding(cve=number)
        await hall.tell(event)
        hall.clock.pass_by(299)
    await hall.tell(event.model_copy(update={"at": hall.clock.now()}))
    assert await hall.totals() == [13]


async def test_a_test_is_told_on_a_card_of_its_own_amid_a_wave(hall: Hall) -> None:
    await hall.tell(hall.finding(), hall.finding(test=True), hall.finding(cve=2))
    assert len(await hall.waiting()) == 2


@pytest.mark.parametrize("state", ['{"finding": {}}', "not JSON", "{}"])
@pytest.mark.parametrize("family", ["vulnerability", "no such family"])
async def test_a_card_that_another_version_wrote_does_not_go_on(hall: Hall, state: str, family: str) -> None:
    async with hall.store.inbox.ledger() as ledger:
        (card,) = await ledger.open_cards([Opened(family, state, message("old"))], hall.clock.now())
        assert card is not None
        await ledger.name_cards([("vulnerability:repo:acme/web", "C1", card.id)])
    await hall.tell(hall.finding())
    assert [(row.key, row.revision) for row in await hall.waiting()] == [("old", 1), ("delivery:1:C1", 1)]


async def test_while_edits_are_scarce_a_push_that_comes_alone_is_a_message_of_its_own(hall: Hall) -> None:
    scarce = replace(hall.board, scarce=lambda: True)
    for tag in ("v1", "v2"):
        await hall.batch(hall.telling(hall.push(tag)), board=scarce)
        hall.clock.pass_by(1)
    await hall.tell(hall.push("v3"))
    assert [row.revision for row in await hall.waiting()] == [1, 2]


async def test_while_edits_are_scarce_a_promotion_and_copies_still_share_a_card(hall: Hall) -> None:
    scarce = replace(hall.board, scarce=lambda: True)
    for tag in ("v1", "v2", "latest"):
        await hall.batch(hall.telling(hall.push(tag)), board=scarce)
        hall.clock.pass_by(0.9)
    hall.clock.pass_by(40)
    await hall.batch(hall.telling(hall.push("latest")), board=scarce)
    (row,) = await hall.waiting()
    assert row.revision == 4


async def test_a_message_is_as_late_as_its_webhook(hall: Hall) -> None:
    heard = hall.push("v1")
    hall.clock.pass_by(70)
    await hall.tell(heard)
    async with hall.store._database.reading() as connection:
        assert await connection.scalar(select(outbox.c.created_at)) == heard.at
