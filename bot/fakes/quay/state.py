"""What the fake Quay remembers: everything in it, and the queue of things to deliver."""

import random
import string
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.fakes.quay.identities import Application, Assignment, Code, LogRow, Organization, Session, Token, User
from bot.fakes.quay.records import (
    FakeBuild,
    FakeNotification,
    FakeRepository,
    FakeTrigger,
    Item,
    Message,
    Robot,
)
from bot.ports import Clock


class State:
    """Everything the fake Quay remembers. Ids come from a seeded generator, time from the clock that was given."""

    def __init__(self, *, clock: Clock, seed: int = 0) -> None:
        self.clock = clock
        self.url = "http://127.0.0.1:0"
        self.on_change: Callable[[], None] | None = None
        self.queue_limit: dict[str, int] = {}
        self.builds: dict[str, FakeBuild] = {}
        self.notifications: dict[str, FakeNotification] = {}
        self.triggers: dict[str, FakeTrigger] = {}
        self.users: dict[str, User] = {}
        self.organizations: dict[str, Organization] = {}
        self.applications: dict[str, Application] = {}
        self.codes: dict[str, Code] = {}
        self.assignments: dict[str, Assignment] = {}
        self.sessions: dict[str, Session] = {}
        self.usage: list[LogRow] = []  # the usage log, oldest first
        self.tokens_made = 0
        self.offers_accounts = False  # the sign-in page has a button for every account, for demonstrations
        self.repositories: dict[str, FakeRepository] = {}
        self.tokens: dict[str, Token] = {}
        self.robots: dict[str, Robot] = {}
        self.messages: list[Message] = []
        self.queue: list[Item] = []
        self.immutable_tags = False  # whether the server knows tags that nobody may change
        self.manager_cancels = False  # whether the build manager agrees to cancel a running build
        self.redis_down = False  # live status and logs of builds cannot be read
        self.quota_told: dict[tuple[str, str, int], datetime] = {}
        self._ids = random.Random(seed)
        self._order = random.Random(seed)
        self._handles = random.Random(f"handles {seed}")
        self._items = 0

    def uuid(self) -> str:
        """A new id, the same ones for the same seed."""
        return str(uuid.UUID(int=self._ids.getrandbits(128), version=4))

    def secret(self, length: int) -> str:
        """A new random string of capitals and digits, as Quay makes its tokens."""
        return "".join(self._ids.choices(string.ascii_uppercase + string.digits, k=length))

    def handle(self, length: int) -> str:
        """A new random string as of `secret`, for clients, codes and sessions: those of builds do not depend on it."""
        return "".join(self._handles.choices(string.ascii_uppercase + string.digits, k=length))

    def handle_uuid(self) -> str:
        """A new id as of `uuid`, for tokens and assignments."""
        return str(uuid.UUID(int=self._handles.getrandbits(128), version=4))

    def digest(self) -> str:
        """A new manifest digest."""
        return f"sha256:{self._ids.getrandbits(256):064x}"

    def changed(self) -> None:
        """Tell whoever wants to know."""
        if self.on_change is not None:
            self.on_change()

    def enqueue(self, notification: FakeNotification, data: Mapping[str, Any]) -> None:
        """Queue one delivery; it is due at once."""
        self._items += 1
        self.queue.append(Item(self._items, notification.uuid, dict(data), self.clock.now()))

    def pick(self, items: Sequence[Item]) -> Item:
        """A random one of the first fifty: deliveries have no order (facts §1.3)."""
        return self._order.choice(items[:50])

    def listening(self, target: str, event: str) -> list[FakeNotification]:
        """The notifications of a repository or namespace for an event, oldest first."""
        return [n for n in self.notifications.values() if n.target == target and n.event == event]
