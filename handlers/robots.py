"""What the acts on robots share: which one it is, and what it reaches."""

import asyncio
from datetime import timedelta

from bot.blocks.robot_cards import unseen_mirrors
from bot.domain.acts import Act
from bot.domain.errors import BotError, Forbidden
from bot.domain.robots import Mirrors, Reach, Robot
from bot.ports import Quay
from bot.rules.robot_use import used
from bot.services.gate import Going
from handlers.command import Desk
from handlers.patience import in_time

WEEK = timedelta(days=7)
_ROLES = "I could not see its role in each repository: that takes a token with the scopes `org:admin` and `user:admin`."
_PLACES = "I could not see its teams and repositories: that takes an admin of the organization."


async def pinned(act: Act, quay: Quay) -> str:
    """That it is still the robot that was looked at: one that was deleted and made anew has another birthday."""
    robot = await quay.robots.get(act.target)
    return f"{act.target}={f'made:{robot.created.isoformat()}' if robot.created else 'there'}"


async def reach_of(going: Going, desk: Desk) -> Reach:
    """All that can be found out about the robot of this act. Raises only what finding the robot itself raises.

    Nobody waits long for a preview: what takes longer than PATIENCE is said to be unknown.
    """
    quay, now = going.quay, desk.clock.now()
    robot = await quay.robots.get(going.act.target)
    roles, mirrors, log = await asyncio.gather(
        in_time(quay.robots.roles(robot.name)),
        in_time(quay.robots.mirrors(robot.namespace)),
        in_time(quay.log(robot.namespace, now - WEEK, now)),
    )
    return Reach(
        robot,
        None if isinstance(roles, Exception) else roles,
        None if isinstance(mirrors, Exception) else _with(robot, mirrors),
        None if isinstance(log, Exception) else used(robot.name, log),
        (
            *_why("its role in each repository", roles),
            *((_ROLES,) if roles is None else ()),
            *((_PLACES,) if robot.teams is None else ()),
            *(_why("its mirrors", mirrors) if isinstance(mirrors, Exception) else unseen_mirrors(mirrors)),
            *_why("what it was used for", log),
        ),
    )


def for_admins(reach: Reach) -> Reach:
    """The same, if its owner may change robots there: Quay shows teams to nobody else. Raises Forbidden if not."""
    if reach.robot.teams is None:
        raise Forbidden(
            f"Only admins of the organization {reach.robot.namespace} can change its robot accounts. Please ask one."
        )
    return reach


def _with(robot: Robot, mirrors: Mirrors) -> tuple[str, ...] | None:
    """Those that work with it; None when that would be to say "none" without having seen all."""
    found = tuple(repository for repository, name in mirrors.robots if name == robot.name)
    return found if found or (mirrors.whole and not mirrors.unseen) else None


def _why(what: str, found: object) -> tuple[str, ...]:
    if isinstance(found, TimeoutError):
        return (f"I could not see {what} in time: Quay is slow, or there is much of it.",)
    return (f"I could not see {what}. {found.say}",) if isinstance(found, BotError) else ()
