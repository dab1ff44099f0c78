"""Notifications of repositories and namespaces as one person sees them."""

from collections.abc import Mapping
from typing import Protocol

from bot.domain.subscriptions import Notification


class Notifications(Protocol):
    """Quay's notification API (facts §1.6). All calls raise as `Quay` says.

    `target` is a repository (role and scope repo:admin), or a namespace: then they are about its storage (an
    organization's admins with org:admin, or the caller's own namespace with user:admin).
    """

    async def all(self, target: str) -> tuple[Notification, ...]:
        """Every notification, in Quay's order."""

    async def create(self, target: str, event: str, url: str, title: str, config: Mapping[str, object]) -> Notification:
        """A new webhook. Never repeated by itself: look at `all` if nobody knows whether it was made."""

    async def delete(self, target: str, uuid: str) -> bool:
        """Remove it; False if it was not there."""

    async def reset(self, target: str, uuid: str) -> bool:
        """Set its counter of failures back, which switches it on again; False if it is not there."""

    async def test(self, target: str, uuid: str) -> bool:
        """Let Quay send its sample; False if it is not there. One that is switched off takes it and sends nothing."""
