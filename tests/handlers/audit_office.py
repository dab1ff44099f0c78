"""An office with some lines in the audit, for the tests of `/quay audit`."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bot.blocks.neutral import named
from bot.blocks.validator import neutral_problems, problems
from bot.domain.acts import Act, Deed, Outcome
from bot.domain.errors import NotLinked, TryLater, UserError
from bot.domain.people import Account, Person
from bot.domain.repositories import LogEntry
from bot.ports import Line, Sighting
from bot.rules.chain import FIRST, linked
from bot.services.accounts import NOT_LINKED
from bot.services.audit import AuditBook
from handlers.command import Ask, Reply
from handlers.commands import audit
from tests.plugins.rows import NOW

QUAY_URL = "https://quay.example"

ALICE, BOB, CAROL, DAVE = (Person("T1", f"U{name}") for name in ("ALICE", "BOB", "CAROL", "DAVE"))

NAMES = {ALICE: "alice", BOB: "bob", CAROL: "carol"}  # alice is an admin, carol an auditor, dave has no account

WEB = Act("build", "acme/web", {"branch": "main"})


@dataclass
class Lines:
    """The audit in memory."""

    lines: list[Line] = field(default_factory=list)
    full: bool = False

    async def append(self, deed: Deed) -> Line:
        if self.full:
            raise TryLater("The database does not answer.")
        previous = self.lines[-1].hash if self.lines else FIRST
        number = len(self.lines) + 1
        self.lines.append(Line(number, deed, previous, linked(number, previous, deed)))
        return self.lines[-1]

    async def first(self, reference: str) -> Line | None:
        return next((line for line in self.lines if reference in (line.deed.reference, line.deed.approval)), None)

    async def newest(
        self,
        *,
        person: Person | None = None,
        target: str = "",
        reference: str = "",
        before: int = 0,
        limit: int = 10,
        listing: bool = False,
        but: Collection[str] = (),
    ) -> tuple[Line, ...]:
        assert listing is not bool(reference)
        found = [
            line
            for line in reversed(self.lines)
            if person in (None, line.deed.person)
            and (not target or line.deed.act.target == target or line.deed.act.target.startswith(f"{target}:"))
            and reference in ("", line.deed.reference, line.deed.approval)
            and (not before or line.number < before)
            and not (listing and line.deed.act.name == "audit")
            and line.deed.act.name not in but
        ]
        return tuple(found[:limit])


@dataclass
class Quay:
    who: str
    office: "Office"

    async def sighting(self, repository: str) -> Sighting:
        if trouble := self.office.trouble:
            raise trouble
        if self.who == "carol":
            raise UserError("There is no such repository, or you may not see it.")
        return Sighting(can_write=True, can_admin=self.who == "alice" and repository == "acme/web")

    async def log(self, repository: str, since: datetime, until: datetime) -> Sequence[LogEntry]:
        self.office.asked.append((self.who, repository, since, until))
        if self.office.no_log:
            raise self.office.no_log
        if not (await self.sighting(repository)).can_admin:
            raise UserError("That takes an admin.")
        return self.office.log


class Office:
    """A desk as far as the audit needs one."""

    def __init__(self) -> None:
        self.audit = Lines()
        self.log: list[LogEntry] = []
        self.asked: list[tuple[Any, ...]] = []
        self.trouble: Exception | None = None
        self.no_log: Exception | None = None
        clock = SimpleNamespace(now=lambda: NOW)
        self.desk: Any = SimpleNamespace(
            audit=self.audit,
            gate=SimpleNamespace(audit=AuditBook(self.audit, clock)),
            accounts=self,
            policies=self,
            registry=SimpleNamespace(as_token=lambda token: Quay(token.removeprefix("token-"), self)),
            quay_url=QUAY_URL,
        )

    async def of(self, person: Person) -> Account:
        if person not in NAMES:
            raise NotLinked(NOT_LINKED)
        return Account(person, NAMES[person], NOW, f"token-{NAMES[person]}")

    async def is_auditor(self, person: Person, username: str, quay: Quay) -> bool:
        assert (username, quay.who) == (NAMES[person], NAMES[person])
        return person == CAROL

    async def did(
        self, person: Person, reference: str, *, act: Act = WEB, outcome: Outcome = Outcome.DONE, **more: Any
    ):
        number = len(self.audit.lines)
        deed = Deed(NOW + timedelta(minutes=number), reference, person, NAMES.get(person, ""), "C1", act, outcome)
        await self.audit.append(replace(deed, **more))

    async def asks(self, person: Person, *words: str) -> Reply:
        reply = await audit.run(Ask(person, "C1", words), self.desk)
        payload = reply.message.payload()
        assert problems(payload) == []
        assert neutral_problems(payload, mentions=named(payload)) == []
        return reply

    @property
    def looks(self) -> list[tuple[Person, str, Outcome]]:
        """What was written down about looking."""
        deeds = [line.deed for line in self.audit.lines if line.deed.act.name == "audit"]
        return [(deed.person, deed.act.target, deed.outcome) for deed in deeds]


def shown(reply: Reply) -> list[str]:
    """The references on the lines, in their order."""
    texts = [block["text"]["text"] for block in reply.message.blocks if block["type"] == "section"][1:]
    return re.findall(r"`([A-Z]{4}-[0-9]{4})`", "\n".join(texts))


def notes(reply: Reply) -> list[str]:
    return [block["elements"][0]["text"] for block in reply.message.blocks if block["type"] == "context"]


@pytest.fixture
async def office() -> Office:
    office = Office()
    await office.did(ALICE, "AAAA-0001", quay_log="build_dockerfile")
    await office.did(BOB, "BBBB-0002", act=Act("build", "acme/web:v1"))
    await office.did(DAVE, "DDDD-0003", outcome=Outcome.UNLINKED)
    await office.did(BOB, "BBBB-0004", act=Act("build", "acme/api"))
    return office
