"""What has to be done so that a repository has exactly the notifications that a subscription needs. Pure.

A notification is ours if it is a webhook whose title begins with ours, and its mark leads to a hook of one of the parts
(or its uuid is that of one). Whatever else Quay lists belongs to somebody else, and no step is ever about it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.subscriptions import OFF, TITLE, Notification, Part
from bot.rules.quay_side import Need


@dataclass(frozen=True, slots=True)
class Make:
    """A new notification with a new URL. `config` is sorted JSON.

    `since`: from when on something may have been missed, because there was none that worked; None: it was not wanted
    before. `rotates`: there is one that works, and whose URL has served long enough.
    """

    event: str
    config: str
    silent: bool
    since: datetime | None = None
    rotates: bool = False


@dataclass(frozen=True, slots=True)
class Adopt:
    """Store the part as it was found to be."""

    part: Part


@dataclass(frozen=True, slots=True)
class Reset:
    """Quay has switched it off: switch it on again, and store the part. `since` as that of Make."""

    part: Part
    since: datetime


@dataclass(frozen=True, slots=True)
class Remove:
    """One of ours that is not needed: a double, an old one, or that of a part that is over."""

    uuid: str
    event: str


@dataclass(frozen=True, slots=True)
class Drop:
    """A part that is over: its URL takes nothing any more."""

    part: Part


@dataclass(frozen=True, slots=True)
class Orphan:
    """One that looks like ours, and that no live hook knows: it may be what is left of an older database."""

    notification: Notification


Step = Make | Adopt | Reset | Remove | Drop | Orphan
"""They are done one after the other: a new one is there before the old one goes."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is there: the subscription's parts in one repository, Quay's list, and whose marks these are.

    `hooks` are the live hooks by mark. `place` is where our URLs are (rules/hook_urls). `rotate` is how long a URL
    serves, None: for ever. `since` is from when on something may have been missed in a repository that was not there
    before, None if it was.
    """

    parts: Sequence[Part]
    notifications: Sequence[Notification]
    hooks: Mapping[str, str]
    place: str
    now: datetime
    rotate: timedelta | None = None
    since: datetime | None = None


def plan(needs: Sequence[Need], seen: Seen) -> tuple[Step, ...]:
    """The steps, in their order; none if everything is as it should be. Their second plan is empty.

    Parts whose event is not needed (any more) are over. So are all, if nothing is needed.
    """
    steps: list[Step] = []
    for need in needs:
        steps += _for_one(need, [part for part in seen.parts if part.event == need.event], seen)
    needed = {need.event for need in needs}
    steps += _over([part for part in seen.parts if part.event not in needed], seen)
    return (*steps, *(Orphan(one) for one in seen.notifications if is_stray(one, seen.hooks, seen.place)))


def is_stray(one: Notification, hooks: Mapping[str, str], place: str) -> bool:
    """Does it look like ours, at our place, although no live hook knows it?"""
    return looks_ours(one) and bool(one.mark) and one.place == place and one.mark not in hooks


def looks_ours(one: Notification) -> bool:
    """Is it a webhook with our title? Without that, nothing is ever touched."""
    return one.method == "webhook" and (one.title == TITLE or one.title.startswith(f"{TITLE} "))


def _for_one(need: Need, parts: Sequence[Part], seen: Seen) -> list[Step]:
    right = [(part, one) for part in parts for one in _of(part, seen) if _fits(part, one, need, seen)]
    if not right:
        # One that was there for the bot alone has missed nothing that anybody wanted to hear.
        since = max((_whole(part) for part in parts if part.silent is need.silent), default=seen.since)
        return [Make(need.event, need.written, need.silent, since), *_over(parts, seen)]
    part, one = max(right, key=lambda pair: (pair[1].failures < OFF, pair[0].created_at, pair[0].hook, pair[1].uuid))
    if _is_old(part, seen):
        return [Make(need.event, need.written, need.silent, _whole(part), rotates=True), *_over(parts, seen)]
    doubles: list[Step] = [Remove(other.uuid, other.event) for other in _of(part, seen) if other.uuid != one.uuid]
    return [*_known(part, one), *doubles, *_over([other for other in parts if other != part], seen)]


def _fits(part: Part, one: Notification, need: Need, seen: Seen) -> bool:
    """Nothing can be changed about a notification (facts §1.6), but somebody may have put another in its place.

    Nor about a part: whether it is told to a channel was decided with its URL.
    """
    made = (part.config, part.silent, one.event) == (need.written, need.silent, need.event)
    asked = _has(one.config, json.loads(need.written)) and not one.templated
    return made and asked and one.place == seen.place and seen.hooks.get(one.mark) == part.hook


def _has(found: object, asked: object) -> bool:
    """Is everything there that was asked for? Quay may have added something, or write a number as text."""
    if isinstance(asked, Mapping):
        return isinstance(found, Mapping) and all(_has(found.get(key), value) for key, value in asked.items())
    return str(found) == str(asked)


def _known(part: Part, one: Notification) -> list[Step]:
    now = replace(part, uuid=one.uuid, failures=one.failures)
    if one.failures >= OFF:
        return [Reset(replace(now, failures=0), _whole(part))]
    return [Adopt(now)] if now != part else []


def _over(parts: Sequence[Part], seen: Seen) -> list[Step]:
    removed: list[Step] = [Remove(one.uuid, one.event) for part in parts for one in _of(part, seen)]
    return [*removed, *(Drop(part) for part in parts)]


def _of(part: Part, seen: Seen) -> list[Notification]:
    """What Quay has of it."""
    return [one for one in seen.notifications if looks_ours(one) and _is_of(one, part, seen)]


def _is_of(one: Notification, part: Part, seen: Seen) -> bool:
    """The mark decides; the uuid only where nobody knows the mark (the URL of a part that is over takes nothing)."""
    hook = seen.hooks.get(one.mark)
    return hook == part.hook if hook else bool(part.uuid) and one.uuid == part.uuid


def _whole(part: Part) -> datetime:
    return part.whole_at or part.created_at


def _is_old(part: Part, seen: Seen) -> bool:
    return seen.rotate is not None and seen.now - (part.rotated_at or part.created_at) >= seen.rotate
