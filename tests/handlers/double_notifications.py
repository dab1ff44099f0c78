"""Notifications in a hand-written Quay: as a test puts them there, changed by whoever asks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.subscriptions import OFF, Notification


@dataclass
class Bells:
    """All notifications, by repository or namespace. `rings` is called with each test call that Quay sends."""

    kept: dict[str, list[Notification]] = field(default_factory=dict)
    rings: Callable[[str, Notification], None] = lambda _target, _one: None

    def has(self, target: str, uuid: str, event: str = "repo_push", **facts: Any) -> Notification:
        """One that is there."""
        one = Notification(uuid, event, **({"method": "webhook", "title": "quaybot"} | facts))
        self.kept.setdefault(target, []).append(one)
        return one


@dataclass
class FakeNotifications:
    """Implements ports.Notifications. `note` is told each call, and raises what the test wants it to."""

    bells: Bells
    note: Callable[..., None]

    async def all(self, target: str) -> tuple[Notification, ...]:
        self.note("notifications", target)
        return tuple(self.bells.kept.get(target, ()))

    async def create(self, target: str, event: str, url: str, title: str, config: Mapping[str, object]) -> Notification:
        self.note("create_notification", target, event, title, dict(config))
        uuid = f"uuid-{sum(map(len, self.bells.kept.values())) + 1}"
        return self.bells.has(target, uuid, event, title=title, config=dict(config))

    async def delete(self, target: str, uuid: str) -> bool:
        self.note("delete_notification", target, uuid)
        kept = self.bells.kept.get(target, [])
        self.bells.kept[target] = [one for one in kept if one.uuid != uuid]
        return len(self.bells.kept[target]) < len(kept)

    async def reset(self, target: str, uuid: str) -> bool:
        self.note("reset_notification", target, uuid)
        kept = self.bells.kept.get(target, [])
        self.bells.kept[target] = [replace(one, failures=0) if one.uuid == uuid else one for one in kept]
        return any(one.uuid == uuid for one in kept)

    async def test(self, target: str, uuid: str) -> bool:
        self.note("test_notification", target, uuid)
        found = next((one for one in self.bells.kept.get(target, ()) if one.uuid == uuid), None)
        if found is not None and found.failures < OFF:
            self.bells.rings(target, found)
        return found is not None
