"""Subscriptions and their parts as rows of their tables, and back."""

import json
from collections.abc import Collection
from typing import Any

from bot.adapters.store.columns import clean
from bot.adapters.store.owners import key_of, owner
from bot.domain.subscriptions import Part, State, Subscription, Wanted

_WANTED = ("target", "filter", "days", "layout")
WISH = (*_WANTED, "events")  # the columns of what is wanted
PERSON = ("team", "member")  # those of who looks after it
_SAME = ("name", "channel", "username", "created_at", "paused_until", "reason", "checked_at", "source")
_PART = ("subscription", "target", "event", "silent", "config", "created_at", "uuid", "failures")
_PART_TIMES = ("whole_at", "heard_at", "rotated_at", "beat_at", "beaten")


def row_of(subscription: Subscription) -> dict[str, Any]:
    """A subscription's columns, but for those that say when it is looked at."""
    wanted = subscription.wanted
    what = {name: getattr(wanted, name) for name in _WANTED} | {"events": listed(wanted.events)}
    same = {name: getattr(subscription, name) for name in _SAME}
    return same | what | key_of(subscription.person) | {"state": subscription.state.value}


def subscription_of(row: Any) -> Subscription:
    """The subscription in a row."""
    wanted = Wanted(events=unlisted(row.events), **{name: getattr(row, name) for name in _WANTED})
    same = {name: getattr(row, name) for name in _SAME}
    return Subscription(wanted=wanted, person=owner(row), state=State(row.state), **same)


def part_row(part: Part) -> dict[str, Any]:
    """A part's columns, but for its hook."""
    return {name: getattr(part, name) for name in (*_PART, *_PART_TIMES)}


def part_of(row: Any) -> Part:
    """The part in a row."""
    return Part(hook=str(row.hook), **{name: getattr(row, name) for name in (*_PART, *_PART_TIMES)})


def listed(events: Collection[str]) -> str:
    """Names of events as they are stored."""
    return json.dumps([clean(event) for event in events])


def unlisted(stored: str) -> tuple[str, ...]:
    """Stored names of events as they were."""
    return tuple(json.loads(stored))
