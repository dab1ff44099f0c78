"""Which scopes a token has: Quay does not tell, so a few reads are tried that need them (facts §2.4).

Rights need the owner's role and the token's scope. So "may" always proves a scope; "may not" proves that it is missing
only where the role is sure: in the owner's own namespace, and in organizations that they administer.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.adapters.quay import asks, asks_people, words
from bot.adapters.quay.probe import Peek, peek
from bot.adapters.quay.shapes_people import (
    ListedShape,
    ListShape,
    OrganizationShape,
    RepositoryShape,
    StarredShape,
    UserShape,
)
from bot.adapters.quay.transport import Transport
from bot.domain.errors import GiveUp, NotLinked
from bot.ports import Scopes

READ, WRITE, ADMIN = "repo:read", "repo:write", "repo:admin"
_MOST_ORGANIZATIONS = 2
_MOST_REPOSITORIES = 2


@dataclass(frozen=True, slots=True)
class _Place:
    """A repository to try. `sure`: the owner of the token is admin there."""

    repository: ListedShape
    sure: bool


async def find_out(transport: Transport, token: str) -> Scopes:
    """What can be told of the token's scopes, with at most nine reads. Raises NotLinked for a dead token.

    A good token without user:read gets the same 401 as a dead one; the stars tell them apart: they are a 403 for a
    living token without user:admin (facts §2.4).
    """
    user, starred = await asyncio.gather(
        peek(transport, token, asks.whoami(), UserShape),
        peek(transport, token, asks_people.starred(), StarredShape),
    )
    if user.status == starred.status == 401:
        raise NotLinked(words.DEAD_LINK, detail="no scopes: 401 twice")
    if not user.found and starred.status not in {200, 403}:
        raise user.error or starred.error or GiveUp(words.not_understood(transport.host))
    known = [_by_status(user, 401, "user:read"), _by_status(starred, 403, "user:admin")]
    if user.found:
        known += await _elsewhere(transport, token, user.found)
    return _together(known)


async def _elsewhere(transport: Transport, token: str, user: UserShape) -> list[Scopes]:
    """What organizations and repositories tell."""
    names = [one.name for one in user.organizations or () if one.name and not one.public][:_MOST_ORGANIZATIONS]
    shown = [asks_people.organization(name) for name in names]
    listed = [asks_people.repositories(name) for name in (user.username, *names)]
    views, lists = await asyncio.gather(
        asyncio.gather(*(peek(transport, token, ask, OrganizationShape) for ask in shown)),
        asyncio.gather(*(peek(transport, token, ask, ListShape) for ask in listed)),
    )
    organizations = [view.found for view in views]
    sure = [True, *(bool(one and one.is_admin and not user.super_user) for one in organizations)]
    places = _places((user.username, *names), lists, sure)
    sights = [asks.sight(f"{one.repository.namespace}/{one.repository.name}") for one in places]
    seen = await asyncio.gather(*(peek(transport, token, ask, RepositoryShape) for ask in sights))
    return [
        *map(_by_rights, places, seen),
        *(_by_organization(one, sure=not user.super_user) for one in organizations if one),
        Scopes(frozenset({"super:user"} if user.super_user else ())),
    ]


def _places(names: Sequence[str], lists: Sequence[Peek[ListShape]], sure: Sequence[bool]) -> list[_Place]:
    """One repository of each namespace, where the role is sure first; private ones tell more than public ones."""
    places: list[_Place] = []
    for name, listed, is_sure in zip(names, lists, sure, strict=True):
        rows = listed.found.repositories if listed.found else []
        fit = [row for row in rows if row.namespace == name and row.name and row.state in {"", "NORMAL"}]
        if fit:
            places.append(_Place(min(fit, key=lambda row: row.is_public), is_sure))
    return sorted(places, key=lambda place: not place.sure)[:_MOST_REPOSITORIES]


def _by_status(one: Peek[UserShape] | Peek[StarredShape], no: int, scope: str) -> Scopes:
    if one.found:
        return Scopes(has=frozenset({scope}))
    return Scopes(lacks=frozenset({scope} if one.status == no else ()))


def _by_rights(place: _Place, seen: Peek[RepositoryShape]) -> Scopes:
    """What a look at a repository tells; `repo:admin` implies the others (facts §2.4)."""
    if not seen.found:  # it is in the list, so the owner sees it
        return Scopes(lacks=frozenset({READ, WRITE, ADMIN} if place.sure and seen.status == 403 else ()))
    if seen.found.can_admin:
        return Scopes(has=frozenset({READ, WRITE, ADMIN}))
    if seen.found.can_write:
        return Scopes(frozenset({READ, WRITE}), frozenset({ADMIN} if place.sure else ()))
    return Scopes(
        frozenset(() if place.repository.is_public else {READ}), frozenset({WRITE, ADMIN} if place.sure else ())
    )


def _by_organization(one: OrganizationShape, *, sure: bool) -> Scopes:
    """A member whom the organization does not show as one has a token without org:admin."""
    if one.is_admin:
        return Scopes(has=frozenset({"org:admin"} if sure else ()))
    return Scopes(lacks=frozenset({"org:admin"} if one.is_member is False else ()))


def _together(known: Iterable[Scopes]) -> Scopes:
    """All that is known. What was seen to work outweighs what was not."""
    all_known = list(known)
    has = frozenset[str]().union(*(one.has for one in all_known))
    return Scopes(has, frozenset[str]().union(*(one.lacks for one in all_known)) - has)
