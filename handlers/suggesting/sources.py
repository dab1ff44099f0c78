"""Who knows the answers while somebody types: for each kind of field, what Quay is asked for."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from bot.domain.errors import UserError
from bot.ports import Quay
from handlers.command import Seek
from handlers.suggesting import choices
from handlers.suggesting.choices import Choice

T = TypeVar("T")

_BUILDS = 20
_NAMESPACES = 12  # whose robots are looked for, if none is named


@dataclass(frozen=True, slots=True)
class Place:
    """Where is searched, and for what: `query` is what Quay is asked with."""

    query: str
    repository: str = ""
    tag: str = ""


Find = Callable[[Place, Quay, datetime], Awaitable[tuple[Choice, ...]]]


@dataclass(frozen=True, slots=True)
class Source:
    """`find` asks Quay; `query` says with which part of what was typed, and the rest is compared here.

    `inside`: what has to be chosen before there is anything to find.
    """

    find: Find
    query: Callable[[str], str] = lambda _typed: ""
    inside: str = ""

    def reachable(self, place: Place) -> bool:
        """Is chosen what has to be?"""
        return {"": True, "repository": bool(place.repository), "tag": bool(place.repository and place.tag)}[
            self.inside
        ]


async def _repositories(place: Place, quay: Quay, _now: datetime) -> tuple[Choice, ...]:
    namespace, slash, rest = place.query.partition("/")
    name = rest.rpartition("/")[2] if slash else place.query
    asked: list[Awaitable[Sequence[object]]] = []
    if slash and namespace:
        asked.append(_rows(quay, namespace, place.query))
    if name:
        asked.append(quay.repositories.search(name))
    found = await _all(asked)
    names = dict.fromkeys(str(getattr(row, "name", "")) for rows in found for row in rows)
    return tuple(Choice(one, one) for one in names if one)


async def _rows(quay: Quay, namespace: str, query: str) -> tuple[object, ...]:
    page = await quay.repositories.page(namespace)
    return tuple(row for row in page.rows if query in row.name.lower())


async def _tags(place: Place, quay: Quay, now: datetime) -> tuple[Choice, ...]:
    page = await quay.tags.page(place.repository, like=place.query, limit=100)
    return tuple(choices.of_tag(row, now) for row in page.rows)


async def _digests(place: Place, quay: Quay, now: datetime) -> tuple[Choice, ...]:
    every = await quay.tags.history(place.repository, place.tag)
    newest = {row.digest: row for row in reversed(every)}
    rows = sorted(newest.values(), key=lambda row: row.start, reverse=True)
    return tuple(choices.of_digest(row, now) for row in rows)


async def _robots(place: Place, quay: Quay, _now: datetime) -> tuple[Choice, ...]:
    named = (place.query,) if place.query else (await quay.repositories.namespaces())[:_NAMESPACES]
    found = await _all([quay.robots.page(name) for name in named])
    return tuple(choices.of_robot(robot) for robots in found for robot in robots)


async def _triggers(place: Place, quay: Quay, _now: datetime) -> tuple[Choice, ...]:
    return tuple(choices.of_trigger(trigger) for trigger in await quay.triggers(place.repository))


async def _builds(place: Place, quay: Quay, now: datetime) -> tuple[Choice, ...]:
    return tuple(choices.of_build(build, now) for build in await quay.builds(place.repository, limit=_BUILDS))


async def _messages(_place: Place, quay: Quay, _now: datetime) -> tuple[Choice, ...]:
    return tuple(choices.of_message(message) for message in await quay.messages.all())


async def _namespaces(_place: Place, quay: Quay, _now: datetime) -> tuple[Choice, ...]:
    return tuple(choices.of_namespace(name) for name in await quay.repositories.namespaces())


async def _all(asked: Iterable[Awaitable[T]]) -> list[T]:
    """Every answer that Quay gives this person; raises only if there is none."""
    answers = await asyncio.gather(*asked, return_exceptions=True)
    wrong = [answer for answer in answers if isinstance(answer, BaseException)]
    good = [answer for answer in answers if not isinstance(answer, BaseException)]
    if wrong and (not good or not all(isinstance(error, UserError) for error in wrong)):
        raise wrong[0]
    return good


def _as_typed(typed: str) -> str:
    return typed


def _namespace(typed: str) -> str:
    """The namespace before the "+", once it is complete."""
    namespace, plus, _ = typed.partition("+")
    return namespace if plus else ""


SOURCES: Mapping[Seek, Source] = {
    Seek.NAMESPACE: Source(_namespaces),
    Seek.REPOSITORY: Source(_repositories, str.lower),
    Seek.TAG: Source(_tags, _as_typed, "repository"),
    Seek.PAST_TAG: Source(_tags, _as_typed, "repository"),
    Seek.DIGEST: Source(_digests, inside="tag"),
    Seek.ROBOT: Source(_robots, _namespace),
    Seek.TRIGGER: Source(_triggers, inside="repository"),
    Seek.BUILD: Source(_builds, inside="repository"),
    Seek.MESSAGE: Source(_messages),
}
