"""Webhook URLs come, change their tokens, and go."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.adapters.store import SqlStore
from tests.plugins.rows import NOW, a_hook, after

GRACE = timedelta(minutes=10)


async def test_a_new_hook_is_what_was_asked_for(store: SqlStore) -> None:
    hook = await store.hooks.add("repo_push", "acme/api", ["C2", "C1", "C2"], "t", NOW)
    assert (hook.event, hook.target, hook.channels, hook.created_at) == ("repo_push", "acme/api", ("C2", "C1"), NOW)
    assert await store.hooks.all() == (hook,)


async def test_hooks_are_listed_by_target_and_event(store: SqlStore) -> None:
    for number, (target, event) in enumerate([("b", "x"), ("a", "y"), ("a", "x")]):
        await store.hooks.add(event, target, ["C1"], f"t{number}", NOW)
    assert [(hook.target, hook.event) for hook in await store.hooks.all()] == [("a", "x"), ("a", "y"), ("b", "x")]


async def test_a_hook_without_channels_is_a_hook(store: SqlStore) -> None:
    hook = await store.hooks.add("repo_push", "acme/api", [], "t", NOW)
    assert await store.hooks.all() == (hook,)


async def test_a_removed_hook_is_not_listed_and_cannot_be_removed_or_rotated_again(store: SqlStore) -> None:
    hook = await a_hook(store)
    assert await store.hooks.remove(hook.id)
    assert await store.hooks.all() == ()
    assert not await store.hooks.remove(hook.id)
    assert not await store.hooks.rotate(hook.id, "new", NOW, GRACE)
    assert await store.intake.keep([("new", b"")], NOW) == [False]


@pytest.mark.parametrize("unknown", ["", "7", "x", "-1", "²", "9" * 30, "1 "])
async def test_an_id_that_is_none_is_told_apart(store: SqlStore, unknown: str) -> None:
    await a_hook(store)
    assert not await store.hooks.remove(unknown)
    assert not await store.hooks.rotate(unknown, "new", NOW, GRACE)


async def test_ids_are_never_given_out_twice(store: SqlStore) -> None:
    first = await a_hook(store, "t1")
    await store.hooks.remove(first.id)
    assert (await a_hook(store, "t2")).id != first.id


async def test_a_second_rotation_does_not_lengthen_the_first_ones_grace(store: SqlStore) -> None:
    hook = await a_hook(store, "a")
    await store.hooks.rotate(hook.id, "b", NOW, GRACE)
    await store.hooks.rotate(hook.id, "c", after(60), GRACE)
    tokens = [("a", b""), ("b", b""), ("c", b"")]
    assert await store.intake.keep(tokens, after(599)) == [True, True, True]
    assert await store.intake.keep(tokens, after(600)) == [False, True, True]
    assert await store.intake.keep(tokens, after(660)) == [False, False, True]


async def test_a_rotation_without_grace_ends_the_old_token_at_once(store: SqlStore) -> None:
    hook = await a_hook(store, "a")
    await store.hooks.rotate(hook.id, "b", NOW, timedelta(0))
    assert await store.intake.keep([("a", b""), ("b", b"")], NOW) == [False, True]


async def test_times_come_back_in_utc_whatever_zone_they_were_given_in(store: SqlStore) -> None:
    there = NOW.astimezone(timezone(timedelta(hours=5, minutes=30)))
    await store.hooks.add("repo_push", "acme/api", ["C1"], "t", there)
    (hook,) = await store.hooks.all()
    assert hook.created_at == NOW
    assert hook.created_at.tzinfo is UTC


async def test_a_time_without_a_zone_is_refused(store: SqlStore) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001
    with pytest.raises(Exception, match="without a time zone"):
        await store.hooks.add("repo_push", "acme/api", ["C1"], "t", naive)
    with pytest.raises(ValueError, match="without a time zone"):
        await store.intake.keep([("t", b"")], naive)
    assert await store.hooks.all() == ()


async def test_a_filter_is_kept_for_each_channel_and_comes_with_the_hook(store: SqlStore) -> None:
    hook = await store.hooks.add("repo_push", "acme/api", ["C1", "C2"], "t", NOW, filter_="tag:v* -tag:*-dev")
    assert hook.filters == {"C1": "tag:v* -tag:*-dev", "C2": "tag:v* -tag:*-dev"}
    assert await store.hooks.all() == (hook,)
    await store.intake.keep([("t", b"")], NOW)
    (delivery,) = await store.inbox.claim(1, NOW, GRACE)
    assert delivery.hook == hook


async def test_a_hook_without_a_filter_has_none(store: SqlStore) -> None:
    hook = await a_hook(store, "t", "C1")
    assert (hook.filters, (await store.hooks.all())[0].filters) == ({}, {})


async def test_the_hashes_that_work_are_known_at_any_time(store: SqlStore) -> None:
    hook = await a_hook(store, "a")
    other = await a_hook(store, "b")
    await store.hooks.rotate(hook.id, "c", NOW, GRACE)
    assert await store.hooks.hashes(after(599)) == {"a", "b", "c"}
    assert await store.hooks.hashes(after(600)) == {"b", "c"}
    await store.hooks.remove(other.id)
    assert await store.hooks.hashes(after(600)) == {"c"}
