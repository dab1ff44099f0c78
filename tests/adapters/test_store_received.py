"""What the trail has received, by which way it came, and whose filter kept it out."""

from datetime import datetime, timedelta

from bot.adapters.store import SqlStore
from bot.domain.trail import Entry, Verdict
from tests.plugins.rows import a_hook, after, delivered

PUSH = "repo_push"
NIGHT = "quiet hours until 07:00"


async def recorded(store: SqlStore, *entries: Entry, now: datetime) -> None:
    async with store.inbox.ledger() as ledger:
        await ledger.record([(None, one) for one in entries], now)


def entry(at: float, tag: str, subscription: str = "", rule: str = "", delivery: int | None = None) -> Entry:
    verdict = Verdict.FILTERED if rule else Verdict.REPEATED
    return Entry(
        "C1", "acme/api", PUSH, (tag,), after(at), verdict, delivery=delivery, rule=rule, subscription=subscription
    )


async def test_what_another_subscription_kept_out_by_its_filter_was_not_received(store: SqlStore) -> None:
    out = "`tag:v*`: the tag main does not match"
    await recorded(
        store,
        entry(1, "told by another", "S1"),
        entry(2, "kept out by another", "S1", out),
        entry(3, "kept out by this", "S2", out),
        entry(4, "kept out by nobody's", "", out),
        entry(5, "in quiet hours", "S1", NIGHT),
        now=after(9),
    )
    mine = await store.trail.received("C1", "acme/api", [PUSH], after(0), subscription="S2")
    assert [one.tags[0] for one in mine] == ["told by another", "kept out by this", "in quiet hours"]
    assert len(await store.trail.received("C1", "acme/api", [PUSH], after(0))) == 5


async def test_each_entry_tells_which_way_it_came(store: SqlStore) -> None:
    hook = await a_hook(store)
    await delivered(store, b"{}")
    (delivery,) = await store.inbox.claim(1, after(1), timedelta(seconds=30))
    await recorded(
        store,
        entry(1, "through a URL of nobody", delivery=delivery.id),
        entry(2, "through a subscription", "S1", delivery=delivery.id),
        entry(3, "found out"),
        now=after(9),
    )
    received = await store.trail.received("C1", "acme/api", [PUSH], after(0))
    assert [one.via for one in received] == [hook.id, "S1", ""]
