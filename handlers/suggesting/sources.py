"""Who knows the answers while somebody types: for each kind of field, what Quay is asked for."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.domain.robots import Robot
from bot.ports import Quay
from bot.rules.robot_names import is_namespace
from bot.rules.tag_rows import newest_first
from handlers.command import Seek
from handlers.suggesting import choices
from handlers.suggesting.choices import Choice

T = TypeVar("T")

_BUILDS = 20
_NAMESPACES = 12  # whose robots are looked for, if none is named
_AT_ONCE = 3  # of them


@dataclass(frozen=True, slots=True)
class Place:
    """Where is searched, and for what: `query` is what Quay is asked with."""

    query: str
    repository: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """Looking with somebody's own account. `may` asks the policy about a reading act, `counts` counts a question.

    Both raise BotError where the answer is no.
    """

    quay: Quay = field(repr=False)
    now: datetime
    may: Callable[[Act], Awaitable[None]]
    counts: Callable[[], None]

    async def at(self, act: Act | None, ask: Callable[[Quay], Awaitable[T]]) -> T:
        """What Quay answers, if they might also read it by `act`; None: it shows them nothing by itself."""
        self.counts()
        if act is not None:
            await self.may(act)
        return await ask(self.quay)


Find = Callable[[Place, Look], Awaitable[tuple[Choice, ...]]]


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


async def _repositories(place: Place, look: Look) -> tuple[Choice, ...]:
    namespace, slash, rest = place.query.partition("/")
    name = rest.rpartition("/")[2] if slash else place.query
    asked: list[Awaitable[Sequence[object]]] = []
    if slash and namespace:
        asked.append(_rows(look, namespace, place.query))
    if name:
        asked.append(look.at(Act("search", ""), lambda quay: quay.repositories.search(name)))
    found = await _all(asked)
    names = dict.fromkeys(str(getattr(row, "name", "")) for rows in found for row in rows)
    return tuple(Choice(one, one) for one in names if one)


async def _rows(look: Look, namespace: str, query: str) -> tuple[object, ...]:
    page = await look.at(Act("repos", namespace), lambda quay: quay.repositories.page(namespace))
    return tuple(row for row in page.rows if query in row.name.lower())


async def _tags(place: Place, look: Look) -> tuple[Choice, ...]:
    act = Act("tag list", place.repository)
    page = await look.at(act, lambda quay: quay.tags.page(place.repository, like=place.query, limit=100))
    return tuple(choices.of_tag(row, look.now) for row in page.rows)


async def _past_tags(place: Place, look: Look) -> tuple[Choice, ...]:
    """Living and deleted tags, each name once, by its newest row."""
    act = Act("tag list", place.repository)
    page = await look.at(act, lambda quay: quay.tags.page(place.repository, like=place.query, limit=100, dead=True))
    newest = {row.name: row for row in reversed(newest_first(page.rows))}
    rows = sorted(newest.values(), key=lambda row: row.end or row.start, reverse=True)
    return tuple(choices.of_past_tag(row, look.now) for row in rows)


async def _digests(place: Place, look: Look) -> tuple[Choice, ...]:
    act = Act("tag history", f"{place.repository}:{place.tag}")
    every = await look.at(act, lambda quay: quay.tags.history(place.repository, place.tag))
    newest = {row.digest: row for row in reversed(every)}
    rows = sorted(newest.values(), key=lambda row: row.start, reverse=True)
    return tuple(choices.of_digest(row, look.now) for row in rows)


async def _robots(place: Place, look: Look) -> tuple[Choice, ...]:
    """Those of a namespace, or of several, a few namespaces at a time: whoever opens the field must not swamp Quay."""
    named = [place.query] if place.query else list(await look.at(None, _namespaces_of))[:_NAMESPACES]
    turns = asyncio.Semaphore(_AT_ONCE)

    async def of(namespace: str) -> Sequence[Robot]:
        async with turns:
            return await look.at(Act("robot list", namespace), lambda quay: quay.robots.page(namespace))

    return tuple(choices.of_robot(robot) for robots in await _all(map(of, named)) for robot in robots)


async def _triggers(place: Place, look: Look) -> tuple[Choice, ...]:
    found = await look.at(Act("triggers", place.repository), lambda quay: quay.triggers(place.repository))
    return tuple(map(choices.of_trigger, found))


async def _builds(place: Place, look: Look) -> tuple[Choice, ...]:
    act = Act("builds", place.repository)
    found = await look.at(act, lambda quay: quay.builds(place.repository, limit=_BUILDS))
    return tuple(choices.of_build(build, look.now) for build in found)


async def _messages(_place: Place, look: Look) -> tuple[Choice, ...]:
    return tuple(map(choices.of_message, await look.at(Act("message list", ""), lambda quay: quay.messages.all())))


async def _namespaces(_place: Place, look: Look) -> tuple[Choice, ...]:
    return tuple(map(choices.of_namespace, await look.at(Act("repos", ""), _namespaces_of)))


async def _namespaces_of(quay: Quay) -> tuple[str, ...]:
    return await quay.repositories.namespaces()


async def _all(asked: Iterable[Awaitable[T]]) -> list[T]:
    """Every answer that Quay gives this person; raises only if there is none."""
    answers = await asyncio.gather(*asked, return_exceptions=True)
    wrong = [answer for answer in answers if isinstance(answer, BaseException)]
    good = [answer for answer in answers if not isinstance(answer, BaseException)]
    if wrong and (not good or not all(isinstance(error, UserError) for error in wrong)):
        raise wrong[0]
    return good


def _beginning(typed: str) -> str:
    """What stands before the first wildcard of a pattern."""
    return re.split(r"[*?]", typed.lower())[0]


def _as_typed(typed: str) -> str:
    return typed


def _namespace(typed: str) -> str:
    """The namespace before the "+", once it is complete and can be one."""
    namespace, plus, _ = typed.partition("+")
    return namespace if plus and is_namespace(namespace) else ""


SOURCES: Mapping[Seek, Source] = {
    Seek.NAMESPACE: Source(_namespaces),
    Seek.REPOSITORY: Source(_repositories, str.lower),
    Seek.TARGET: Source(_repositories, _beginning),
    Seek.TAG: Source(_tags, _as_typed, "repository"),
    Seek.PAST_TAG: Source(_past_tags, _as_typed, "repository"),
    Seek.DIGEST: Source(_digests, inside="tag"),
    Seek.ROBOT: Source(_robots, _namespace),
    Seek.TRIGGER: Source(_triggers, inside="repository"),
    Seek.BUILD: Source(_builds, inside="repository"),
    Seek.MESSAGE: Source(_messages),
}
