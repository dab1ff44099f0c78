"""Webhooks of subscriptions, from the body to what is told, looked up, followed and remembered."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import event as database_event

from bot.domain.digests import Rhythm
from bot.domain.subscriptions import Lookup, Part, Sought, Subscription, Wanted
from tests.plugins.slackless import trail
from tests.plugins.wishes import ANN, becomes
from tests.webhooks.mill import PUSH, Mill
from webhooks.sample import sample
from webhooks.server import token_hash

PUSHED = ("C1", "Pushed acme/web:latest.")


def pushed(tag: str) -> bytes:
    return json.dumps(json.loads(PUSH) | {"updated_tags": [tag]}).encode()


async def subscribed(mill: Mill, *events: str, silent: bool = False, filter_: str = "", **more: Any) -> Subscription:
    """A subscription of C1 with a part for each event, whose token is the event's name."""
    target = "acme/mirrored" if events[0].startswith("repo_mirror") else "acme/web"
    wanted = Wanted(target, events, filter_, layout=more.pop("layout", ""))
    wish = Subscription("SAAAA", "C1", wanted, ANN, "ann", mill.clock.now(), **more)
    assert await mill.store.subscriptions.add(wish, mill.clock.now())
    for name in events:
        made = Part("", wish.name, target, name, silent, "{}", mill.clock.now())
        await mill.store.subscriptions.add_part(made, token_hash(name), mill.clock.now())
    return wish


async def lookups(mill: Mill) -> tuple[Lookup, ...]:
    mill.clock.pass_by(10)
    return await mill.store.lookups.claim(99, mill.clock.now(), timedelta(seconds=1))


async def test_a_push_is_told_at_once_and_looked_up(mill: Mill) -> None:
    await subscribed(mill, "repo_push")
    await mill.sends("repo_push", PUSH)
    assert await mill.pipeline.step() == 1
    assert await mill.queued() == [PUSHED]
    (lookup,) = await lookups(mill)
    assert (lookup.sought, lookup.channel, lookup.delivery, lookup.held) == (Sought.PUSH, "C1", 1, False)
    async with mill.store.inbox.ledger() as ledger:
        assert await ledger.telling(lookup.delivery, lookup.channel) is not None


async def test_a_push_waits_for_its_pusher_where_the_filter_asks(mill: Mill) -> None:
    await subscribed(mill, "repo_push", filter_="-by:acme+ci")
    await mill.sends("repo_push", PUSH)
    assert await mill.pipeline.step() == 1
    assert await mill.queued() == []
    assert await trail(mill.store) == []
    assert await mill.store.inbox.waiting() == 0
    assert [(one.held, one.subscription) for one in await lookups(mill)] == [(True, "SAAAA")]


async def test_what_a_pause_keeps_out_is_in_the_trail_with_its_rule(mill: Mill) -> None:
    wish = await subscribed(mill, "repo_push")
    paused = replace(wish, paused_until=mill.clock.now() + timedelta(hours=4))
    assert await becomes(mill.store, paused, mill.clock.now())
    await mill.sends("repo_push", PUSH)
    await mill.pipeline.step()
    assert await mill.queued() == []
    (row,) = await trail(mill.store)
    assert (row.verdict, row.rule) == ("filtered", "paused until 2026-11-23 17:40 UTC")
    assert await lookups(mill) == ()
    mill.clock.pass_by(4 * 3600)
    await mill.sends("repo_push", PUSH)
    await mill.pipeline.step()
    assert await mill.queued() == [PUSHED]


async def test_quiet_hours_of_the_channel_keep_a_push_out(mill: Mill) -> None:
    await subscribed(mill, "repo_push")
    await mill.store.channels.set_rhythm("C1", Rhythm(), Rhythm("Europe/Berlin", quiet="14:00-16:00"))
    await mill.sends("repo_push", PUSH)
    await mill.pipeline.step()
    assert await mill.queued() == []
    assert [row.rule for row in await trail(mill.store)] == ["quiet hours until 16:00 (Europe/Berlin)"]


async def test_the_layout_of_a_subscription_is_that_of_its_cards(mill: Mill) -> None:
    await subscribed(mill, "repo_push", layout="compact")
    await mill.sends("repo_push", PUSH)
    await mill.pipeline.step()
    async with mill.store.inbox.ledger() as ledger:
        card = await ledger.telling(1, "C1")
    assert card is not None
    assert card.layout == "compact"


async def test_a_silent_build_is_followed_and_told_to_nobody(mill: Mill) -> None:
    await subscribed(mill, "build_queued", silent=True)
    await mill.sends("build_queued", sample("build_queued"))
    await mill.pipeline.step()
    assert await mill.queued() == []
    (watch,) = await mill.store.watches.claim(9, mill.clock.now(), timedelta(seconds=30))
    assert (watch.repository, watch.person) == ("acme/web", ANN)
    assert mill.moved == [watch.build]


