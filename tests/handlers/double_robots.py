"""A hand-written Quay's robots: they remember who asked for what, and make tokens that can be told apart."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from bot.domain.errors import UserError
from bot.domain.robots import Mirrors, Robot, RobotRole, RobotToken

BORN = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
USED = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


@dataclass
class Garage:
    """All robots, by name; `tokens` are those that were made, in their order."""

    robots: dict[str, Robot] = field(default_factory=dict)
    roles: tuple[RobotRole, ...] | None = ()
    mirrors: Mirrors = field(default_factory=Mirrors)
    tokens: list[str] = field(default_factory=list)
    stubborn: bool = False  # deletes nothing

    def add(self, name: str, **facts: Any) -> Robot:
        """A robot that is there."""
        robot = Robot(name, **({"created": BORN, "teams": (), "repositories": ()} | facts))
        self.robots[name] = robot
        return robot

    def token(self, name: str) -> RobotToken:
        """A new one."""
        self.tokens.append(f"{len(self.tokens):02}SECRET" * 8)
        return RobotToken(name, self.tokens[-1])


@dataclass
class FakeRobots:
    """Implements ports.Robots. `note` is told each call, and raises what the test wants it to."""

    garage: Garage
    note: Callable[..., None]

    async def page(self, namespace: str) -> tuple[Robot, ...]:
        self.note("robots.page", namespace)
        found = [one for one in self.garage.robots.values() if one.namespace == namespace]
        return tuple(sorted(found, key=lambda one: one.name))

    async def get(self, robot: str) -> Robot:
        self.note("robots.get", robot)
        if robot not in self.garage.robots:
            raise UserError(f"There is no robot account {robot}.")
        return self.garage.robots[robot]

    async def roles(self, robot: str) -> tuple[RobotRole, ...] | None:
        self.note("robots.roles", robot)
        return self.garage.roles

    async def mirrors(self, namespace: str) -> Mirrors:
        self.note("robots.mirrors", namespace)
        return self.garage.mirrors

    async def create(self, robot: str, description: str = "") -> RobotToken:
        self.note("robots.create", robot, description)
        self.garage.add(robot, description=description)
        return self.garage.token(robot)

    async def regenerate(self, robot: str) -> RobotToken:
        self.note("robots.regenerate", robot)
        self.garage.robots[robot] = replace(self.garage.robots[robot], last_used=USED)
        return self.garage.token(robot)

    async def delete(self, robot: str) -> None:
        self.note("robots.delete", robot)
        if not self.garage.stubborn:
            del self.garage.robots[robot]
