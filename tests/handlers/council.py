"""An office with a policy that tests dictate, several people who may approve, and a mailbox for private messages."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from bot.blocks.validator import neutral_problems, problems, view_problems
from bot.domain.acts import Act, Request, Stage
from bot.domain.people import Account, Person
from bot.rules.policy import NOBODY_ASKED, Decision, Effect
from bot.services.stages import HUNG
from bot.services.verdicts import strictest
from handlers import dispatch
from handlers.command import Reply, Submission
from tests.handlers.conftest import START, FakeVoice, Office
from tests.handlers.people import FakeApprovals
from tests.handlers.registry import FakeQuay

CAROL, DAVE = Person("T1", "U-CAROL"), Person("T1", "U-DAVE")
OLD, NEW = "sha256:" + "a" * 64, "sha256:" + "b" * 64
URL = "https://bot:hunter2@files.example/secret/a.tgz?key=s3cret"


@dataclass
class Rulings:
    """A policy in which `decision` holds for everything, and `members` for every who-word."""

    decision: Decision = NOBODY_ASKED
    by_target: dict[str, Decision] = field(default_factory=dict)
    members: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    asked: list[Act] = field(default_factory=list)

    async def decide(self, person: Person, username: str, quay: object, act: Act, channel: str) -> Decision:
        self.asked.append(act)
        await asyncio.sleep(0)  # others get their turn, as they would meanwhile
        return strictest([self.by_target.get(target, self.decision) for target in act.targets])

    async def is_one_of(self, person: Person, username: str, quay: object, who: Sequence[str]) -> bool | None:
        await asyncio.sleep(0)
        return None if person.user in self.unknown else person.user in self.members

    async def approvers(self) -> tuple[str, ...]:
        return self.decision.approvers

    async def may_approve(self, person: Person, username: str, quay: object) -> bool:
        return await self.is_one_of(person, username, quay, await self.approvers()) is True

    async def asks_about_quay_names(self) -> bool:
        return False

    async def is_auditor(self, person: Person, username: str, quay: object) -> bool:
        return False


@dataclass
class Mail(FakeVoice):
    """Private messages as (person, payload)."""

    letters: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    async def post(self, channel: str, payload: Mapping[str, Any], key: str) -> str:
        assert problems(payload) == []
        self.letters.append((channel, payload))
        return "1.1"


@dataclass
class Requests(FakeApprovals):
    """Knows when each request came to its stage, so that hung ones are found."""

    since: dict[str, tuple[Stage, Any]] = field(default_factory=dict)

    async def over(self, now: Any, running_since: Any) -> Sequence[str]:
        late = await super().over(now, running_since)
        hung = [one.name for one in self.requests.values() if one.stage is Stage.RUNNING]
        return (*late, *hung) if now - START >= HUNG else late


class Council(Office):
    """Alice asks; Bob, Carol and Dave may approve."""

    carol, dave = CAROL, DAVE

    def __init__(self, needed: int = 2, quay: FakeQuay | None = None) -> None:
        super().__init__(quay)
        for name, person in {"bob": self.bob, "carol": CAROL, "dave": DAVE}.items():
            self.links(person, name)
        self.quay.digests["acme/web:v1"] = OLD
        self.rulings = Rulings(members={"U-BOB", "U-CAROL", "U-DAVE"})
        self.needs(needed)
        self.voice = Mail()
        self.approvals = Requests()
        gate = replace(self.desk.gate, policies=self.rulings)
        book = replace(self.desk.approving, gate=gate, store=self.approvals)
        self.desk = replace(self.desk, gate=gate, policies=self.rulings, approving=book, voice=self.voice)

    def links(self, person: Person, username: str) -> None:
        self.quay.users[f"token-{username}"] = username
        self.accounts.kept[person] = Account(person, username, START, f"token-{username}")

    def needs(self, approvals: int, rule: str = "prod") -> None:
        self.rulings.decision = Decision(
            Effect.APPROVE, rule, approvers=("group:S1",), needed=approvals, expires=timedelta(hours=1)
        )

    async def asks(self, text: str = f"build acme/web:v1 --archive-url {URL}") -> str:
        """Alice asks for something; the name of the request."""
        reply = await self.says(text)
        assert reply is not None
        return next(reversed(self.approvals.requests))

    async def denies(self, name: str, person: Person, why: str = "") -> Reply | None:
        """Somebody presses Deny and sends the form that opens, with a reason or none; what they hear."""
        opened = len(self.voice.modals)
        if (refused := await self.presses("approval_deny", name, person)) is not None:
            return refused
        assert len(self.voice.modals) > opened
        form = list(self.voice.modals.values())[-1][-1]
        assert view_problems(form.view()) == []
        field = form.blocks[-1]["block_id"]
        sent = Submission(person, "V1", {field: why}, form.private)
        reply = await dispatch.submit("approval_deny", sent, self.desk, reference=lambda: "KDW-407")
        assert reply is None or isinstance(reply, Reply)
        return self.fine(reply)

    @property
    def request(self) -> Request:
        """The newest one."""
        return next(reversed(self.approvals.requests.values()))

    @property
    def ran(self) -> int:
        """How often something was done in Quay."""
        changing = {"request_build", "retry_build", "cancel_build", "start_trigger"}
        return sum(call[1] in changing for call in self.quay.calls)

    @property
    def card(self) -> list[str]:
        """What the newest card shows: headline, then its details; people as @id."""
        payload = self.approvals.cards[-1].payload
        assert problems(payload) == []
        assert neutral_problems(payload) == []
        [attachment] = payload["attachments"]
        return [drawn(block) for block in (*payload["blocks"], *attachment["blocks"])]

    def outcomes(self) -> list[str]:
        """Outcomes in the audit, with the Slack user of each."""
        return [f"{line.deed.person.user}: {line.deed.outcome}" for line in self.audit.lines]


def drawn(block: Mapping[str, Any]) -> str:
    """A block as a line for people who read tests."""
    if block["type"] == "rich_text":
        return "".join(_piece(piece) for part in block["elements"] for piece in part["elements"])
    if block["type"] == "section":
        return str(block["text"]["text"])
    if block["type"] == "context":
        return "~ " + " | ".join(element["text"] for element in block["elements"])
    return " ".join(f"[{element['text']['text']}]({element['value']})" for element in block["elements"])


def _piece(piece: Mapping[str, Any]) -> str:
    marks = {"user": "@", "usergroup": "@", "channel": "#"}
    if piece["type"] == "text":
        return str(piece["text"])
    return marks[piece["type"]] + str(next(value for key, value in piece.items() if key != "type"))


async def approve(council: Council, person: Person) -> str:
    """Somebody presses Approve on the newest request; what they hear."""
    reply = await council.presses("approval_approve", council.request.name, person)
    return reply.message.text


async def deny(council: Council, person: Person) -> str:
    """Somebody denies the newest request without a reason; what they hear."""
    return (await council.denies(council.request.name, person)).message.text
