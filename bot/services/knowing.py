"""Finds out whether who-words hold for a person: from their ids, from Slack, and from Quay."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

import structlog

from bot.domain.errors import BotError
from bot.domain.people import Person
from bot.ports import Directory, Quay
from bot.rules.globs import fits
from bot.rules.who import EVERYBODY, Known, split

log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Asking:
    """Whom it is about: a Slack user with their Quay account, as far as they are known ("" and None: they are not)."""

    person: Person
    username: str
    quay: Quay | None = field(repr=False)


async def known_of(words: Iterable[str], asking: Asking, directory: Directory) -> Known:
    """Which of these words hold, and which cannot be found out now: that is logged, and raises nothing."""
    asked = sorted(set(words))
    answers = await asyncio.gather(*(_answered(word, asking, directory) for word in asked))
    found = dict(zip(asked, answers, strict=True))
    return Known(
        frozenset(word for word, holds in found.items() if holds),
        frozenset(word for word, holds in found.items() if holds is None),
    )


async def _answered(word: str, asking: Asking, directory: Directory) -> bool | None:
    kind, rest = split(word)
    if kind in _OF_SLACK and not asking.person.user:
        return None
    try:
        return await _ASKED[kind](rest, asking, directory) if kind in _ASKED else word == EVERYBODY
    except BotError as error:
        log.warning("policy_not_found_out", who=word, why=str(error))
        return None


async def _user(rest: str, asking: Asking, directory: Directory) -> bool | None:
    """A bare id means somebody of this workspace: another one may have a user with the same id."""
    team, _, user = rest.rpartition("/")
    if user != asking.person.user:
        return False
    if team == asking.person.team:
        return True
    at_home = await _home(directory)
    return asking.person.team in at_home and (not team or team in at_home)


async def _group(rest: str, asking: Asking, directory: Directory) -> bool | None:
    """User groups hold people of this workspace."""
    return asking.person.team in await _home(directory) and asking.person.user in await directory.group(rest)


async def _channel(rest: str, asking: Asking, directory: Directory) -> bool | None:
    """Whoever is in the channel, people of another company included where it is shared with them (Slack Connect).

    Slack itself tells everybody in a channel apart by the user id alone.
    """
    return asking.person.user in await directory.members(rest)


async def _quay(rest: str, asking: Asking, _directory: Directory) -> bool | None:
    return fits(rest, asking.username) if asking.username else None


async def _team(rest: str, asking: Asking, _directory: Directory) -> bool | None:
    organization, _, team = rest.partition("/")
    return await asking.quay.in_team(organization, team) if asking.quay is not None else None


async def _home(directory: Directory) -> frozenset[str]:
    """The teams of people who belong to where the bot is installed.

    In Enterprise Grid Slack names as somebody's team now the workspace, now the organization.
    """
    home = await directory.home()
    return frozenset({home.team, home.enterprise} - {""})


_OF_SLACK = {"user", "group", "channel"}
_ASKED = {"user": _user, "group": _group, "channel": _channel, "quay": _quay, "team": _team}
