"""The global messages of a registry as one person sees them."""

from typing import Protocol

from bot.domain.banners import GlobalMessage


class Messages(Protocol):
    """Global messages (superusers, super:user); facts §3.4. All raise as `Quay` says."""

    async def all(self) -> tuple[GlobalMessage, ...]:
        """Those that are shown now; anybody may ask."""

    async def admitted(self) -> None:
        """Nothing, if Quay would let this token post; else what `post` raises. Changes nothing."""

    async def post(self, content: str, severity: str, media_type: str) -> str:
        """Show a new one; its uuid. Quay tells none, so the lists before and after are compared.

        "" if it cannot be told which one is ours. Never repeated by itself.
        """

    async def delete(self, uuid: str) -> None:
        """Remove it; one that is not there is fine."""
