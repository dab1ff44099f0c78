"""Changing tags and labels with one person's token."""

from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator

from bot.adapters.quay import asks_tagging
from bot.adapters.quay.caller import Caller
from bot.adapters.quay.errors import NotThere
from bot.adapters.quay.shapes import Needed, Shape, Text, table
from bot.domain.images import Label


class AddedShape(Shape):
    """A label as Quay answers it."""

    id: Needed
    key: Text = ""
    value: Text = ""
    source_type: Text = "api"


class AddingShape(Shape):
    """POST labels."""

    label: Annotated[AddedShape, BeforeValidator(table)]


class TaggingAs:
    """Implements ports.Tagging."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def restore(self, repository: str, tag: str, digest: str) -> None:
        """Make the tag point at a digest of its history."""
        await self._caller.ask(asks_tagging.restore(repository, tag, digest))

    async def move(self, repository: str, tag: str, digest: str) -> None:
        """Make the tag, new or not, point at a digest."""
        await self._caller.ask(asks_tagging.move(repository, tag, digest))

    async def expire(self, repository: str, tag: str, at: datetime | None) -> None:
        """Let the tag end at that time, to the second; None: never."""
        await self._caller.ask(asks_tagging.expire(repository, tag, at))

    async def delete(self, repository: str, tag: str) -> bool:
        """Delete it; False if the repository is there and has no such tag."""
        try:
            await self._caller.ask(asks_tagging.delete(repository, tag))
        except NotThere:
            return False
        return True

    async def add_label(self, repository: str, digest: str, key: str, value: str) -> Label:
        """Put a label on an image."""
        ask = asks_tagging.add_label(repository, digest, key, value)
        added = (await self._caller.read(ask, AddingShape)).label
        return Label(added.id, added.key or key, added.value or value, added.source_type or "api")

    async def remove_label(self, repository: str, digest: str, label: str) -> None:
        """Take off the label with that id."""
        await self._caller.ask(asks_tagging.remove_label(repository, digest, label))
