"""After a short trouble of the storage, what was claimed is worked on at once, and by nobody twice."""

from collections.abc import Sequence

import pytest

from bot.adapters.store import SqlStore
from bot.domain.errors import TryLater
from bot.ports import Ledger
from bot.services.board import Board, Telling, Told
from tests.webhooks.mill import PUSH, Mill
from webhooks import pipeline
from webhooks.pipeline import Pipeline


class AwayOnce(Board):
    """A board whose storage is away at one call, numbered from 1."""

    def __init__(self, like: Board, call: int) -> None:
        super().__init__(like.inbox, like.clock, like.quay_url, like.said)
        object.__setattr__(self, "calls", iter(number == call for number in range(1, 100)))

    async def apply(self, ledger: Ledger, tellings: Sequence[Telling]) -> Told:
        told = await super().apply(ledger, tellings)
        if next(self.calls):
            raise TryLater("The database does not answer right now.")
        return told


def one_by_one(mill: Mill, monkeypatch: pytest.MonkeyPatch, call: int) -> Pipeline:
    """A pipeline in which every body has a transaction of its own, and one of these fails."""
    monkeypatch.setattr(pipeline, "TOGETHER", 1)
    return mill.on(mill.store, AwayOnce(mill.board(mill.store), call))


async def test_what_was_settled_before_the_trouble_is_not_told_again(
    mill: Mill, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = one_by_one(mill, monkeypatch, 2)
    await mill.sends(await mill.hook(), PUSH, PUSH, PUSH)
    with pytest.raises(TryLater):
        await work.step()
    assert await mill.store.inbox.waiting() == 2
    assert await work.step() == 2
    assert [text for _, text in await mill.queued()] == ["Pushed acme/web:latest, reported 3 times."]
    assert await work.step() == 0


async def test_what_another_process_has_taken_over_is_left_to_it(
    mill: Mill, replica: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = one_by_one(mill, monkeypatch, 1)
    await mill.sends(await mill.hook(), PUSH)
    with pytest.raises(TryLater):
        await work.step()
    mill.lease_runs_out()
    assert len(await replica.inbox.claim(9, mill.clock.now(), pipeline.LEASE)) == 1
    assert await work.step() == 0
