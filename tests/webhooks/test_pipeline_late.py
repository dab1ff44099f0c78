"""Webhooks that come after their event was recovered: written down, looked up by nobody, told once."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.domain.events import Pushed, PushFacts
from bot.rules.recovering import key
from bot.services.board import Telling
from tests.plugins.slackless import trail
from tests.webhooks.mill import Mill
from tests.webhooks.test_pipeline_subscriptions import lookups, pushed, subscribed
from webhooks.latecomers import latecomers

LATE = ("filtered", "told already when it was recovered")


async def recovered(mill: Mill, *tags: str) -> None:
    """Pushed now, and told a minute later."""
    found = {}
    for tag in tags:
        facts = (PushFacts(tag=tag, digest="sha256:a"),)
        event = Pushed(
            kind="repo_push",
            namespace="acme",
            repository="acme/web",
            at=mill.clock.now(),
            tags=(tag,),
            facts=facts,
            recovered=True,
        )
        found[key(event)] = Telling(event, ("C1",), f"recovered:{key(event)}", subscription="SAAAA")
    mill.clock.pass_by(60)
    assert await mill.board(mill.store).recover("C1", found) == len(tags)
    await mill.queued()


async def fates(mill: Mill) -> list[tuple[str, str]]:
    """Of webhooks, not of what was recovered."""
    rows: list[Any] = list(await trail(mill.store))
    return [(row.verdict, row.rule or "") for row in rows if row.delivery is not None]


async def test_the_webhook_of_a_recovered_push_is_not_told_again(mill: Mill) -> None:
    await subscribed(mill, "repo_push")
    await recovered(mill, "v1")
    mill.clock.pass_by(85)
    await mill.sends("repo_push", pushed("v1"))
    assert await mill.pipeline.step() == 1
    assert (await mill.queued(), await fates(mill)) == ([], [LATE])
    assert await lookups(mill) == ()


async def test_the_push_after_it_is_news_in_the_same_batch_and_later(mill: Mill) -> None:
    await subscribed(mill, "repo_push")
    await recovered(mill, "v1")
    await mill.sends("repo_push", pushed("v1"), pushed("v1"), pushed("v2"))
    await mill.pipeline.step()
    assert sorted(await fates(mill)) == [LATE, ("folded", ""), ("opened", "")]
    mill.clock.pass_by(120)
    await mill.sends("repo_push", pushed("v1"))
    await mill.pipeline.step()
    assert [row[0] for row in await fates(mill)].count("filtered") == 1


async def test_what_was_pushed_long_ago_is_news(mill: Mill) -> None:
    await subscribed(mill, "repo_push")
    await recovered(mill, "v1")
    mill.clock.pass_by(600)
    await mill.sends("repo_push", pushed("v1"))
    await mill.pipeline.step()
    assert await mill.queued() == [("C1", "Pushed acme/web:v1.")]


async def test_a_push_whose_filter_asks_for_the_pusher_is_not_held_for_it(mill: Mill) -> None:
    await subscribed(mill, "repo_push", filter_="-by:acme+ci")
    await recovered(mill, "v1")
    await mill.sends("repo_push", pushed("v1"))
    await mill.pipeline.step()
    assert await fates(mill) == [LATE]
    assert await lookups(mill) == ()


async def test_a_url_of_no_subscription_recovers_nothing_and_is_told(mill: Mill) -> None:
    token = await mill.hook()
    await recovered(mill, "v1")
    await mill.sends(token, pushed("v1"))
    await mill.pipeline.step()
    assert await mill.queued() == [("C1", "Pushed acme/web:v1.")]


@dataclass
class Overtaken:
    """A ledger in which another process has taken every key a moment before."""

    real: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    async def first_time(self, channel: str, keys: Collection[str], now: Any) -> frozenset[str]:
        await self.real.first_time(channel, keys, now)
        return frozenset()


async def test_of_two_processes_with_a_webhook_each_one_tells_it(mill: Mill) -> None:
    await subscribed(mill, "repo_push")
    await recovered(mill, "v1")
    await mill.sends("repo_push", pushed("v1"))
    (delivery,) = await mill.store.inbox.claim(9, mill.clock.now(), timedelta(seconds=9))
    assert json.loads(delivery.body)["updated_tags"] == ["v1"]
    event = Pushed(kind="repo_push", namespace="acme", repository="acme/web", at=delivery.received_at, tags=("v1",))
    async with mill.store.inbox.ledger() as ledger:
        assert await latecomers(Overtaken(ledger), [(delivery, event)], mill.clock.now()) == frozenset()
