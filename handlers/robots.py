"""What the commands about robots share: their names, and what one of them reaches."""

import asyncio
import re
from collections.abc import Awaitable
from datetime import timedelta
from typing import TypeVar

from bot.blocks.robot_cards import unseen_mirrors
from bot.domain.acts import Act
from bot.domain.errors import BotError, UserError
from bot.domain.robots import Mirrors, Reach, Robot
from bot.ports import Quay
from bot.rules.robot_use import used
from bot.services.gate import Going
from handlers.command import Desk
from handlers.grammar import UsageError

T = TypeVar("T")

_NAMESPACE = re.compile(r"[a-z0-9][a-z0-9._-]{0,254}")
_ROBOT = re.compile(r"[a-z0-9][a-z0-9._-]{0,254}\+[a-z0-9]+(?:[._-][a-z0-9]+)*")  # facts §3.2
WEEK = timedelta(days=7)
_ROLES = "I could not see its role in each repository: that takes a token with the scopes `org:admin` and `user:admin`."
_PLACES = "I could not see its teams and repositories: that takes an admin of the organization."


def robot_of(words: tuple[str, ...]) -> str:
    """The full name of the one robot that was typed. Raises UsageError for anything else."""
    if len(words) != 1:
        raise UsageError("Name one robot account by its full name, like acme+ci.")
    if not _ROBOT.fullmatch(words[0]) or len(words[0]) > 255:
        raise UsageError(
            f"“{words[0][:100]}” is not the full name of a robot account: write namespace+name, like acme+ci. "
            "Names have lower-case letters and digits, with single dots, dashes or underscores between them."
        )
    return words[0]


def namespace_of(words: tuple[str, ...]) -> str:
    """The one organization or user that was typed. Raises UsageError for anything else."""
    if len(words) != 1 or not _NAMESPACE.fullmatch(words[0]):
        raise UsageError("Name one organization or user whose robot accounts you want to see, like acme.")
    return words[0]


async def pinned(act: Act, quay: Quay) -> str:
    """That it is still the robot that was looked at: one that was deleted and made anew has another birthday."""
    robot = await quay.robots.get(act.target)
    return f"{act.target}={f'made:{robot.created.isoformat()}' if robot.created else 'there'}"


async def reach_of(going: Going, desk: Desk) -> Reach:
    """All that can be found out about the robot of this act. Raises only what finding the robot itself raises."""
    quay, now = going.quay, desk.clock.now()
    robot = await quay.robots.get(going.act.target)
    roles, mirrors, log = await asyncio.gather(
        _tried(quay.robots.roles(robot.name)),
        _tried(quay.robots.mirrors(robot.namespace)),
        _tried(quay.log(robot.namespace, now - WEEK, now)),
    )
    return Reach(
        robot,
        None if isinstance(roles, BotError) else roles,
        None if isinstance(mirrors, BotError) else _with(robot, mirrors),
        None if isinstance(log, BotError) else used(robot.name, log),
        (
            *_why("its role in each repository", roles),
            *((_ROLES,) if roles is None else ()),
            *((_PLACES,) if robot.teams is None else ()),
            *(_why("its mirrors", mirrors) if isinstance(mirrors, BotError) else unseen_mirrors(mirrors)),
            *_why("what it was used for", log),
        ),
    )


def for_admins(reach: Reach) -> Reach:
    """The same, if its owner may change robots there: Quay shows teams to nobody else. Raises UserError if not."""
    if reach.robot.teams is None:
        raise UserError(
            f"Only admins of the organization {reach.robot.namespace} can change its robot accounts. Please ask one."
        )
    return reach


def _with(robot: Robot, mirrors: Mirrors) -> tuple[str, ...] | None:
    """Those that work with it; None when that would be to say "none" without having seen all."""
    found = tuple(repository for repository, name in mirrors.robots if name == robot.name)
    return found if found or (mirrors.whole and not mirrors.unseen) else None


def _why(what: str, found: object) -> tuple[str, ...]:
    return (f"I could not see {what}. {found.say}",) if isinstance(found, BotError) else ()


async def _tried(wish: Awaitable[T]) -> T | BotError:
    try:
        return await wish
    except BotError as error:  # it is said to be unknown
        return error