async def test_an_awaited_test_call_proves_the_way_and_is_told_to_nobody(mill: Mill) -> None:
    await subscribed(mill, "repo_push")
    (part,) = await mill.store.subscriptions.parts()
    await mill.store.subscriptions.beat(part.hook, mill.clock.now())
    await mill.sends("repo_push", sample("repo_push", "test"))
    mill.clock.pass_by(3)
    assert await mill.pipeline.step() == 1
    assert await mill.queued() == []
    assert await mill.store.inbox.waiting() == 0
    (part,) = await mill.store.subscriptions.parts()
    assert (part.beat_at, part.beaten) == (None, 0)
    assert part.heard_at is not None
    await mill.sends("repo_push", sample("repo_push", "test"))
    await mill.pipeline.step()
    ((_, text),) = await mill.queued()
    assert text.startswith("Test notification")


async def test_an_unreadable_body_was_heard_all_the_same(mill: Mill) -> None:
    await subscribed(mill, "repo_push")
    await mill.sends("repo_push", b"{bad")
    await mill.pipeline.step()
    (part,) = await mill.store.subscriptions.parts()
    assert part.heard_at == mill.clock.now()


async def test_a_mirror_that_works_again_says_fixed_in_any_batch(mill: Mill) -> None:
    failed, success = "repo_mirror_sync_failed", "repo_mirror_sync_success"
    await subscribed(mill, failed, success)
    await mill.sends(failed, sample(failed))
    await mill.pipeline.step()
    assert [text.startswith("Mirror sync failed") for _, text in await mill.queued()] == [True]
    for fixed in (True, False):
        mill.clock.pass_by(3600)
        await mill.sends(success, sample(success))
        await mill.pipeline.step()
        ((_, text),) = await mill.queued()
        assert text.startswith("Fixed: mirror sync finished, acme/mirrored") is fixed
    mill.clock.pass_by(3600)
    await mill.sends(failed, sample(failed))
    await mill.sends(success, sample(success))
    assert await mill.pipeline.step() == 2
    assert "Fixed: mirror sync finished" in " ".join(text for _, text in await mill.queued())


async def test_a_delivery_that_breaks_takes_nothing_with_it(mill: Mill) -> None:
    """What follows from a webhook is stored with its card or not at all."""
    await subscribed(mill, "repo_push")
    board = mill.board(mill.store)
    pipeline = mill.on(mill.store, replace(board, scarce=_broken))
    await mill.sends("repo_push", PUSH)
    await pipeline.step()
    assert await lookups(mill) == ()
    assert await mill.reasons() == ["quaybot failed while it worked on this body; its log says why"]


def _broken() -> bool:
    raise RuntimeError


async def _statements(mill: Mill, tags: list[str]) -> int:
    counted = []
    engine = mill.store._database.engine.sync_engine
    await mill.sends("repo_push", *map(pushed, tags))

    def count(*_: Any) -> None:
        counted.append(1)

    database_event.listen(engine, "before_cursor_execute", count)
    try:
        await mill.pipeline.step()
    finally:
        database_event.remove(engine, "before_cursor_execute", count)
    await asyncio.sleep(0)
    return len(counted)


async def test_many_webhooks_cost_as_many_questions_as_few(mill: Mill) -> None:
    await subscribed(mill, "repo_push")
    await _statements(mill, ["v0"])
    mill.clock.pass_by(3600)
    few = await _statements(mill, ["a1", "a2"])
    mill.clock.pass_by(3600)
    assert await _statements(mill, [f"b{number}" for number in range(60)]) <= few + 1


async def test_a_test_call_of_a_person_is_a_card_although_the_heartbeats_got_lost(mill: Mill) -> None:
    await subscribed(mill, "repo_push")
    (part,) = await mill.store.subscriptions.parts()
    await mill.store.subscriptions.beat(part.hook, mill.clock.now())  # it never arrives
    mill.clock.pass_by(300)
    await mill.store.subscriptions.beat(part.hook, None)  # somebody asks for one of their own
    await mill.sends("repo_push", sample("repo_push", "test"))
    await mill.pipeline.step()
    ((_, text),) = await mill.queued()
    assert text.startswith("Test notification")


async def test_a_test_call_right_behind_a_push_is_heard_of(mill: Mill) -> None:
    await subscribed(mill, "repo_push")
    await mill.sends("repo_push", PUSH)
    await mill.pipeline.step()
    mill.clock.pass_by(2)
    asked_at = mill.clock.now()
    mill.clock.pass_by(6)
    await mill.sends("repo_push", sample("repo_push", "test"))
    await mill.pipeline.step()
    (part,) = await mill.store.subscriptions.parts()
    assert part.heard_at is not None
    assert part.heard_at >= asked_at
