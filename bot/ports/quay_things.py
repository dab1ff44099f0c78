"""Robots, global messages and repositories as one person sees them."""

from dataclasses import dataclass
from typing import Protocol

from bot.domain.repositories import Repository, RepositoryPage
from bot.domain.robots import Mirrors, Robot, RobotRole, RobotToken

__all__ = [
    "GlobalMessage",
    "Messages",
    "Mirrors",
    "Repositories",
    "Repository",
    "RepositoryPage",
    "Robot",
    "RobotRole",
    "RobotToken",
    "Robots",
]


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


@dataclass(frozen=True, slots=True)
class GlobalMessage:
    """What every user of the registry sees as a banner. `severity`: info, warning, error."""

    uuid: str
    content: str
    severity: str
    media_type: str


class Messages(Protocol):
    """Global messages (superusers, super:user); facts §3.4. All raise as `Quay` says."""

    async def all(self) -> tuple[GlobalMessage, ...]:
        """Those that are shown now; anybody may ask."""

    async def post(self, content: str, severity: str, media_type: str) -> str:
        """Show a new one; its uuid. Quay tells none, so the lists before and after are compared.

        "" if it cannot be told which one is ours. Never repeated by itself.
        """

    async def delete(self, uuid: str) -> None:
        """Remove it; one that is not there is fine."""


class Repositories(Protocol):
    """Looking at repositories, and the two things about them that are changed from chat. All raise as `Quay` says."""

    async def get(self, repository: str) -> Repository:
        """One of them (read role)."""

    async def page(self, namespace: str, *, next_page: str = "") -> RepositoryPage:
        """Those of a namespace that the caller sees, 100 at a time."""

    async def search(self, query: str, *, page: int = 1) -> tuple[Repository, ...]:
        """Those that the caller sees and that fit best, ten at a time."""

    async def namespaces(self) -> tuple[str, ...]:
        """The caller's own namespace and organizations (user:read)."""

    async def set_visibility(self, repository: str, *, public: bool) -> None:
        """Show it to everybody, or only to those with a role (admin role)."""

    async def describe(self, repository: str, description: str) -> None:
        """Replace its description, Markdown (write role)."""

    async def switch_trigger(self, repository: str, trigger: str, *, enabled: bool) -> None:
        """Switch a build trigger on or off (admin role)."""
