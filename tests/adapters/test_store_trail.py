"""The trail: from the webhook to Slack, for each event, and the lists that cards count."""

import json
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Executable, update

from bot.adapters.store import SqlStore
from bot.adapters.store.tables import lanes, outbox
from bot.domain.trail import Entry, Verdict
from bot.ports import Opened, StoredCard
from tests.plugins.rows import LATER, NOW, SOON, a_card, a_hook, after, delivered, message, said, taken_up, turned

ABOUT = "acme/api"


async def run(store: SqlStore, statement: Executable) -> None:
    async with store._database.writing() as connection:
        await connection.execute(statement)


def entry(verdict: Verdict = Verdict.OPENED, *tags: str, **more: Any) -> Entry:
    facts: dict[str, Any] = {"channel": "C1", "subject": ABOUT, "kind": "repo_push", "tags": tags or ("v1",), "at": NOW}
    return Entry(verdict=verdict, **(facts | more))


async def recorded(store: SqlStore, *entries: Entry, card: StoredCard | None = None) -> None:
    async with store.inbox.ledger() as ledger:
        await ledger.record([(card and card.id, one) for one in entries], NOW)


async def settled(store: SqlStore, *deliveries: int) -> None:
    async with store.inbox.ledger() as ledger:
        await ledger.done(deliveries)


async def test_an_event_is_followed_from_the_webhook_to_slack(store: SqlStore) -> None:
    hook = await a_hook(store)
    await delivered(store, b"{}")
    card = await a_card(store, "push:1", at=SOON)
    await recorded(store, entry(Verdict.OPENED, "v1", "v2", delivery=1), card=card)
    await store.outbox.sent(await taken_up(store, card.outbox, SOON), "17.001", LATER)

    (step,) = await store.trail.steps(ABOUT)

    assert (step.delivery, step.hook, step.received_at) == (1, hook.id, NOW)
    assert (step.subject, step.kind, step.tags, step.channel, step.at) == (ABOUT, "repo_push", ("v1", "v2"), "C1", NOW)
    assert (step.verdict, step.rule, step.card, step.opened_at) == (Verdict.OPENED, "", card.id, SOON)
    assert (step.message, step.queued_at, step.ts, step.sent_at) == (card.key, SOON, "17.001", LATER)
    assert (step.waiting, step.parked_at, step.gathered, step.reason, step.lane, step.letter) == (
        *(False, None, False),
        *("", "", ""),
    )


async def test_a_finding_has_its_name_and_so_has_its_copy(store: SqlStore) -> None:
    card, item = await a_card(store), {"item": "key", "delivery": 1}
    first = entry(Verdict.OPENED, **item, data={"vulnerability": "CVE-2026-1"})
    await recorded(store, first, entry(Verdict.REPEATED, **item), entry(Verdict.FOLDED, item="else"), card=card)

    names = [step.item.get("vulnerability") for step in await store.trail.steps(ABOUT)]

    assert names == [None, "CVE-2026-1", "CVE-2026-1"]


async def test_what_was_filtered_has_its_rule_and_no_card(store: SqlStore) -> None:
    rule = "`-tag:*-dev`: the tag 1-dev is excluded"
    await recorded(store, entry(Verdict.FILTERED, "1-dev", delivery=7, rule=rule))

    (step,) = await store.trail.steps(ABOUT)

    assert (step.verdict, step.rule, step.card, step.message, step.ts) == (Verdict.FILTERED, rule, None, "", "")
    assert (step.delivery, step.received_at, step.hook, step.waiting) == (7, None, "", False)


async def test_what_waits_says_why_and_until_when(store: SqlStore) -> None:
    card = await a_card(store)
    await recorded(store, entry(), card=card)
    due = await taken_up(store, card.outbox)
    await store.outbox.attempting(due, NOW)
    await store.outbox.later(due, LATER, "Slack does not answer", posted=False)

    (step,) = await store.trail.steps(ABOUT)

    assert (step.waiting, step.ts, step.sent_at) == (True, "", None)
    assert (step.due_at, step.reason) == (LATER, "Slack does not answer")


async def test_an_edit_that_waits_has_its_message(store: SqlStore) -> None:
    card = await a_card(store)
    await recorded(store, entry(), entry(Verdict.FOLDED, at=SOON), card=card)
    await store.outbox.sent(await taken_up(store, card.outbox), "17.001", SOON)
    await turned(store, card, "more", LATER)

    last, first = await store.trail.steps(ABOUT)

    assert (last.verdict, first.verdict) == (Verdict.FOLDED, Verdict.OPENED)
    assert [(step.waiting, step.ts) for step in (last, first)] == [(True, "17.001")] * 2


