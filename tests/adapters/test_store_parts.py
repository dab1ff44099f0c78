"""Parts of subscriptions: notification, webhook URL and way to the channel begin and end together."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event

from bot.adapters.store import SqlStore
from bot.adapters.store import parts as pieces
from bot.domain.errors import UserError
from bot.domain.subscriptions import State, Wanted
from bot.ports import Hook
from tests.plugins.rows import LATER, LEASE, NOW, SOON, a_hook, after, delivered
from tests.plugins.wishes import ANN, becomes, ended, hook_of, part, subscribed, the_part, wish, with_part

GRACE = timedelta(minutes=10)


async def hook_at_work(store: SqlStore) -> Hook:
    (delivery,) = await store.inbox.claim(1, NOW, LEASE)
    return delivery.hook


async def test_a_part_is_a_url_that_leads_to_the_channel_with_its_filter(store: SqlStore) -> None:
    await subscribed(store)
    made = await store.subscriptions.add_part(part(), "t1", SOON)
    assert made == replace(part(), hook=made.hook)
    assert await store.subscriptions.parts("SAAAA") == (made,)
    await delivered(store, b"x")
    assert await hook_at_work(store) == Hook(
        made.hook,
        "repo_push",
        "acme/api",
        ("C1",),
        SOON,
        {"C1": "tag:v* -tag:*-dev"},
        subscription="SAAAA",
        person=ANN,
        layout="thread",
    )


async def test_a_silent_part_leads_to_no_channel(store: SqlStore) -> None:
    await subscribed(store)
    made = await with_part(store, silent=True)
    hook = await hook_of(store, made)
    assert (hook.channels, hook.filters, hook.silent, hook.subscription) == ((), {}, True, "SAAAA")
    await delivered(store, b"x")
    await becomes(store, wish(channel="C2"), SOON)
    assert await hook_at_work(store) == replace(hook)


async def test_a_hook_of_the_operator_belongs_to_no_subscription(store: SqlStore) -> None:
    await subscribed(store)
    await with_part(store)
    hook = await a_hook(store, "t2")
    assert (await store.hooks.all())[1] == hook
    assert (hook.subscription, hook.person, hook.silent, hook.layout) == ("", None, False, "")


@pytest.mark.parametrize("over", [False, True])
async def test_nothing_begins_for_what_is_not_there_or_has_ended(store: SqlStore, over: bool) -> None:
    if over:
        await subscribed(store, ended(wish()))
    with pytest.raises(UserError):
        await with_part(store)
    assert await store.hooks.all() == ()
    assert await store.hooks.hashes(NOW) == frozenset()


async def test_parts_are_listed_by_target_event_and_hook(store: SqlStore) -> None:
    await subscribed(store, wish("SA"), wish("SB"))
    given = ("SB", "b", "b/b"), ("SA", "b", "a/b"), ("SA", "a", "b/b"), ("SA", "a", "a/b"), ("SA", "a", "a/b")
    made = [
        await with_part(store, f"t{number}", name=name, event=event, target=target)
        for number, (name, event, target) in enumerate(given)
    ]
    hooks = [one.hook for one in made]
    assert [one.hook for one in await store.subscriptions.parts()] == [hooks[number] for number in (3, 4, 1, 2, 0)]
    assert [one.hook for one in await store.subscriptions.parts("SA")] == [hooks[number] for number in (3, 4, 1, 2)]
    assert len(await store.subscriptions.parts("SA", "SB", "SA", "SX")) == 5
    assert await store.subscriptions.parts("SX") == ()


async def test_channel_filter_layout_and_pause_of_the_parts_change_with_the_subscription(store: SqlStore) -> None:
    await subscribed(store, wish(), wish("SOTHER"))
    made = [await with_part(store, event=event, token=event) for event in ("repo_push", "build_failure")]
    other = await with_part(store, "other", name="SOTHER")
    wanted = Wanted("acme/api", ("repo_push",), "-by:acme+ci", layout="compact")
    await becomes(store, replace(wish(channel="C2", paused_until=LATER), wanted=wanted), NOW)
    for one in made:
        hook = await hook_of(store, one)
        assert (hook.channels, hook.filters) == (("C2",), {"C2": "-by:acme+ci"})
        assert (hook.layout, hook.paused_until) == ("compact", LATER)
    kept = await hook_of(store, other)
    assert (kept.channels, kept.filters, kept.paused_until) == (("C1",), {"C1": "tag:v* -tag:*-dev"}, None)
    await becomes(store, replace(wish(), wanted=replace(wanted, filter="")), NOW)
    assert (await hook_of(store, made[0])).filters == {}


async def test_an_orphaned_one_tells_on_but_lends_nobodys_account(store: SqlStore) -> None:
    await subscribed(store)
    made = await with_part(store)
    await becomes(store, wish(state=State.ORPHANED), NOW)
    hook = await hook_of(store, made)
    assert (hook.channels, hook.person, hook.subscription) == (("C1",), None, "SAAAA")
    assert await store.intake.keep([("t1", b"x")], NOW) == [True]


async def test_the_end_of_a_subscription_closes_its_urls_and_keeps_what_has_to_be_removed(store: SqlStore) -> None:
    await subscribed(store, wish(), wish("SOTHER"))
    made = [await with_part(store, f"t{number}", silent=silent) for number, silent in enumerate((False, True))]
    await with_part(store, "other", name="SOTHER")
    await store.subscriptions.keep_part(replace(made[0], uuid="uuid-1"))
    await delivered(store, b"before", token="t0")
    await becomes(store, ended(wish()), NOW)
    assert await store.intake.keep([("t0", b""), ("t1", b""), ("other", b"")], NOW) == [False, False, True]
    assert [hook.subscription for hook in await store.hooks.all()] == ["SOTHER"]
    assert await store.subscriptions.parts("SAAAA") == (replace(made[0], uuid="uuid-1"), made[1])
    assert await store.subscriptions.hooks_of(["t0", "t1", "other"]) == {"other": "3"}
    hook = await hook_at_work(store)
    assert (hook.channels, hook.subscription, hook.person) == (("C1",), "SAAAA", None)


async def test_what_begins_while_it_ends_ends_with_it(store: SqlStore, replica: SqlStore) -> None:
    await subscribed(store)
    adding = [store.subscriptions.add_part(part(), f"t{number}", NOW) for number in range(5)]
    await asyncio.gather(becomes(replica, ended(wish()), NOW), *adding, return_exceptions=True)
    assert await store.hooks.hashes(NOW) == frozenset()
    assert await store.hooks.all() == ()


async def test_a_rotation_while_it_ends_leaves_no_live_url(store: SqlStore, replica: SqlStore) -> None:
    await subscribed(store)
    made = await with_part(store)
    rotating = [replica.hooks.rotate(made.hook, f"n{number}", NOW, GRACE) for number in range(5)]
    await asyncio.gather(becomes(store, ended(wish()), NOW), *rotating)
    assert await store.hooks.hashes(NOW) == frozenset()


async def test_a_dropped_part_is_gone_and_what_its_url_took_is_still_told(store: SqlStore) -> None:
    await subscribed(store)
    made, other = await with_part(store), await with_part(store, "t2")
    await delivered(store, b"before")
    await store.subscriptions.drop_part(made.hook)
    await store.subscriptions.drop_part(made.hook)
    assert await store.subscriptions.parts() == (other,)
    assert await store.intake.keep([("t1", b""), ("t2", b"")], NOW) == [False, True]
    delivery = next(one for one in await store.inbox.claim(2, NOW, LEASE) if one.body == b"before")
    assert (delivery.hook.channels, delivery.hook.subscription) == (("C1",), "")


async def test_a_hook_of_the_operator_is_no_part_to_be_dropped(store: SqlStore) -> None:
    hook = await a_hook(store)
    for one in (hook.id, "", "x", "99"):
        await store.subscriptions.drop_part(one)
        await store.subscriptions.beat(one, NOW)
    assert await store.hooks.all() == (hook,)


async def test_a_rotated_part_remembers_when_that_was(store: SqlStore) -> None:
    await subscribed(store)
    made = await with_part(store)
    assert await store.hooks.rotate(made.hook, "t2", SOON, GRACE)
    assert await the_part(store, made.hook) == replace(made, rotated_at=SOON)
    assert await store.intake.keep([("t1", b""), ("t2", b"")], SOON) == [True, True]


async def test_notifications_are_known_by_the_hashes_of_live_urls(store: SqlStore, replica: SqlStore) -> None:
    await subscribed(store)
    made, other = await with_part(store), await a_hook(store, "operators")
    await store.hooks.rotate(made.hook, "t2", NOW, GRACE)
    await store.subscriptions.checked("SAAAA", after(599), LATER)
    marks = ("t1", "t2", "operators", "strange")
    known = {"t1": made.hook, "t2": made.hook, "operators": other.id}
    assert await replica.subscriptions.hooks_of(marks) == known
    assert await store.subscriptions.hooks_of([]) == {}
    await store.subscriptions.checked("SAAAA", after(600), LATER)
    del known["t1"]
    assert await replica.subscriptions.hooks_of(marks) == known


async def test_what_is_known_of_a_part_is_kept(store: SqlStore) -> None:
    await subscribed(store)
    made, other = await with_part(store), await with_part(store, "t2")
    known = replace(
        made, config="{}", uuid="u", failures=2, whole_at=NOW, rotated_at=SOON, beat_at=LATER, beaten=3, silent=True
    )
    await store.subscriptions.keep_part(known)
    assert await store.subscriptions.parts() == (known, other)
    await store.subscriptions.keep_part(made)
    assert await store.subscriptions.parts() == (made, other)


async def test_an_end_that_breaks_off_has_ended_nothing(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    await subscribed(store)
    made = await with_part(store)

    async def killed(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(pieces, "silence", killed)
    with pytest.raises(RuntimeError):
        await becomes(store, ended(wish(channel="C2")), NOW)
    with pytest.raises(RuntimeError):
        await store.subscriptions.drop_part(made.hook)
    assert await store.subscriptions.all() == (wish(),)
    assert (await hook_of(store, made)).channels == ("C1",)
    assert await store.intake.keep([("t1", b"")], NOW) == [True]


async def test_hooks_come_with_their_subscriptions_in_one_question(store: SqlStore) -> None:
    await subscribed(store, *(wish(f"S{number}") for number in range(3)))
    for number in range(9):
        await with_part(store, f"t{number}", name=f"S{number % 3}")
    asked: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.extend([statement] if "hook_channels" in statement else [])

    event.listen(Engine, "before_cursor_execute", hear)
    await delivered(store, *[b"x"] * 3, token="t1")
    assert len(await store.inbox.claim(9, NOW, LEASE)) == 3
    event.remove(Engine, "before_cursor_execute", hear)
    assert len(asked) == 1


async def test_a_part_that_cannot_be_stored_leaves_no_hook(store: SqlStore) -> None:
    await subscribed(store)
    await with_part(store)
    with pytest.raises(Exception, match=r"(?i)unique"):
        await with_part(store, "t1")  # its token is taken
    assert len(await store.subscriptions.parts()) == len(await store.hooks.all()) == 1


async def test_a_pattern_has_many_parts(store: SqlStore) -> None:
    await subscribed(store)
    made = [await with_part(store, f"t{number}", target=f"acme/app-{number:03}") for number in range(60)]
    await becomes(store, wish(channel="C5"), NOW)
    assert {hook.channels for hook in await store.hooks.all()} == {("C5",)}
    await becomes(store, ended(wish()), NOW)
    assert await store.subscriptions.parts() == tuple(made)
    await store.subscriptions.forget("SAAAA")
    assert await store.subscriptions.parts() == ()
