"""Robot accounts with one person's token."""

import asyncio
from typing import TypeVar

from pydantic import BaseModel

from bot.adapters.quay import asks, asks_people, asks_robots, reading, words_robots
from bot.adapters.quay.answers import Answer
from bot.adapters.quay.ask import Ask
from bot.adapters.quay.asks_robots import Named
from bot.adapters.quay.caller import Caller
from bot.adapters.quay.errors import translate
from bot.adapters.quay.mirrors import mirrors_of
from bot.adapters.quay.probe import peek
from bot.adapters.quay.shapes_people import OrganizationShape, UserShape
from bot.adapters.quay.shapes_robots import NewTokenShape, RobotShape, RobotsShape, RolesShape
from bot.domain.errors import BotError, Forbidden, NeedsScope, NotLinked, UserError
from bot.domain.robots import Mirrors, Robot, RobotRole, RobotToken
from bot.rules.robot_names import is_short

_Shape = TypeVar("_Shape", bound=BaseModel)


class RobotsAs:
    """Implements ports.Robots."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def page(self, namespace: str) -> tuple[Robot, ...]:
        """All robots of a namespace, by name; never with tokens."""
        own = await self._caller.is_mine(namespace)
        answer = await self._ask(asks_robots.robots(namespace, own=own), namespace, own=own)
        found = [_robot(row) for row in self._read(answer, RobotsShape).robots if row.name]
        return tuple(sorted(found, key=lambda robot: robot.name))

    async def get(self, robot: str) -> Robot:
        """One of them, out of the list: Quay's answer about a single one holds its token."""
        named = await self._named(robot)
        for one in await self.page(named.namespace):
            if one.name == robot:
                return one
        raise UserError(words_robots.unknown(robot))

    async def roles(self, robot: str) -> tuple[RobotRole, ...] | None:
        """Its roles in repositories; None if this token may not see them."""
        named = await self._named(robot)
        answer = await self._exchange(asks_robots.permissions(named))
        if answer.status == 403 and answer.table:
            return None
        if answer.status != 200:
            raise await self._refused(asks_robots.permissions(named), answer, robot, own=named.own)
        found = self._read(answer, RolesShape).permissions
        rows = [(f"{named.namespace}/{one.repository.name}", one.role) for one in found if one.repository.name]
        return tuple(RobotRole(*row) for row in sorted(rows))

    async def mirrors(self, namespace: str) -> Mirrors:
        """The namespace's mirrors, with the robots that they work with."""
        return await mirrors_of(self._caller, namespace)

    async def create(self, robot: str, description: str = "") -> RobotToken:
        """A new one. What Quay would refuse is refused before it is asked."""
        namespace, _, short = robot.partition("+")
        if not is_short(short):
            raise UserError(words_robots.bad_name(short) if namespace and short else words_robots.no_full_name(robot))
        if len(description) > words_robots.LONGEST_DESCRIPTION:
            raise UserError(words_robots.long_description(len(description)))
        return await self._token(asks_robots.create(await self._named(robot), description), robot)

    async def regenerate(self, robot: str) -> RobotToken:
        """A new token; the old one fails at once."""
        return await self._token(asks_robots.regenerate(await self._named(robot)), robot)

    async def delete(self, robot: str) -> None:
        """Delete it, its permissions included."""
        named = await self._named(robot)
        await self._ask(asks_robots.delete(named), robot, own=named.own)

    async def _token(self, ask: Ask, robot: str) -> RobotToken:
        named = await self._named(robot)
        return RobotToken(robot, self._read(await self._ask(ask, robot, own=named.own), NewTokenShape).token)

    async def _named(self, robot: str) -> Named:
        namespace, plus, short = robot.partition("+")
        if not plus or not namespace or not short:
            raise UserError(words_robots.no_full_name(robot))
        return Named(namespace, short, await self._caller.is_mine(namespace))

    async def _ask(self, ask: Ask, about: str, *, own: bool) -> Answer:
        answer = await self._exchange(ask)
        if answer.status in range(200, 300):
            return answer
        raise await self._refused(ask, answer, about, own=own)

    async def _exchange(self, ask: Ask) -> Answer:
        return await self._caller.transport.exchange(ask, self._caller.token)

    def _read(self, answer: Answer, shape: type[_Shape]) -> _Shape:
        return reading.shaped(answer, shape, self._caller.transport.host)

    async def _refused(self, ask: Ask, answer: Answer, about: str, *, own: bool) -> BotError:
        """The error for a refusal; `about` is a robot, or a whole namespace."""
        error = translate(ask, answer, self._caller.transport.host)
        say = _by_words(answer, about)
        if say:
            return UserError(say, detail=str(error))
        if answer.status != 403 or isinstance(error, NotLinked) or not answer.table:
            return error
        if own:  # the owner has every right there, so it is the token
            return NeedsScope(
                words_robots.needs_scope("user:admin", ask.does), scopes=frozenset({"user:admin"}), detail=str(error)
            )
        return await self._not_let(ask, about.partition("+")[0], str(error))

    async def _not_let(self, ask: Ask, organization: str, detail: str) -> BotError:
        """Role or scope? Quay shows an organization as far as the token's scopes go (facts §2.4)."""
        transport, token = self._caller.transport, self._caller.token
        user, view = await asyncio.gather(
            peek(transport, token, asks.whoami(), UserShape),
            peek(transport, token, asks_people.organization(organization), OrganizationShape),
        )
        if user.found is None or user.found.organizations is None:
            return Forbidden(words_robots.admin_and_scope(organization, ask.does), detail=detail)
        if organization not in {one.name for one in user.found.organizations if not one.public}:
            return Forbidden(words_robots.no_member(organization, ask.does), detail=detail)
        if view.found and view.found.is_member is False:  # the token hides what its owner is
            say = words_robots.needs_scope("org:admin", ask.does)
            return NeedsScope(say, scopes=frozenset({"org:admin"}), detail=detail)
        if view.found and not view.found.is_admin:
            return Forbidden(words_robots.only_admins(organization, ask.does), detail=detail)
        return Forbidden(words_robots.admin_and_scope(organization, ask.does), detail=detail)


def _by_words(answer: Answer, about: str) -> str:
    """Our sentence for what Quay's own words say, "" for others."""
    said = answer.said.lower() if answer.status == 400 else ""
    if "could not find robot" in said:
        return words_robots.unknown(about)
    if "existing robot with name" in said:
        return words_robots.exists(about)
    if "used by a mirror" in said:
        return words_robots.mirrored(about)
    if "name for the robot" in said:
        return words_robots.bad_name(about.partition("+")[2])
    return ""


def _robot(row: RobotShape) -> Robot:
    created, used = reading.to_time(row.created), reading.to_time(row.last_accessed)
    return Robot(row.name, row.description, created, used, row.teams, row.repositories)
