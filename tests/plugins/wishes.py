"""Subscriptions, their parts and what follows from them, as tests of the store begin with them."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.people import Person
from bot.domain.subscriptions import Gap, Lookup, Part, Sought, State, Subscription, Wanted
from bot.ports import Hook, Store
from tests.plugins.rows import NOW, after

ANN, BOB = Person("T1", "U1"), Person("T1", "U2")


def wish(name: str = "SAAAA", channel: str = "C1", target: str = "", **more: Any) -> Subscription:
    """SAAAA is about acme/api; the others, if nothing is said, each about another repository."""
    target = target or ("acme/api" if name == "SAAAA" else f"acme/{name.lower()}")
    wanted = Wanted(target, ("repo_push", "build_failure"), "tag:v* -tag:*-dev", 14, "thread")
    values = {"person": ANN, "username": "ann", "created_at": NOW} | more
    return Subscription(name, channel, wanted, **values)


def ended(subscription: Subscription) -> Subscription:
    return replace(subscription, state=State.ENDED)


def part(name: str = "SAAAA", event: str = "repo_push", *, silent: bool = False, target: str = "acme/api") -> Part:
    return Part("", name, target, event, silent, '{"ref-regex": "^v"}', NOW)


async def subscribed(store: Store, *subscriptions: Subscription, at: datetime = NOW) -> None:
    for one in subscriptions or (wish(),):
        assert await store.subscriptions.add(one, at)


async def becomes(store: Store, after: Subscription, now: datetime, *, check: bool = True) -> bool:
    """The one of that name is this from now on."""
    before = await store.subscriptions.get(after.name)
    return before is not None and await store.subscriptions.change(before, after, now, check=check)


async def with_part(store: Store, token: str = "t1", **more: Any) -> Part:
    """A part of a subscription that is there already."""
    return await store.subscriptions.add_part(part(**more), token, NOW)


async def hook_of(store: Store, made: Part) -> Hook:
    return next(hook for hook in await store.hooks.all() if hook.id == made.hook)


async def the_part(store: Store, hook: str) -> Part:
    return next(one for one in await store.subscriptions.parts() if one.hook == hook)


def gap(since: float = 0, until: float = 60, *events: str, name: str = "SAAAA", due: float = 120) -> Gap:
    return Gap(name, "acme/api", events or ("repo_push",), after(since), after(until), after(due))


def lookup(delivery: int = 1, *, name: str = "SAAAA", repository: str = "acme/api", due: float = 0) -> Lookup:
    return Lookup(Sought.PUSH, name, "C1", repository, delivery, '{"tags": []}', NOW, after(due), after(due + 20))


async def sought(store: Store, *lookups: Lookup) -> None:
    async with store.inbox.ledger() as ledger:
        await ledger.seek(lookups)
