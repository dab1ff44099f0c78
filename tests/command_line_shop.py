"""A shop for the tests of `quaybot apply` and `export`: the program, its store, and a simulated Quay."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.clock import SystemClock
from bot.adapters.sealing import Sealer
from bot.adapters.store import SqlStore, open_store
from bot.domain.people import Account, Person
from bot.domain.subscriptions import Subscription, Wanted
from bot.fakes.quay import FakeQuay
from tests.command_line import Done, Run, elsewhere

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
KEY = "sixteen letters or more"
ADA, BOB = Person("T1", "U0ADA"), Person("T1", "U0BOB")
ONE = """owner = "U0ADA"

[[subscription]]
target = "acme/web"
channel = "C01"
events = ["pushes"]
filter = "tag:v*"
"""
WEB = Wanted("acme/web", ("repo_push",), "tag:v*")
COUNTS = "{} to add, {} to change, {} to end, {} as the file says"


@pytest.fixture
async def quay() -> AsyncIterator[FakeQuay]:
    fake = FakeQuay(clock=SystemClock())
    fake.add_organization("acme", admins=["ada"])
    fake.add_user("bob")
    for name in ("acme/web", "acme/api"):
        fake.add_repository(name)
    fake.grant("bob", "acme/web", "write")
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "subscriptions.toml"
    path.write_text(ONE)
    return path


def put(file: Path, content: str | bytes | None) -> None:
    """The file has that in it; None: there is none."""
    file.unlink(missing_ok=True)
    if content is not None:
        file.write_bytes(content.encode() if isinstance(content, str) else content)


class Shop:
    """The program with a store of its own, in which ada and bob have linked their accounts."""

    def __init__(self, run: Run, folder: Path, quay: FakeQuay) -> None:
        self._run = run
        self._url = f"sqlite:///{folder / 'quaybot.db'}"
        self._quay = quay

    async def quaybot(self, *words: str, **settings: str) -> Done:
        names = {"SECRET_KEYS": KEY, "QUAY_URL": self._quay.url, **settings}
        return await elsewhere(self._run, *words, **names)

    async def do(self, work: Callable[[SqlStore], Awaitable[Any]]) -> Any:
        store = open_store(self._url, Sealer([KEY]))
        try:
            return await work(store)
        finally:
            await store.close()

    async def add(self, *made: Subscription) -> None:
        async def work(store: SqlStore) -> None:
            for one in made:
                assert await store.subscriptions.add(one, AT)

        await self.do(work)

    async def all(self) -> tuple[Subscription, ...]:
        found: tuple[Subscription, ...] = await self.do(lambda store: store.subscriptions.all())
        return found


@pytest.fixture
async def shop(quaybot: Run, tmp_path: Path, quay: FakeQuay) -> Shop:
    shop = Shop(quaybot, tmp_path, quay)
    await elsewhere(quaybot, "migrate")

    async def link(store: SqlStore) -> None:
        for person, name in ((ADA, "ada"), (BOB, "bob")):
            await store.accounts.link(Account(person, name, AT, quay.token(name, "repo:admin user:read")))

    await shop.do(link)
    return shop


def there(wish: Wanted = WEB, name: str = "SAAAA", **more: Any) -> Subscription:
    words: dict[str, Any] = {"channel": "C01", "person": ADA, "username": "ada", "created_at": AT, **more}
    return Subscription(name=name, wanted=wish, **words)
