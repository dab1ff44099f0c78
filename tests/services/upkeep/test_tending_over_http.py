"""Tending over real HTTP, against the strict fake: repositories, an organization's storage, and lost rights."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.quay import QuayRegistry
from bot.adapters.store import SqlStore
from bot.domain.people import Account
from bot.domain.subscriptions import State
from bot.services.upkeep.tending import Tending
from tests.fakes.quay_scene import WEB, Scene, scene
from tests.plugins.wishes import becomes
from tests.services.upkeep.keeper import ALICE, Keeper


@asynccontextmanager
async def keeping(store: SqlStore, there: Scene, who: str = "alice") -> AsyncIterator[Keeper]:
    """A keeper whose Quay is the fake's."""
    registry = QuayRegistry(there.quay.url)
    keeper = Keeper(store)
    keeper.accounts.kept[ALICE] = Account(ALICE, who, keeper.clock.now(), there.tokens[who])
    book = replace(keeper.gate.accounts, registry=registry)
    keeper.gate = replace(keeper.gate, accounts=book, registry=registry)
    means = (store.subscriptions, store.gaps, store.watches, keeper.gate, registry, keeper.notices, keeper.clock)
    address = there.receiver.url.rstrip("/")
    keeper.tending = Tending(*means, address, timedelta(seconds=60), None, lambda: f"token{next(keeper.tokens)}")
    try:
        yield keeper
    finally:
        await registry.aclose()


async def test_what_is_switched_off_or_deleted_in_quay_is_mended_and_nothing_else_is_touched(store: SqlStore):
    async with scene() as there, keeping(store, there) as keeper:
        theirs = await there.listen("repo_push")
        await keeper.subscribes(words="repo_push builds:failure severity:high+ vulns")
        made = (await keeper.looks()).made
        ours = [one for one in there.quay.notifications.values() if one.title == "quaybot S1"]
        assert made == len(ours) == 5
        there.quay.switch_off(ours[0].uuid)
        del there.quay.notifications[ours[1].uuid]
        keeper.clock.pass_by(120)
        done = await keeper.looks()
        assert (done.reset, done.made, done.removed) == (1, 1, 0)
        assert ours[0].number_of_failures == 0
        assert len(there.quay.notifications) == 6
        assert theirs in there.quay.notifications
        await becomes(store, replace(await keeper.now(), state=State.ENDED), keeper.clock.now())
        await keeper.looks()
        assert list(there.quay.notifications) == [theirs]


async def test_the_storage_of_an_organization_is_looked_after_as_well(store: SqlStore):
    async with scene() as there, keeping(store, there) as keeper:
        await keeper.subscribes("acme", "quota")
        assert (await keeper.looks()).made == 2
        assert {one.target for one in there.quay.notifications.values()} == {"acme"}
        assert keeper.audit.lines[-1].deed.quay_log == "create_namespace_notification"


async def test_a_pattern_covers_what_the_account_sees(store: SqlStore):
    async with scene() as there, keeping(store, there) as keeper:
        await keeper.subscribes("acme/*", "repo_push")
        await keeper.looks()
        there.quay.add_repository("acme/later")
        await keeper.looks()
        targets = {one.target for one in there.quay.notifications.values()}
        assert {"acme/web", "acme/pub", "acme/later"} <= targets


@pytest.mark.parametrize("who", ["bob", "carol"])
async def test_an_account_without_the_role_orphans_it(store: SqlStore, who: str):
    async with scene() as there, keeping(store, there, who) as keeper:
        await keeper.subscribes()
        await keeper.looks()
        found = await keeper.now()
        assert (found.state, found.username) == (State.ORPHANED, who)
        assert len(keeper.notices.said) == 1
        assert (await there.call("alice", "GET", f"{WEB}/notification/"))[1]["notifications"] == []
