"""Small hand-written neighbours for the handlers: a registry, a store, a board and a voice that remember."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from bot.blocks.neutral import named
from bot.blocks.validator import neutral_problems, problems, view_problems
from bot.domain.events import BuildMoved, Event, Phase
from bot.domain.messages import Modal
from bot.domain.people import Account, Person
from bot.domain.trail import Step, Unread
from bot.ports import Build, Hook, Page, Received, Watch
from bot.services.accounts import AccountBook
from bot.services.approving import ApprovalBook
from bot.services.audit import AuditBook
from bot.services.board import Telling
from bot.services.gate import Gate
from bot.services.policies import Policies
from bot.services.revealing import Revealing, Where
from bot.services.subscribing import reached
from handlers import dispatch
from handlers.command import Ask, Click, Desk, Errors, Origin, Reply, Submission
from tests.handlers.double_subscriptions import FakeChannels, FakeSubscriptions, FakeUpkeep
from tests.handlers.people import (
    FakeApprovals,
    FakeAudit,
    FakeBanners,
    FakeDirectory,
    FakeKept,
    FakeLinking,
    FakeNotices,
    FakeOffers,
    FakeReveals,
)
from tests.handlers.registry import BUILD_ID, FakeQuay

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
QUAY_URL = "https://quay.example"
PUBLIC_URL = "https://bot.example"
ALICE = Person("T1", "U-ALICE")
BOB = Person("T1", "U-BOB")


@dataclass
class FakeClock:
    time: datetime = START

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@dataclass
class FakeAccounts:
    kept: dict[Person, Account] = field(default_factory=dict)
    forgotten: list[Person] = field(default_factory=list)
    teams: list[str] = field(default_factory=list)  # that were forgotten as a whole
    error: Exception | None = None  # raised instead of opening a token

    async def link(self, account: Account) -> None:
        self.kept[account.person] = account

    async def of(self, person: Person) -> Account | None:
        if self.error:
            raise self.error
        return self.kept.get(person)

    async def forget(self, person: Person) -> bool:
        return self.kept.pop(person, None) is not None

    async def of_username(self, username: str) -> tuple[Person, ...]:
        return tuple(person for person, account in self.kept.items() if account.username == username)

    async def everybody(self) -> tuple[Person, ...]:
        return tuple(self.kept)

    async def forget_all_of(self, person: Person) -> None:
        if not person.user:
            raise ValueError("nobody")
        self.forgotten.append(person)
        self.kept.pop(person, None)

    async def forget_everybody(self) -> None:
        self.teams.append("*")
        self.kept.clear()

    async def forget_team(self, team: str) -> None:
        self.teams.append(team)
        self.kept = {one: account for one, account in self.kept.items() if one.team != team}


@dataclass
class FakeBoard:
    told: list[tuple[BuildMoved, tuple[str, ...], str | None]] = field(default_factory=list)
    hangs: tuple[str, ...] = ("C1",)  # where the cards are
    released: list[Telling] = field(default_factory=list)

    async def tell(self, event: Event, *, channels: Sequence[str] = (), asker: str | None = None) -> None:
        assert isinstance(event, BuildMoved)
        self.told.append((event, tuple(channels), asker))

    async def channels(self, event: Event) -> tuple[str, ...]:
        return self.hangs

    async def release(self, tellings: Sequence[Telling], lookups: Collection[int]) -> None:
        for telling in tellings:
            await self.tell(telling.event, channels=telling.channels, asker=telling.asker)
        self.released += tellings


@dataclass
class FakeWatches:
    """Watches with their next time to look."""

    due: dict[str, tuple[Watch, datetime]] = field(default_factory=dict)

    async def add(self, repository: str, build: str, person: Person, now: datetime) -> None:
        self.due.setdefault(build, (Watch(repository, build, person, now, 0), now))

    async def claim(self, limit: int, now: datetime, lease: timedelta) -> tuple[Watch, ...]:
        found = [replace(watch, due_at=at) for watch, at in self.due.values() if at <= now][:limit]
        for watch in found:
            self.due[watch.build] = (replace(watch, polls=watch.polls + 1), now + lease)
        return tuple(found)

    async def later(self, build: str, until: datetime) -> None:
        self.due[build] = (self.due[build][0], until)

    async def hurry(self, build: str, now: datetime) -> None:
        if build in self.due:
            self.due[build] = (self.due[build][0], now)

    async def end(self, build: str) -> None:
        self.due.pop(build, None)


@dataclass
class FakeVoice:
    """Modals by view id, each with everything it has shown; files as (person, name, content, words).

    `homes` are the Home tabs by person, `responses` what went to response addresses (once `answers` is set).
    """

    modals: dict[str, list[Modal]] = field(default_factory=dict)
    files: list[tuple[str, str, bytes, str]] = field(default_factory=list)
    no_files: Exception | None = None
    opened_with: list[str] = field(default_factory=list)
    homes: dict[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    unfurled: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    answers: bool = False
    responses: list[Mapping[str, Any]] = field(default_factory=list)

    async def open(self, trigger: str, modal: Modal) -> str:
        self.opened_with.append(trigger)
        view = f"V{len(self.modals) + 1}"
        self.modals[view] = [modal]
        return view

    async def update_view(self, view: str, modal: Modal) -> None:
        self.modals.setdefault(view, []).append(modal)

    async def publish(self, user: str, blocks: Sequence[Mapping[str, Any]]) -> None:
        self.homes[user] = tuple(blocks)

    async def unfurl(self, place: Mapping[str, str], unfurls: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        self.unfurled.append((dict(place), dict(unfurls)))

    async def post(self, channel: str, payload: Mapping[str, Any], key: str) -> str:
        raise AssertionError("handlers never post")

    async def update(self, channel: str, ts: str, payload: Mapping[str, Any], key: str) -> None:
        raise AssertionError("handlers never edit")

    async def find(self, channel: str, key: str, since: datetime, until: datetime, thread: str = "") -> str | None:
        raise AssertionError("handlers never search")

    async def upload(self, user: str, filename: str, data: bytes, comment: str) -> None:
        if self.no_files:
            raise self.no_files
        self.files.append((user, filename, data, comment))

    async def whisper(self, channel: str, user: str, payload: Mapping[str, Any]) -> None:
        raise AssertionError("handlers answer with a Reply")

    async def respond(self, url: str, payload: Mapping[str, Any]) -> None:
        if not self.answers:
            raise AssertionError("handlers answer with a Reply")
        assert problems({key: payload[key] for key in ("text", "blocks")}) == []
        assert neutral_problems({key: payload[key] for key in ("text", "blocks")}) == []
        self.responses.append(payload)


@dataclass
class FakeOnce:
    swept: list[datetime] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    async def first(self, key: str, now: datetime) -> bool:
        new = key not in self.seen
        self.seen.add(key)
        return new

    async def sweep(self, before: datetime) -> None:
        self.swept.append(before)


@dataclass
class FakeTrail:
    """Steps, unread deliveries, webhook URLs and lists as a test puts them there."""

    kept: list[Step] = field(default_factory=list)
    left: list[Unread] = field(default_factory=list)
    urls: list[Hook] = field(default_factory=list)
    pages: dict[str, Page] = field(default_factory=dict)
    told: list[tuple[str, str, str]] = field(default_factory=list)  # (repository, id, channel) of builds with a card
    heard: dict[tuple[str, str], list[Received]] = field(default_factory=dict)  # by channel and subject
    messages: dict[tuple[str, str], int] = field(default_factory=dict)  # how many were posted, by channel and subject

    async def received(
        self, channel: str, subject: str, kinds: Collection[str], since: datetime, *, subscription: str = ""
    ) -> tuple[Received, ...]:
        found = self.heard.get((channel, subject), [])
        return tuple(one for one in found if one.kind in kinds and one.at >= since)

    async def posted(self, channel: str, subjects: Collection[str], since: datetime, *, subscription: str = "") -> int:
        return sum(self.messages.get((channel, subject), 0) for subject in set(subjects))

    async def builds(self, start: str, *, channel: str = "", limit: int = 5) -> tuple[tuple[str, str], ...]:
        found = [one[:2] for one in self.told if one[1].startswith(start) and channel in ("", one[2])]
        return tuple(dict.fromkeys(found))[:limit]

    async def steps(self, subject: str, *, tag: str = "", channel: str = "", limit: int = 10) -> tuple[Step, ...]:
        found = [step for step in self.kept if step.subject == subject and (not tag or tag in step.tags)]
        return tuple(step for step in found if channel in ("", step.channel))[:limit]

    async def unread(self, subject: str, *, channel: str = "", limit: int = 10) -> tuple[Unread, ...]:
        return tuple(one for one in self.left if not channel or channel in one.channels)[:limit]

    async def hooks(self, subject: str, *, channel: str = "") -> tuple[Hook, ...]:
        found = [hook for hook in self.urls if hook.target == subject]
        return tuple(hook for hook in found if not channel or channel in hook.channels)

    async def items(self, key: str, *, start: int = 0, limit: int = 1000) -> Page | None:
        page = self.pages.get(key)
        return page and replace(page, items=page.items[start : start + limit])


class Office:
    """A desk with its neighbours, and short ways to ask, press and send as somebody. Alice is linked."""

    alice, bob, build_id, start, quay_url = ALICE, BOB, BUILD_ID, START, QUAY_URL

    def __init__(self, quay: FakeQuay | None = None) -> None:
        self.clock = FakeClock()
        self.quay = quay or FakeQuay()
        self.accounts = FakeAccounts({ALICE: Account(ALICE, "alice", START, "token-alice")})
        self.board = FakeBoard()
        self.watches = FakeWatches()
        self.voice = FakeVoice()
        self.once = FakeOnce()
        self.trail = FakeTrail()
        self.audit = FakeAudit()
        self.approvals = FakeApprovals()
        self.kept = FakeKept()
        self.directory = FakeDirectory()
        self.offers = FakeOffers()
        self.notices = FakeNotices()
        self.reveals = FakeReveals()
        self.revealing = Revealing(self.reveals, self.clock, "", Where.MODAL)
        self.banners = FakeBanners()
        self.channels = FakeChannels()
        self.subscriptions = FakeSubscriptions()
        self.upkeep = FakeUpkeep(self.subscriptions)
        self.policies = Policies(None, self.directory, self.clock)
        accounts = AccountBook(self.accounts, self.quay, self.clock)
        self.linking = FakeLinking(self.accounts, self.clock, accounts)
        book = AuditBook(self.audit, self.clock)
        reach = partial(reached, subscriptions=self.subscriptions)
        gate = Gate(accounts, self.quay, self.policies, book, self.clock, reach)
        self.desk = Desk(
            registry=self.quay,
            accounts=accounts,
            people=self.accounts,
            board=self.board,
            watches=self.watches,
            voice=self.voice,
            clock=self.clock,
            quay_url=QUAY_URL,
            once=self.once,
            trail=self.trail,
            gate=gate,
            policies=self.policies,
            approving=ApprovalBook(self.approvals, gate, book, self.clock),
            linking=self.linking,
            kept=self.kept,
            audit=self.audit,
            directory=self.directory,
            offers=self.offers,
            notices=self.notices,
            revealing=self.revealing,
            banners=self.banners,
            channels=self.channels,
            subscriptions=self.subscriptions,
            upkeep=self.upkeep,
            public_url=PUBLIC_URL,
        )

    def links_bob(self) -> None:
        self.accounts.kept[BOB] = Account(BOB, "bob", START, "token-bob")

    def has_build(self, phase: Phase = Phase.BUILDING, **facts: Any) -> Build:
        build = Build(BUILD_ID, "acme/web", phase, name="c9d8ae9", **facts)
        self.quay.builds[build.id] = build
        return build

    async def says(self, text: str, person: Person = ALICE, *, trigger: str = "TRIGGER") -> Reply | None:
        """What `/quay TEXT` answers; every answer must be one that Slack takes."""
        ask = Ask(person, "C1", trigger=trigger, response_url="https://hooks.example/r")
        return self.fine(await dispatch.run(text, ask, self.desk, reference=lambda: "KDW-407"))

    async def presses(
        self, action: str, value: str = f"acme/web {BUILD_ID}", person: Person = ALICE, **more: Any
    ) -> Reply | None:
        press = Click(person, more.pop("channel", "C1"), value, "TRIGGER", **more)
        return self.fine(await dispatch.click(action, press, self.desk, reference=lambda: "KDW-407"))

    async def sends(self, token: str, person: Person = ALICE) -> Reply | None:
        sent = Submission(person, "V1", {"token": token}, Origin("C1").pack())
        result = await dispatch.submit("link_account", sent, self.desk, reference=lambda: "KDW-407")
        assert result is None or isinstance(result, Reply)
        return self.fine(result)

    async def enters(self, code: str, person: Person = ALICE) -> Reply | Errors:
        """Send the form for the code of the linking page."""
        sent = Submission(person, "V1", {"code": code}, Origin("C1").pack())
        result = await dispatch.submit("link_code", sent, self.desk, reference=lambda: "KDW-407")
        assert isinstance(result, (Reply, Errors))
        return self.fine(result) if isinstance(result, Reply) else result

    def shown(self, view: str = "V1") -> Modal:
        """What the modal shows now; it must be one that Slack takes."""
        modal = self.voice.modals[view][-1]
        assert view_problems(modal.view()) == []
        assert neutral_problems(modal.view()) == []
        return modal

    @staticmethod
    def fine(reply: Reply | None) -> Reply | None:
        if reply is not None:
            assert problems(reply.message.payload()) == []
            payload = reply.message.payload()
            assert neutral_problems(payload, mentions=named(payload)) == []
        return reply

    @staticmethod
    def words(blocks: Sequence[Mapping[str, Any]]) -> list[str]:
        """The texts that a reader sees, block by block; buttons in brackets."""
        return [" ".join(_texts(block)) for block in blocks]

    def reads(self, reply: Reply | None) -> list[str]:
        assert reply is not None
        return self.words(reply.message.blocks)


def _texts(block: Mapping[str, Any]) -> list[str]:
    if block["type"] == "button":
        return [f"[{block['text']['text']}]"]
    if block["type"] == "input":
        return [f"<{block['label']['text']}>"]
    if block["type"] == "divider":
        return ["---"]
    if block["type"] in ("context", "actions"):
        return [text for element in block["elements"] for text in _texts(element)]
    return [block["text"] if isinstance(block["text"], str) else block["text"]["text"]]


@pytest.fixture
def office() -> Office:
    return Office()
