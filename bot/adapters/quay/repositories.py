"""Repositories and namespaces with one person's token."""

from datetime import UTC, datetime

from bot.adapters.quay import asks, asks_repositories, asks_robots
from bot.adapters.quay.caller import Caller
from bot.adapters.quay.errors import NotThere
from bot.adapters.quay.reading import moment, to_time
from bot.adapters.quay.shapes_people import UserShape
from bot.adapters.quay.shapes_repositories import FindingsShape, FoundShape, RowShape, RowsShape, WholeShape
from bot.adapters.quay.shapes_robots import MirrorShape
from bot.domain.repositories import Mirroring, Repository, RepositoryPage

_LAST_PAGE = 10  # of a search: Quay shows no more (facts §3.5)


class RepositoriesAs:
    """Implements ports.Repositories."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def get(self, repository: str) -> Repository:
        """One of them."""
        return to_whole(await self._caller.read(asks_repositories.get(repository), WholeShape), repository)

    async def page(self, namespace: str, *, next_page: str = "") -> RepositoryPage:
        """Those of a namespace that the caller sees, a hundred at a time."""
        found = await self._caller.read(asks_repositories.page(namespace, next_page), RowsShape)
        more = found.next_page if found.next_page != next_page else ""  # a page that leads to itself is the last one
        return RepositoryPage(tuple(to_row(one) for one in found.repositories if one.name), more)

    async def search(self, query: str, *, page: int = 1) -> tuple[Repository, ...]:
        """Those that fit best, ten at a time. Beyond the tenth page Quay would show the tenth again, or nothing."""
        if not 1 <= page <= _LAST_PAGE:
            return ()
        found = await self._caller.read(asks_repositories.search(query, page), FindingsShape)
        return tuple(to_found(one) for one in found.results if one.name and one.namespace.name)

    async def namespaces(self) -> tuple[str, ...]:
        """The caller's own namespace, then their organizations; Quay adds public ones of others, which are left out."""
        user = await self._caller.read(asks.whoami(), UserShape)
        mine = [one.name for one in user.organizations or () if one.name and not one.public]
        return tuple(dict.fromkeys((user.username, *mine)))

    async def set_visibility(self, repository: str, *, public: bool) -> None:
        """Show it to everybody, or only to those with a role."""
        await self._caller.ask(asks_repositories.set_visibility(repository, public=public))

    async def describe(self, repository: str, description: str) -> None:
        """Replace its description."""
        await self._caller.ask(asks_repositories.describe(repository, description))

    async def mirror(self, repository: str) -> Mirroring | None:
        """How its mirroring is; None for a 404 about a repository that is surely there (facts §3.5)."""
        try:
            found = await self._caller.read(asks_robots.mirror(repository), MirrorShape)
        except NotThere:
            return None
        return Mirroring(found.sync_status, found.is_enabled, to_start(found.sync_start_date))

    async def switch_trigger(self, repository: str, trigger: str, *, enabled: bool) -> None:
        """Switch a build trigger on or off."""
        await self._caller.ask(asks_repositories.switch_trigger(repository, trigger, enabled=enabled))


def to_whole(raw: WholeShape, repository: str) -> Repository:
    """One repository, with what its living tags tell about when it changed last."""
    changed = {name: at for name, tag in (raw.tags or {}).items() if (at := to_time(tag.last_modified))}
    newest = max(changed, key=lambda name: changed[name], default="")
    return Repository(
        name=_named(raw.namespace, raw.name) or repository,
        description=raw.description,
        public=raw.is_public,
        state=raw.state or "NORMAL",
        can_write=raw.can_write,
        can_admin=raw.can_admin,
        keeps_for=raw.tag_expiration_s,
        tags=None if raw.tags is None else len(raw.tags),
        newest_tag=newest,
        last_changed=changed.get(newest),
        bytes_used=raw.quota_report.quota_bytes or None,
    )


def to_row(raw: RowShape) -> Repository:
    """A row of a namespace's list."""
    return Repository(
        name=_named(raw.namespace, raw.name),
        description=raw.description,
        public=raw.is_public,
        state=raw.state or "NORMAL",
        last_changed=moment(raw.last_modified or None),
        bytes_used=raw.quota_report.quota_bytes or None,
    )


def to_found(raw: FoundShape) -> Repository:
    """A row of a search: it tells no state."""
    return Repository(
        name=_named(raw.namespace.name, raw.name),
        description=raw.description,
        public=raw.is_public,
        state="",
        last_changed=moment(raw.last_modified or None),
    )


def to_start(text: str) -> datetime | None:
    """When a mirror's next sync begins ("2026-11-24T09:00:00Z"); None for what is no such time."""
    try:
        found = datetime.fromisoformat(text)
        return moment((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None


def _named(namespace: str, name: str) -> str:
    return f"{namespace}/{name}" if namespace and name else name
