"""Repositories as one person sees them."""

from typing import Protocol

from bot.domain.repositories import Mirroring, Repository, RepositoryPage


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

    async def mirror(self, repository: str) -> Mirroring | None:
        """How its mirroring is; None if it is no mirror (admin role; facts §3.5)."""

    async def switch_trigger(self, repository: str, trigger: str, *, enabled: bool) -> None:
        """Switch a build trigger on or off (admin role)."""
