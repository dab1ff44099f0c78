"""How often somebody who looks at a tag has to wait for Quay: what can be asked at once is asked at once."""

from datetime import datetime

import pytest

from bot.domain.images import MOST_ROWS, Label, Manifest, Scan, TagRow
from bot.domain.repositories import LogEntry
from tests.handlers.conftest import Office
from tests.handlers.double_tagging import Lockstep
from tests.handlers.double_tags import FakeTags
from tests.handlers.registry import FakeQuay, OnePersonsQuay
from tests.handlers.tag_words import stock


class SlowTags(FakeTags):
    """Every call takes one round."""

    steps: Lockstep

    async def history(self, repository: str, tag: str, *, limit: int = MOST_ROWS) -> tuple[TagRow, ...]:
        await self.steps.wait()
        return await super().history(repository, tag, limit=limit)

    async def manifest(self, repository: str, digest: str) -> Manifest | None:
        await self.steps.wait()
        return await super().manifest(repository, digest)

    async def labels(self, repository: str, digest: str) -> tuple[Label, ...] | None:
        await self.steps.wait()
        return await super().labels(repository, digest)

    async def scan(self, repository: str, digest: str) -> Scan:
        await self.steps.wait()
        return await super().scan(repository, digest)


class SlowQuay(FakeQuay):
    """A registry that lets everybody wait."""

    steps: Lockstep

    def as_token(self, token: str) -> "SlowQuayOfOne":
        return SlowQuayOfOne(self, token)


class SlowQuayOfOne(OnePersonsQuay):
    all: SlowQuay

    @property
    def tags(self) -> SlowTags:
        made = SlowTags(self.all.shelf, self._note)
        made.steps = self.all.steps
        return made

    async def tag_digest(self, repository: str, tag: str) -> str:
        await self.all.steps.wait()
        return await super().tag_digest(repository, tag)

    async def log(self, repository: str, since: datetime, until: datetime) -> tuple[LogEntry, ...]:
        await self.all.steps.wait()
        return await super().log(repository, since, until)


@pytest.mark.parametrize(
    ("line", "rounds"),
    [
        ("tag history acme/web:latest", 1),
        ("tag diff acme/web:latest", 2),  # first which images, then everything about both
        ("tag diff acme/web:latest aaaaaaaa bbbbbbbb", 2),
        ("tag labels acme/web:latest", 2),
        ("vulns acme/web:latest", 2),
    ],
)
async def test_whoever_looks_waits_for_one_or_two_rounds_of_calls(line: str, rounds: int) -> None:
    quay = SlowQuay()
    quay.steps = Lockstep()
    office = Office(quay)
    stock(office)
    reply = await quay.steps.through(office.says(line))
    assert "acme/web:latest" in office.reads(reply)[0]
    assert quay.steps.rounds == rounds
