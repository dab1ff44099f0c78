"""The pipeline: every stored body becomes a card or is set aside with its reason, and none is lost on the way."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest

from bot.adapters.store import SqlStore
from bot.domain.errors import TryLater
from bot.ports import Ledger
from bot.services.board import Board, Telling, Told
from tests.plugins.databases import ONLY_SQLITE
from tests.webhooks.mill import PUSH, Mill
from webhooks.kinds import KINDS
from webhooks.pipeline import BATCH, LEASE
from webhooks.sample import sample

PUSHED = ("C1", "Pushed acme/web:latest.")
BOTH = "2 tags pushed to acme/web: a, b."


def pushed(tag: str) -> bytes:
    return json.dumps(json.loads(PUSH) | {"updated_tags": [tag]}).encode()


async def test_a_body_becomes_a_card_in_the_channels_of_its_hook(mill: Mill) -> None:
    token = await mill.hook("repo_push", "C1", "C2")
    await mill.sends(token, PUSH)
    assert await mill.pipeline.step() == 1
    assert await mill.queued() == [PUSHED, ("C2", PUSHED[1])]
    assert await mill.store.inbox.waiting() == 0
    assert len(mill.rung) == 1
    assert await mill.pipeline.step() == 0


@pytest.mark.parametrize("event", sorted(KINDS))
async def test_every_kind_of_event_finds_its_way(mill: Mill, event: str) -> None:
    await mill.sends(await mill.hook(event, target="acme" if KINDS[event].namespace else "acme/web"), sample(event))
    await mill.pipeline.step()
    assert await mill.reasons() == []
    assert len(await mill.queued()) == 1


async def test_an_unreadable_body_is_set_aside_with_its_reason_and_the_rest_goes_on(mill: Mill) -> None:
    token = await mill.hook()
    await mill.sends(token, b"", pushed("a"), b"{bad", b"[1]", b"\xff", sample("repo_mirror_sync_failed"), pushed("b"))
    assert await mill.pipeline.step() == 7
    assert [text for _, text in await mill.queued()] == [BOTH]
    reasons = await mill.reasons()
    assert [reason[:24] for reason in reasons] == [
        "the body is empty",
        "the body is not JSON: Ex",
        "the body is JSON, but no",
        "the body is not JSON: it",
        "this looks like repo_mir",
    ]
    assert await mill.store.inbox.waiting() == 0


async def test_what_was_set_aside_keeps_its_body_for_the_operator(mill: Mill) -> None:
    await mill.sends(await mill.hook(), b"{bad")
    await mill.pipeline.step()
    (letter,) = await mill.store.dead.all()
    kept = await mill.store.dead.one(letter.id)
    assert kept is not None
    assert kept.body == b"{bad"


async def test_more_than_a_batch_is_worked_off_in_batches(mill: Mill) -> None:
    token = await mill.hook()
    await mill.sends(token, *[pushed(f"t{number}") for number in range(BATCH + 20)])
    assert [await mill.pipeline.step() for _ in range(3)] == [BATCH, 20, 0]
    ((_, text),) = await mill.queued()
    assert text.startswith(f"{BATCH + 20} tags pushed to acme/web: t0, t1, ")


async def test_retries_of_one_delivery_are_one_message(mill: Mill) -> None:
    token = await mill.hook()
    await mill.sends(token, PUSH, PUSH)
    await mill.pipeline.step()
    mill.clock.pass_by(40)
    await mill.sends(token, PUSH)
    await mill.pipeline.step()
    assert [text for _, text in await mill.queued()] == ["Pushed acme/web:latest, reported 3 times."]


async def test_the_watchers_of_a_build_are_told_once_a_batch(mill: Mill) -> None:
    for event in ("build_queued", "build_start"):
        await mill.sends(await mill.hook(event), sample(event), sample(event))
    await mill.sends(await mill.hook(), PUSH)
    await mill.pipeline.step()
    assert len(mill.moved) == len(set(mill.moved)) >= 1


class Allergic(Board):
    """A board that breaks at one tag."""

    async def apply(self, ledger: Ledger, tellings: Sequence[Telling]) -> Told:
        told = await super().apply(ledger, tellings)  # the poison acts after others have written
        if any("poison" in getattr(telling.event, "tags", ()) for telling in tellings):
            raise ZeroDivisionError
        return told


async def test_a_body_that_breaks_our_own_code_is_set_aside_alone(mill: Mill) -> None:
    plain = mill.board(mill.store)
    pipeline = mill.on(mill.store, Allergic(plain.inbox, plain.clock, plain.quay_url, plain.said))
    await mill.sends(await mill.hook(), pushed("a"), pushed("poison"), b"{bad", pushed("b"))
    assert await pipeline.step() == 4
    assert [text for _, text in await mill.queued()] == [BOTH]
    reasons = await mill.reasons()
    assert reasons[0] == "quaybot failed while it worked on this body; its log says why"
    assert len(reasons) == 2
    assert await pipeline.step() == 0


class Gone(Board):
    """A board whose storage is away for the first calls."""

    failures = 1

    async def apply(self, ledger: Ledger, tellings: Sequence[Telling]) -> Told:
        told = await super().apply(ledger, tellings)
        if Gone.failures:
            Gone.failures -= 1
            raise TryLater("The database does not answer right now.")
        return told


async def test_while_the_storage_is_away_nothing_is_set_aside_or_lost(mill: Mill) -> None:
    plain = mill.board(mill.store)
    Gone.failures = 1
    pipeline = mill.on(mill.store, Gone(plain.inbox, plain.clock, plain.quay_url, plain.said))
    await mill.sends(await mill.hook(), pushed("a"), b"{bad", pushed("b"))
    with pytest.raises(TryLater):
        await pipeline.step()
    assert await mill.store.inbox.waiting() == 3
    assert (await mill.reasons(), await mill.queued()) == ([], [])
    mill.clock.pass_by(1)
    assert await pipeline.step() == 3  # at once, and not when the lease has run out
    assert [text for _, text in await mill.queued()] == [BOTH]


class BothAtOnce(Board):
    """A board that breaks over a batch, and whose storage is away when the bodies are tried one by one."""

    async def apply(self, ledger: Ledger, tellings: Sequence[Telling]) -> Told:
        raise ZeroDivisionError if len(tellings) > 1 else TryLater("The database does not answer right now.")


async def test_a_storage_that_goes_away_while_the_poison_is_looked_for_sets_nothing_aside(mill: Mill) -> None:
    plain = mill.board(mill.store)
    pipeline = mill.on(mill.store, BothAtOnce(plain.inbox, plain.clock, plain.quay_url, plain.said))
    await mill.sends(await mill.hook(), pushed("a"), pushed("b"))
    with pytest.raises(TryLater):
        await pipeline.step()
    assert await mill.reasons() == []
    mill.lease_runs_out()
    assert await mill.pipeline.step() == 2


async def test_a_process_that_dies_after_its_claim_hands_the_bodies_over(mill: Mill, replica: SqlStore) -> None:
    await mill.sends(await mill.hook(), PUSH)
    await replica.inbox.claim(10, mill.clock.now(), LEASE)
    assert await mill.pipeline.step() == 0
    mill.lease_runs_out()
    assert await mill.pipeline.step() == 1
    assert await mill.queued() == [PUSHED]


async def test_a_process_killed_in_the_middle_of_a_batch_leaves_no_half(mill: Mill) -> None:
    reached = asyncio.Event()

    class Slow(Board):
        async def apply(self, ledger: Ledger, tellings: Sequence[Telling]) -> Told:
            told = await super().apply(ledger, tellings)
            reached.set()
            await asyncio.Event().wait()
            return told

    plain = mill.board(mill.store)
    await mill.sends(await mill.hook(), PUSH)
    dying = asyncio.create_task(mill.on(mill.store, Slow(plain.inbox, plain.clock, plain.quay_url, plain.said)).step())
    await reached.wait()
    dying.cancel()
    with suppress(asyncio.CancelledError):
        await dying
    assert await mill.queued() == []
    mill.lease_runs_out()
    assert await mill.pipeline.step() == 1
    assert await mill.queued() == [PUSHED]


class Overtaken:
    """An inbox of a process so slow that its lease runs out, and another one does the work, right after its claim."""

    def __init__(self, mill: Mill, other: Any) -> None:
        self.mill, self.other = mill, other

    async def claim(self, *arguments: Any) -> Any:
        claimed = await self.mill.store.inbox.claim(*arguments)
        self.mill.lease_runs_out()
        assert await self.other.step() == 1
        return claimed

    def ledger(self) -> Any:
        return self.mill.store.inbox.ledger()


async def test_a_slow_process_whose_lease_ran_out_counts_nothing_twice(mill: Mill, replica: SqlStore) -> None:
    inbox: Any = Overtaken(mill, mill.on(replica))
    await mill.sends(await mill.hook(), PUSH)
    with pytest.raises(TryLater):
        await mill.on(mill.store, inbox=inbox).step()
    assert await mill.queued() == [PUSHED]


async def test_two_replicas_share_the_work(mill: Mill, replica: SqlStore) -> None:
    await mill.sends(await mill.hook(), *[pushed(f"t{number}") for number in range(60)])
    await asyncio.gather(mill.pipeline.step(), mill.on(replica).step())
    mill.lease_runs_out()
    await mill.pipeline.step()
    ((_, text),) = await mill.queued()
    assert text.startswith("60 tags pushed to acme/web: t0, t1, ")


class FirstFails:
    """An inbox whose first claim fails."""

    def __init__(self, inbox: Any, error: Exception) -> None:
        self.inbox, self.errors = inbox, [error]

    async def claim(self, *arguments: Any) -> Any:
        if self.errors:
            raise self.errors.pop()
        return await self.inbox.claim(*arguments)

    def ledger(self) -> Any:
        return self.inbox.ledger()


@ONLY_SQLITE
@pytest.mark.parametrize("error", [TryLater("away"), ZeroDivisionError()], ids=["away", "bug"])
async def test_the_work_goes_on_after_trouble(mill: Mill, error: Exception) -> None:
    said = asyncio.Event()
    board = Board(mill.store.inbox, mill.clock, "https://quay.example", said.set)
    inbox: Any = FirstFails(mill.store.inbox, error)
    running = asyncio.create_task(mill.on(mill.store, board, inbox).run(idle=0.01))
    await mill.sends(await mill.hook(), PUSH)
    async with asyncio.timeout(10):
        await said.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert await mill.queued() == [PUSHED]


@ONLY_SQLITE
async def test_news_wakes_the_work_at_once(mill: Mill) -> None:
    said = asyncio.Event()
    board = Board(mill.store.inbox, mill.clock, "https://quay.example", said.set)
    token = await mill.hook()
    running = asyncio.create_task(mill.on(mill.store, board).run(idle=3600))
    for tag in ("a", "b"):
        await mill.sends(token, pushed(tag))
        async with asyncio.timeout(10):
            await said.wait()
        said.clear()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert await mill.queued() == [("C1", BOTH)]
