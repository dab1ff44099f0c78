"""Robot accounts as one person sees them."""

from typing import Protocol

from bot.domain.robots import Mirrors, Robot, RobotRole, RobotToken


class Robots(Protocol):
    """Robot accounts of organizations (admin role there, org:admin) and of the caller (user:admin); facts §3.2.

    A robot of the caller's own namespace is one of theirs, any other one of an organization. All raise as `Quay` says.
    """

    async def page(self, namespace: str) -> tuple[Robot, ...]:
        """All robots of a namespace, by name; never with tokens."""

    async def get(self, robot: str) -> Robot:
        """One of them. UserError if there is none of that name."""

    async def roles(self, robot: str) -> tuple[RobotRole, ...] | None:
        """Its roles in repositories; None if this token may not see them (it takes user:admin as well)."""

    async def mirrors(self, namespace: str) -> Mirrors:
        """The namespace's mirrors, with the robots that they work with (admin role in each, repo:admin)."""

    async def create(self, robot: str, description: str = "") -> RobotToken:
        """A new one. UserError if there is one of that name already, or the name is not allowed."""

    async def regenerate(self, robot: str) -> RobotToken:
        """A new token; the old one fails at once. Never repeated by itself."""

    async def delete(self, robot: str) -> None:
        """Delete it, its permissions included. UserError while a mirror works with it."""
