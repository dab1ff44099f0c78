"""Bodies as large as the door lets in: they are told and counted, and cost no more than a body can be worth."""

import json
import tracemalloc

import pytest
from sqlalchemy import func, select

from bot.adapters.store.tables import cards, entries, outbox
from bot.ports import Delivery
from tests.plugins.databases import ONLY_SQLITE
from tests.plugins.slackless import trail
from tests.webhooks.mill import PUSH, Mill
from webhooks import pipeline
from webhooks.kinds import KINDS
from webhooks.sample import sample
from webhooks.server import BODY_LIMIT

MB = 1024 * 1024


def pushed(*tags: str) -> bytes:
    return json.dumps(json.loads(PUSH) | {"updated_tags": tags}, separators=(",", ":")).encode()


FLOOD = pushed(*(f"t{number:06d}" for number in range(90_000)))


async def written(mill: Mill) -> int:
    """Bytes of what became of the bodies."""
    columns = (*(entries.c[name] for name in ("tags", "data", "item", "subject")), cards.c.state, outbox.c.payload)
    async with mill.store._database.reading() as connection:
        sizes = [await connection.scalar(select(func.sum(func.length(column)))) for column in columns]
    return sum(size or 0 for size in sizes)


async def test_a_body_full_of_tags_is_told_with_the_first_of_them_and_ends(mill: Mill) -> None:
    assert 0.8 * BODY_LIMIT < len(FLOOD) < BODY_LIMIT
    await mill.sends(await mill.hook(), FLOOD, pushed("after"))
    assert await mill.pipeline.step() == 2
    assert (await mill.store.inbox.waiting(), await mill.reasons()) == (0, [])
    ((_, text),) = await mill.queued()
    assert text.startswith("1,001 tags pushed to acme/web: after, t000000, ")
    assert "Note: and 89,000 more tags that are not listed." in text
    assert await written(mill) < MB


async def test_each_entry_of_a_push_is_about_one_tag(mill: Mill) -> None:
    await mill.sends(await mill.hook(), pushed("a", "b"))
    await mill.pipeline.step()
    assert [row.tags for row in await trail(mill.store)] == ['["a"]', '["b"]']
    (step,) = await mill.store.trail.steps("acme/web", tag="b")
    assert step.tags == ("b",)


@ONLY_SQLITE
async def test_a_flood_of_tags_takes_little_memory(mill: Mill) -> None:
    await mill.sends(await mill.hook("repo_push", "C1", "C2"), FLOOD)
    tracemalloc.start()
    try:
        await mill.pipeline.step()
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 64 * MB


@ONLY_SQLITE
async def test_large_bodies_do_not_share_a_transaction(mill: Mill, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "TOGETHER", 2 * len(PUSH))
    batches: list[int] = []
    settle = pipeline.Pipeline._settle

    async def counted(self: pipeline.Pipeline, deliveries: tuple[Delivery, ...]) -> frozenset[str]:
        batches.append(len(deliveries))
        return await settle(self, deliveries)

    monkeypatch.setattr(pipeline.Pipeline, "_settle", counted)
    await mill.sends(await mill.hook(), PUSH, PUSH, PUSH, FLOOD, PUSH)
    assert await mill.pipeline.step() == 5
    assert batches == [2, 1, 1, 1]


@pytest.mark.parametrize("kind", KINDS)
async def test_whatever_is_long_in_a_body_little_of_it_is_written(mill: Mill, kind: str) -> None:
    def swollen(value: object, key: str = "") -> object:
        if isinstance(value, dict):
            return {name: swollen(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [f"t{number}{'x' * 300}" for number in range(3000)]
        if key in {"link", "url"}:
            return " ".join(f"https://a.example/{number}{'x' * 4000 * (number % 2)}" for number in range(99))
        keep = {"repository", "namespace", "name", "build_id", "id"}
        return f"{value} {'y' * 500_000}" if isinstance(value, str) and key not in keep else value

    body = json.dumps(swollen(json.loads(sample(kind)))).encode()
    target = "acme" if KINDS[kind].namespace else "acme/web"
    await mill.sends(await mill.hook(kind, target=target), body)
    await mill.pipeline.step()
    assert await mill.reasons() == []
    assert await written(mill) < MB
    assert max([len(row.tags) + len(row.data or "") for row in await trail(mill.store)], default=0) < 8_000
