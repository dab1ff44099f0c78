"""What the board writes down, counts and logs about each event."""

import json

import pytest
from structlog.testing import capture_logs

from bot.adapters.store import SqlStore
from bot.domain.events import Phase, Progress
from bot.services.board import Telling
from tests.plugins.slackless import trail
from tests.services.hall import Hall


@pytest.fixture
def hall(store: SqlStore) -> Hall:
    return Hall(store)


async def test_every_tag_of_a_push_is_an_item_of_its_card(hall: Hall) -> None:
    await hall.tell(hall.push("a", "b", "a"))
    await hall.tell(hall.push("b", "c"))
    assert [(row.verdict, json.loads(row.data)["tag"] if row.data else "") for row in await trail(hall.store)] == [
        ("opened", "a"),
        ("opened", "b"),
        ("repeated", ""),
        ("folded", "c"),
    ]
    (row,) = await hall.waiting()
    assert row.text.startswith("3 tags pushed")


async def test_what_became_of_an_event_names_where_it_came_from(hall: Hall) -> None:
    await hall.tell(hall.finding())
    (row,) = await trail(hall.store)
    assert (row.delivery, row.subject, row.kind, row.tags) == (1, "acme/web", "vulnerability_found", '["latest"]')
    assert (row.at, row.rule, row.card) == (hall.clock.now(), None, 1)


async def test_a_filtered_channel_gets_an_entry_and_nothing_else(hall: Hall) -> None:
    told = await hall.batch(hall.telling(hall.finding(), "C1", C2="severity:critical"))
    assert [row.channel for row in await hall.waiting()] == ["C1"]
    filtered = (await trail(hall.store))[-1]
    assert (filtered.channel, filtered.verdict, filtered.rule, filtered.card, filtered.item) == (
        "C2",
        "filtered",
        "severity:critical",
        None,
        None,
    )
    assert told.counts == {"events_filtered": 1, "events_folded": 0, "events_repeated": 0, "cards_opened": 1}


async def test_an_event_that_every_channel_filters_is_still_explained(hall: Hall) -> None:
    await hall.batch(Telling(hall.finding(), (), "d:1", delivery=1, filtered={"C1": "fixable"}))
    assert await hall.waiting() == []
    assert await hall.verdicts() == [("C1", "filtered", False)]


async def test_a_build_that_a_channel_shows_is_kept_true_there_whatever_its_filter_says(hall: Hall) -> None:
    await hall.tell(hall.build(Phase.WAITING))
    await hall.batch(Telling(hall.build(Phase.COMPLETE), (), "d:9", delivery=9, filtered={"C1": "event:x"}))
    (row,) = await hall.waiting()
    assert row.text.startswith("Build succeeded")
    assert await hall.verdicts() == [("C1", "opened", False), ("C1", "folded", False)]


async def test_what_happened_is_counted_once_for_each_channel(hall: Hall) -> None:
    push = hall.push("a")
    told = await hall.batch(*[hall.telling(one, "C1", "C2") for one in (push, hall.push("b"), push)])
    assert told.counts == {"events_filtered": 0, "events_folded": 2, "events_repeated": 2, "cards_opened": 2}
    told = await hall.batch(hall.telling(hall.push("c"), "C1"))
    assert told.counts == {"events_filtered": 0, "events_folded": 1, "events_repeated": 0, "cards_turned": 1}


async def test_the_log_leads_from_deliveries_to_the_message(hall: Hall) -> None:
    told = await hall.batch(hall.telling(hall.push("a"), "C1"), hall.telling(hall.push("b"), "C1", "C2"))
    again = await hall.batch(hall.telling(hall.push("c")))
    with capture_logs() as lines:
        told.log()
        again.log()
    assert [{name: line[name] for name in ("event", "key", "channel", "verdict", "deliveries")} for line in lines] == [
        {"event": "card_told", "key": "delivery:1:C1", "channel": "C1", "verdict": "opened", "deliveries": [1, 2]},
        {"event": "card_told", "key": "delivery:2:C2", "channel": "C2", "verdict": "opened", "deliveries": [2]},
        {"event": "card_told", "key": "delivery:1:C1", "channel": "C1", "verdict": "turned", "deliveries": [3]},
    ]


async def test_what_the_bot_sees_again_and_again_is_written_down_when_it_makes_a_difference(hall: Hall) -> None:
    for phase, step in ((Phase.BUILDING, 1), (Phase.BUILDING, 1), (Phase.BUILDING, 2), (Phase.COMPLETE, 2)):
        hall.clock.pass_by(2)
        moved = hall.build(phase, polled=True, progress=Progress(step=step, steps=3))
        await hall.board.tell(moved, channels=["C1"])
    assert await hall.verdicts() == [("C1", "opened", False), ("C1", "folded", False)]


async def test_an_entry_without_an_item_names_its_build_and_tells_tests_apart(hall: Hall) -> None:
    build = hall.build(Phase.COMPLETE)
    await hall.tell(build)
    await hall.batch(Telling(build, (), "d:8", delivery=8, filtered={"C2": "tag:v*"}))
    await hall.tell(build.model_copy(update={"test": True}))
    rows = [(row.channel, row.item) for row in await trail(hall.store)]
    assert rows[0] == ("C1", f"build:{build.build_id}")
    assert (rows[-1][0], rows[-1][1]) == ("C1", "test")
    assert {item for channel, item in rows if channel != "C1"} <= {f"build:{build.build_id}"}
