"""Somebody who types into fields that search, in front of a Quay with things on its shelf."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from bot.blocks.elements import OPTION
from bot.domain.banners import GlobalMessage
from bot.domain.errors import UserError
from bot.domain.events import Phase
from bot.domain.images import TagPage, TagRow
from bot.domain.repositories import Repository, RepositoryPage, Trigger
from bot.domain.robots import Robot
from bot.ports import Build
from handlers.forms.memory import Memory
from handlers.suggesting import Suggester
from tests.handlers.conftest import START, Office

NOW, OLD = "sha256:" + "1a2b3c4d" * 8, "sha256:" + "5e6f7a8b" * 8
INSIDE = Memory(repository="acme/web", tag="v1")


@dataclass
class Shelf:
    """A Quay with things on it, for everybody who has a token; `asked` are (token, question)."""

    asked: list[tuple[Any, ...]] = field(default_factory=list)
    repositories_of: dict[str, tuple[str, ...]] = field(
        default_factory=lambda: {"alice": ("acme/web", "acme/web-tools", "beta/web"), "bob": ()}
    )
    closed: frozenset[str] = frozenset()  # namespaces whose robots nobody may see
    error: Exception | None = None
    open: asyncio.Event = field(default_factory=asyncio.Event)

    def as_token(self, token: str) -> "Eyes":
        return Eyes(self, token)


@dataclass
class Eyes:
    """What one person sees. One double stands for all parts of it."""

    shelf: Shelf
    token: str

    @property
    def repositories(self) -> "Eyes":
        return self

    tags = robots = messages = repositories

    async def _note(self, *question: Any) -> None:
        self.shelf.asked.append((self.token.removeprefix("token-"), *question))
        await self.shelf.open.wait()
        if self.shelf.error:
            raise self.shelf.error

    async def search(self, query: str, *, page: int = 1) -> tuple[Repository, ...]:
        await self._note("search", query)
        return tuple(Repository(name) for name in self._mine if query in name)

    @property
    def _mine(self) -> tuple[str, ...]:
        return self.shelf.repositories_of[self.token.removeprefix("token-")]

    async def page(self, where: str, *, like: str = "", limit: int = 50, dead: bool = False) -> Any:
        await self._note("page", where, *([like] if like else []), *(["dead"] if dead else []))
        if where in self.shelf.closed:
            raise UserError("You may not see that.")
        if where == "acme/web":
            rows = (
                TagRow("v1", NOW, START - timedelta(days=2)),
                TagRow("latest", OLD, START),
                TagRow("v1", OLD, START - timedelta(days=4), end=START - timedelta(days=3)),
                TagRow("v0", OLD, START - timedelta(days=9), end=START - timedelta(hours=1)),
                TagRow("v0", NOW, START - timedelta(days=19), end=START - timedelta(days=9)),
            )
            return TagPage(tuple(row for row in rows if like in row.name and (dead or row.end is None)), 1, more=False)
        if self.shelf.closed:
            return (Robot(f"{where}+deploy", "puts it *there*"), Robot(f"{where}+ci"))
        return RepositoryPage(tuple(Repository(name) for name in self._mine if name.startswith(f"{where}/")))

    async def history(self, repository: str, tag: str) -> tuple[TagRow, ...]:
        await self._note("history", repository, tag)
        return (
            TagRow(tag, NOW, START - timedelta(hours=1), reversion=True),
            TagRow(tag, OLD, START - timedelta(days=2), end=START - timedelta(hours=1)),
            TagRow(tag, NOW, START - timedelta(days=3), end=START - timedelta(days=2)),
        )

    async def namespaces(self) -> tuple[str, ...]:
        await self._note("namespaces")
        return ("alice", "acme")

    async def triggers(self, repository: str) -> tuple[Trigger, ...]:
        await self._note("triggers", repository)
        return (Trigger("1a2b3c4d-1", "github", active=True, enabled=False, source="acme/web"),)

    async def builds(self, repository: str, *, limit: int) -> tuple[Build, ...]:
        await self._note("builds", repository, limit)
        started = START - timedelta(minutes=5)
        return (Build("dbf23442-b521", repository, Phase.COMPLETE, tags=("v1",), ref="main", started=started),)

    async def all(self) -> tuple[GlobalMessage, ...]:
        await self._note("messages")
        return (GlobalMessage("0f1e-2d", "It *goes down* <!here>\nat six " + "x" * 80, "warning", "text/plain"),)


class Typing:
    """Somebody types into fields."""

    def __init__(self, office: Office, shelf: Shelf, patience: float = 5.0) -> None:
        office.links_bob()
        self.office, self.shelf = office, shelf
        self.desk = _with(office, shelf)
        self.suggester = Suggester(self.desk, patience=patience)

    async def sees(self, seek: str, typed: str = "", memory: Memory = INSIDE, person: Any = None) -> list[str]:
        options = await self.suggester.options(person or self.office.alice, f"seek:{seek}", typed, memory)
        assert len(options) <= 100
        assert [problem for option in options for problem in OPTION(option, "")] == []
        return [option["text"]["text"] for option in options]


def _with(office: Office, shelf: Shelf) -> Any:
    return replace(office.desk, registry=shelf)


def quick(office: Office) -> Typing:
    """Somebody types in front of a Quay that answers at once."""
    shelf = Shelf()
    shelf.open.set()
    return Typing(office, shelf)