async def test_what_was_given_up_names_its_dead_letter(store: SqlStore) -> None:
    card = await a_card(store)
    await recorded(store, entry(), card=card)
    await store.outbox.park(await taken_up(store, card.outbox), "invalid_blocks", LATER)

    (step,) = await store.trail.steps(ABOUT)

    assert (step.parked_at, step.reason, step.waiting, step.letter) == (
        *(LATER, "invalid_blocks"),
        *(False, f"m{card.outbox}"),
    )
    assert await store.dead.one(step.letter) is not None


async def test_a_parked_channel_is_told_with_its_events(store: SqlStore) -> None:
    for channel in ("C1", "C2"):
        await recorded(store, entry(channel=channel), card=await a_card(store, channel, channel))
    for channel, at in (("C1", NOW), ("C2", None)):
        values = {"channel": channel, "free_at": NOW, "parked_at": at, "reason": "is_archived"}
        await run(store, lanes.insert().values(**values, pace=1050, away=False))

    assert {step.channel: step.lane for step in await store.trail.steps(ABOUT)} == {"C1": "is_archived", "C2": ""}


async def gathered(store: SqlStore, *rows: int, at: datetime = LATER) -> int:
    """A message that tells those rows, posted at that time."""
    await said(store, message("away:1"), at=SOON)
    async with store._database.reading() as connection:
        (number,) = await connection.scalars(
            outbox.select().with_only_columns(outbox.c.id).where(outbox.c.key == "away:1")
        )
    told = update(outbox).where(outbox.c.id.in_(rows))
    await run(store, told.values(gathered=number, sent_revision=outbox.c.revision))
    await store.outbox.sent(await taken_up(store, number, SOON), "18.000", at)
    return int(number)


async def test_what_another_message_tells_has_that_ones_timestamp(store: SqlStore) -> None:
    card = await a_card(store)
    await recorded(store, entry(), card=card)
    await gathered(store, card.outbox)

    (step,) = await store.trail.steps(ABOUT)

    assert (step.gathered, step.message, step.queued_at) == (True, card.key, NOW)
    assert (step.ts, step.sent_at, step.waiting) == ("18.000", LATER, False)


async def test_the_newest_come_first_and_only_so_many(store: SqlStore) -> None:
    await recorded(store, *(entry(Verdict.FILTERED, f"v{number}") for number in range(5)))

    assert [step.tags for step in await store.trail.steps(ABOUT, limit=2)] == [("v4",), ("v3",)]


async def test_other_repositories_and_channels_are_told_apart(store: SqlStore) -> None:
    await recorded(
        store,
        *(entry(Verdict.FILTERED, "v1"), entry(Verdict.FILTERED, "v2", channel="C2")),
        *(entry(Verdict.FILTERED, subject="acme/api2"), entry(Verdict.FILTERED, subject="acme")),
    )

    assert [step.channel for step in await store.trail.steps(ABOUT)] == ["C2", "C1"]
    assert [step.tags for step in await store.trail.steps(ABOUT, channel="C2")] == [("v2",)]
    assert [step.subject for step in await store.trail.steps("acme")] == ["acme"]
    assert await store.trail.steps("acme/%") == ()


ODD = ["v1", "v10", "v", "V1", "v_1", "vx1", "%", "_", 'v"1', "v\\1", '", "', "ü", "a\0b", "\ud800", "", "[", "null"]


@pytest.mark.parametrize("tag", [tag for tag in ODD if tag not in ("", '", "')])
async def test_a_tag_is_found_exactly(store: SqlStore, tag: str) -> None:
    await recorded(store, *(entry(Verdict.FILTERED, "x", one, "y") for one in ODD))

    assert [step.tags[1] for step in await store.trail.steps(ABOUT, tag=tag, limit=99)] == [tag]


async def test_marks_between_tags_are_no_tag(store: SqlStore) -> None:
    await recorded(store, entry(Verdict.FILTERED, "a", "b"))

    assert await store.trail.steps(ABOUT, tag=", ") == ()


# --- deliveries that made nothing ---


async def test_deliveries_that_wait_or_were_set_aside_are_found_by_their_target(store: SqlStore) -> None:
    hook = await a_hook(store, "t1", "C1", "C2")
    await store.hooks.add("repo_push", "acme/other", ["C1"], "t2", NOW)
    await delivered(store, b"1", b"2", b"3")
    await delivered(store, b"4", token="t2")
    await settled(store, 1)
    async with store.inbox.ledger() as ledger:
        await ledger.set_aside(2, "the body is not JSON")

    last, first = await store.trail.unread(ABOUT)

    assert (last.delivery, last.hook, last.kind, last.channels) == (3, hook.id, "repo_push", ("C1", "C2"))
    assert (last.received_at, last.reason) == (NOW, "")
    assert (first.delivery, first.reason) == (2, "the body is not JSON")
    assert [one.delivery for one in await store.trail.unread(ABOUT, limit=1)] == [3]
    assert len(await store.trail.unread(ABOUT, channel="C2")) == 2
    assert await store.trail.unread(ABOUT, channel="C3") == ()


