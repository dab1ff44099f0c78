"""Repositories in a hand-written Quay: as a test puts them there, changed by whoever asks."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.errors import Unseen
from bot.domain.repositories import Mirroring, Repository, RepositoryPage, Trigger

Note = Callable[..., None]


@dataclass
class Hall:
    """What stands in the registry. `stubborn`: changes are taken, and nothing changes. `size`: rows of a page."""

    known: dict[str, Repository] = field(default_factory=dict)
    stubborn: bool = False
    size: int = 100
    mirrors: dict[str, Mirroring] = field(default_factory=dict)

    def has(self, name: str, **facts: Any) -> Repository:
        self.known[name] = replace(Repository(name, can_write=True, can_admin=True), **facts)
        return self.known[name]


class FakeRepositories:
    """With one person's token; `note` remembers each call and raises what a test wants raised."""

    def __init__(self, hall: Hall, note: Note, switch: Callable[[str, bool], None]) -> None:
        self._hall, self._note, self._switch = hall, note, switch

    async def get(self, repository: str) -> Repository:
        self._note("get", repository)
        if repository not in self._hall.known:
            raise Unseen(f"{repository} does not exist, or you may not see it.", repository=repository)
        return self._hall.known[repository]

    async def page(self, namespace: str, *, next_page: str = "") -> RepositoryPage:
        self._note("page", namespace, next_page)
        start = int(next_page or 0)
        found = [one for one in self._hall.known.values() if one.name.startswith(f"{namespace}/")]
        end = start + self._hall.size
        return RepositoryPage(tuple(found[start:end]), str(end) if end < len(found) else "")

    async def search(self, query: str, *, page: int = 1) -> tuple[Repository, ...]:
        self._note("search", query, page)
        found = [one for one in self._hall.known.values() if query in one.name]
        return tuple(found[page * 10 - 10 : page * 10])

    async def namespaces(self) -> tuple[str, ...]:
        self._note("namespaces")
        return tuple(dict.fromkeys(name.partition("/")[0] for name in self._hall.known))

    async def set_visibility(self, repository: str, *, public: bool) -> None:
        self._note("set_visibility", repository, public)
        self._change(repository, public=public)

    async def describe(self, repository: str, description: str) -> None:
        self._note("describe", repository, description)
        self._change(repository, description=description)

    async def mirror(self, repository: str) -> Mirroring | None:
        self._note("mirror", repository)
        return self._hall.mirrors.get(repository)

    async def switch_trigger(self, repository: str, trigger: str, *, enabled: bool) -> None:
        self._note("switch_trigger", repository, trigger, enabled)
        if not self._hall.stubborn:
            self._switch(trigger, enabled)

    def _change(self, repository: str, **facts: Any) -> None:
        if not self._hall.stubborn:
            self._hall.known[repository] = replace(self._hall.known[repository], **facts)


def switched(triggers: tuple[Trigger, ...], trigger: str, enabled: bool) -> tuple[Trigger, ...]:
    """The triggers, one of which is switched on or off."""
    return tuple(replace(one, enabled=enabled) if one.id == trigger else one for one in triggers)
