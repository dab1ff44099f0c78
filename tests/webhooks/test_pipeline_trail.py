"""The pipeline: who is told, who is not and why, in which turn, and what the log says about it."""

import json
from collections.abc import Sequence

import pytest
from structlog.testing import capture_logs

from bot.domain.errors import TryLater
from bot.ports import Ledger
from bot.services.board import Board, Telling, Told
from tests.plugins.slackless import trail
from tests.webhooks.mill import PUSH, Mill
from webhooks.pipeline import BATCH
from webhooks.server import token_hash

PUSHED = ("C1", "Pushed acme/web:latest.")


def pushed(tag: str) -> bytes:
    return json.dumps(json.loads(PUSH) | {"updated_tags": [tag]}).encode()


async def test_the_trail_has_every_delivery_in_the_order_of_arrival(mill: Mill) -> None:
    token = await mill.hook()
    await mill.sends(token, *[pushed(f"t{number}") for number in range(BATCH + 20)])
    await mill.pipeline.step()
    await mill.pipeline.step()
    assert [row.tags for row in await trail(mill.store)] == [f'["t{number}"]' for number in range(BATCH + 20)]


async def test_a_flood_for_one_hook_delays_no_other(mill: Mill) -> None:
    flood, quiet = await mill.hook(), await mill.hook("repo_push", "C2", target="acme/api")
    await mill.sends(flood, *[pushed(f"t{number}") for number in range(5 * BATCH)])
    await mill.sends(quiet, PUSH)
    await mill.pipeline.step()
    assert [channel for channel, _ in await mill.queued()] == ["C1", "C2"]


async def test_a_channel_is_told_what_its_filter_lets_pass_and_why_not_the_rest(mill: Mill) -> None:
    await mill.store.hooks.add("repo_push", "acme/web", ["C1"], token_hash("t"), mill.clock.now(), filter_="tag:v*")
    await mill.sends("t", pushed("v1"), pushed("latest"))
    await mill.pipeline.step()
    assert await mill.queued() == [("C1", "Pushed acme/web:v1.")]
    told, kept_out = await trail(mill.store)
    assert (told.verdict, told.delivery, told.rule) == ("opened", 1, None)
    assert (kept_out.verdict, kept_out.delivery, kept_out.card) == ("filtered", 2, None)
    assert "tag:v*" in kept_out.rule
    assert await mill.store.inbox.waiting() == 0


async def test_a_filter_that_is_not_understood_keeps_nothing_out(mill: Mill) -> None:
    await mill.store.hooks.add("repo_push", "acme/web", ["C1"], token_hash("t"), mill.clock.now(), filter_="?:::")
    await mill.sends("t", PUSH)
    with capture_logs() as lines:
        await mill.pipeline.step()
    assert await mill.queued() == [PUSHED]
    assert [line["filter"] for line in lines if line["event"] == "filter_not_understood"] == ["?:::"]


async def test_what_happens_is_counted_and_logged_from_the_delivery_to_the_message(mill: Mill) -> None:
    token = await mill.hook("repo_push", "C1", "C2")
    await mill.sends(token, pushed("a"), b"{bad", pushed("a"), pushed("b"))
    with capture_logs() as lines:
        await mill.pipeline.step()
    assert {name: number for name, number in mill.pipeline.counts.items() if number} == {
        "deliveries_settled": 3,
        "deliveries_set_aside": 1,
        "events_folded": 2,
        "events_repeated": 2,
        "cards_opened": 2,
    }
    (settled,) = [line for line in lines if line["event"] == "deliveries_settled"]
    assert (settled["count"], settled["aside"], settled["first"], settled["last"]) == (4, 1, 1, 4)
    assert [(line["key"], line["deliveries"]) for line in lines if line["event"] == "card_told"] == [
        ("delivery:1:C1", [1, 4]),
        ("delivery:1:C2", [1, 4]),
    ]


class Away(Board):
    """A board whose storage goes away at the end."""

    async def apply(self, ledger: Ledger, tellings: Sequence[Telling]) -> Told:
        await super().apply(ledger, tellings)
        raise TryLater("The database does not answer right now.")


async def test_nothing_is_logged_as_told_that_was_undone(mill: Mill) -> None:
    plain = mill.board(mill.store)
    pipeline = mill.on(mill.store, Away(plain.inbox, plain.clock, plain.quay_url, plain.said))
    await mill.sends(await mill.hook(), PUSH)
    with capture_logs() as lines, pytest.raises(TryLater):
        await pipeline.step()
    assert (lines, dict(pipeline.counts)) == ([], {})