async def test_live_webhook_urls_are_found_by_their_exact_target(store: SqlStore) -> None:
    hook = await a_hook(store, "t1", "C1", "C2")
    gone = await a_hook(store, "t2")
    await store.hooks.remove(gone.id)
    await store.hooks.add("quota_warning", "acme", ["C1"], "t3", NOW)

    assert await store.trail.hooks(ABOUT) == (hook,)
    assert await store.trail.hooks(ABOUT, channel="C2") == (hook,)
    assert await store.trail.hooks(ABOUT, channel="C3") == ()


# --- lists ---


async def test_a_cards_list_holds_what_counts_in_the_order_of_arrival(store: SqlStore) -> None:
    card, other = await a_card(store, "push:1"), await a_card(store, "push:2")
    for number in range(5):
        tag = f"v{number}"
        await recorded(store, entry(item=tag, data={"tag": tag}), card=card)
        await recorded(store, entry(Verdict.REPEATED, item=tag), card=card)
    await recorded(store, entry(item="x", data={"tag": "x"}), card=other)

    page = await store.trail.items(card.key, start=1, limit=2)

    assert page is not None
    assert (page.family, page.channel, page.total) == ("build", "C1", 5)
    assert page.items == ({"tag": "v1"}, {"tag": "v2"})
    rest = await store.trail.items(card.key, start=5)
    assert rest is not None
    assert (rest.total, rest.items) == (5, ())


async def test_a_card_that_counts_nothing_has_an_empty_list(store: SqlStore) -> None:
    page = await store.trail.items((await a_card(store)).key)

    assert page is not None
    assert (page.total, page.items) == (0, ())


async def test_a_message_that_gathers_others_lists_them(store: SqlStore) -> None:
    cards = [await a_card(store, f"b{number}", at=after(number)) for number in range(3)]
    await gathered(store, *(card.outbox for card in cards))

    page = await store.trail.items("away:1", start=1, limit=9)

    assert page is not None
    assert (page.family, page.channel, page.total) == ("gathered", "C1", 3)
    assert page.items == tuple(
        {"channel": "C1", "text": card.key, "queued_at": after(number).isoformat()}
        for number, card in enumerate(cards)
        if number
    )


async def test_a_key_that_is_none_and_a_plain_message_have_no_list(store: SqlStore) -> None:
    await said(store, message("m"))

    assert await store.trail.items("nothing") is None
    assert await store.trail.items("m") is None


async def test_a_message_without_words_is_listed_without_them(store: SqlStore) -> None:
    async with store.inbox.ledger() as ledger:
        (card,) = await ledger.open_cards([Opened("build", "{}", message("k", payload={"blocks": []}))], NOW)
    assert card is not None
    await gathered(store, card.outbox)

    page = await store.trail.items("away:1")

    assert page is not None
    assert json.loads(json.dumps(page.items[0]))["text"] == ""


async def test_builds_with_a_card_are_found_by_the_beginning_of_their_id(store: SqlStore) -> None:
    for number, (build, repository) in enumerate(
        (("abc1234-1", "acme/api"), ("abc1234-2", "acme/web"), ("fff", "x/y"))
    ):
        card = await a_card(store, f"build:{build}", at=after(number))
        told = entry(Verdict.OPENED, subject=repository, kind="build_queued")
        await recorded(store, told, entry(Verdict.FOLDED, subject=repository, kind="build_start"), card=card)

    assert await store.trail.builds("abc1234") == (("acme/web", "abc1234-2"), ("acme/api", "abc1234-1"))
    assert await store.trail.builds("abc1234-1") == (("acme/api", "abc1234-1"),)
    assert await store.trail.builds("abc", limit=1) == (("acme/web", "abc1234-2"),)
    assert await store.trail.builds("def") == ()
    assert await store.trail.builds("%") == ()


async def test_a_build_that_hangs_in_two_channels_is_one(store: SqlStore) -> None:
    for channel in ("C1", "C2"):
        card = await a_card(store, "build:abc1234", channel)
        await recorded(store, entry(Verdict.OPENED, channel=channel, kind="build_queued"), card=card)

    assert await store.trail.builds("abc1234") == ((ABOUT, "abc1234"),)
    assert await store.trail.builds("abc1234", channel="C2") == ((ABOUT, "abc1234"),)
    assert await store.trail.builds("abc1234", channel="C3") == ()
