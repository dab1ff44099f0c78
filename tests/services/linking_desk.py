"""A small world for linking: attempts in memory, a Quay that knows some tokens and codes, a Slack that listens."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.errors import BotError, GiveUp, NotLinked, UserError
from bot.domain.people import Account, Person, Profile, Way, Workspace
from bot.ports import Client, Grant, LinkAttempt, LinkStage, QuayUser
from bot.services.accounts import AccountBook
from bot.services.audit import AuditBook
from bot.services.linking import Linking
from tests.fakes.slack_desk import HandClock
from tests.handlers.people import FakeAudit

ALICE, MALLORY, BOB = Person("T1", "UALICE"), Person("T1", "UMALLORY"), Person("T1", "UBOB")
ALICES, MALLORYS = "a" * 40, "m" * 40  # tokens
QUAY = "https://quay.example"
SITE = "http://bot.example:8080"
UUID = "6c41523f-6841-48a6-af8b-afad972919ac"  # of a token that is assigned


@dataclass
class Row:
    """One attempt, with the hashes that lead to it."""

    attempt: LinkAttempt
    ticket: str
    cookie: str = ""
    state: str = ""
    code: str = ""
    account: Account | None = None


@dataclass
class HandLinks:
    """Keeps the promises of ports.Links in memory."""

    rows: dict[Person, Row] = field(default_factory=dict)
    made: int = 0
    accounts: "HandAccounts | None" = None  # where a confirmed account goes

    async def start(
        self, person: Person, ticket: str, scopes: frozenset[str], origin: str, now: datetime, life: timedelta
    ) -> None:
        attempt = LinkAttempt(self._next(), person, LinkStage.OPEN, Way.CODE, scopes, origin, now + life)
        self.rows[person] = Row(attempt, ticket)

    async def by_ticket(self, ticket: str, now: datetime) -> LinkAttempt | None:
        return self._only(now, lambda row: row.ticket == ticket and row.attempt.stage is not LinkStage.DONE)

    async def by_cookie(self, cookie: str, now: datetime) -> LinkAttempt | None:
        return self._only(now, lambda row: row.cookie == cookie)

    async def of(self, person: Person, now: datetime) -> LinkAttempt | None:
        return self._only(now, lambda row: row.attempt.person == person and row.attempt.stage is not LinkStage.DONE)

    async def leave(self, attempt: int, cookie: str, state: str, way: Way, now: datetime) -> bool:
        row = self._row(attempt, now)
        if row is None or row.attempt.stage not in {LinkStage.OPEN, LinkStage.AWAY}:
            return False
        number = row.attempt.id if row.cookie in {"", cookie} else self._next()
        row.cookie, row.state = cookie, state
        row.attempt = replace(row.attempt, id=number, stage=LinkStage.AWAY, way=way)
        return True

    async def by_state(self, state: str, now: datetime) -> LinkAttempt | None:
        return self._only(now, lambda row: row.state == state and row.attempt.stage is LinkStage.AWAY)

    async def confirmed(self, attempt: int) -> bool:
        return any(one.attempt.id == attempt and one.attempt.stage is LinkStage.DONE for one in self.rows.values())

    async def arrive(self, state: str, cookie: str, now: datetime) -> LinkAttempt | None:
        row = next((row for row in self.rows.values() if row.state == state), None)
        if row is None:
            return None
        row.state = ""
        fits = row.cookie == cookie and row.attempt.expires_at > now and row.attempt.stage is LinkStage.AWAY
        return row.attempt if fits else None

    async def offer(self, attempt: int, account: Account, code: str, now: datetime) -> bool:
        row = self._row(attempt, now)
        if row is None or row.attempt.stage is not LinkStage.AWAY:
            return False
        row.account, row.code = account, code
        row.attempt = replace(row.attempt, stage=LinkStage.CONFIRM, username=account.username)
        return True

    async def confirm(self, person: Person, code: str, now: datetime, tries: int) -> Account | None:
        row = self.rows.get(person)
        if row is None or row.attempt.stage is not LinkStage.CONFIRM or row.attempt.expires_at <= now:
            return None
        if row.code == code:
            assert row.account is not None
            assert self.accounts is not None
            account, row.account = replace(row.account, linked_at=now), None
            await self.accounts.link(account)
            row.attempt = replace(row.attempt, stage=LinkStage.DONE)
            return account
        row.attempt = replace(row.attempt, tries=row.attempt.tries + 1)
        if row.attempt.tries >= tries:
            del self.rows[person]
        return None

    async def cancel(self, person: Person) -> bool:
        return self.rows.pop(person, None) is not None

    async def sweep(self, now: datetime) -> None:
        self.rows = {person: row for person, row in self.rows.items() if row.attempt.expires_at > now}

    def _next(self) -> int:
        self.made += 1
        return self.made

    def _row(self, attempt: int, now: datetime) -> Row | None:
        return next((r for r in self.rows.values() if r.attempt.id == attempt and r.attempt.expires_at > now), None)

    def _only(self, now: datetime, fits: Any) -> LinkAttempt | None:
        found = [row.attempt for row in self.rows.values() if fits(row) and row.attempt.expires_at > now]
        return found[0] if found else None


@dataclass
class HandAccounts:
    """Keeps linked accounts in memory."""

    linked: dict[Person, Account] = field(default_factory=dict)

    async def link(self, account: Account) -> None:
        self.linked[account.person] = account

    async def of(self, person: Person) -> Account | None:
        return self.linked.get(person)

    async def forget_all_of(self, person: Person) -> None:
        self.linked.pop(person, None)

    async def of_username(self, username: str) -> tuple[Person, ...]:
        return tuple(person for person, account in self.linked.items() if account.username == username)


@dataclass
class OneQuay:
    """Quay as the owner of a token sees it."""

    owner: str | None

    async def whoami(self) -> QuayUser:
        if self.owner is None:
            raise NotLinked("Quay did not accept it.")
        return QuayUser(self.owner)


@dataclass
class HandRegistry:
    """Quay as far as linking asks it. Codes are used up; what they are exchanged with is remembered."""

    owners: dict[str, str] = field(default_factory=lambda: {ALICES: "alice", MALLORYS: "mallory"})
    codes: dict[str, str] = field(default_factory=lambda: {"code-of-alice": ALICES, "code-of-mallory": MALLORYS})
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    broken: BotError | None = None

    def as_token(self, token: str) -> OneQuay:
        return OneQuay(self.owners.get(token))

    async def exchange(self, client: Client, code: str, redirect_uri: str, scope: str) -> Grant:
        if self.broken:
            raise self.broken
        self.asked.append((client.id, redirect_uri, scope))
        if code not in self.codes:
            raise UserError("Quay did not take the code.", detail="invalid_grant")
        return Grant(self.codes.pop(code), frozenset(scope.split()))


@dataclass
class HandDirectory:
    """Slack's list of people."""

    names: dict[str, str] = field(default_factory=lambda: {"UALICE": "Alice", "UMALLORY": "Mallory", "UBOB": "Bob"})
    workspace: Workspace = field(default_factory=lambda: Workspace("T1", "Acme"))
    silent: bool = False
    gone: set[str] = field(default_factory=set)

    async def profile(self, user: str) -> Profile:
        if self.silent:
            raise GiveUp("Slack does not say.")
        return Profile(user, self.names.get(user, ""), deleted=user in self.gone)

    async def home(self) -> Workspace:
        if self.silent:
            raise GiveUp("Slack does not say.")
        return self.workspace


@dataclass
class HandVoice:
    """Remembers what is posted: to whom, what, under which key."""

    posted: list[tuple[str, Mapping[str, Any], str]] = field(default_factory=list)
    error: BotError | None = None

    async def post(self, channel: str, payload: Mapping[str, Any], key: str) -> str:
        if self.error:
            raise self.error
        self.posted.append((channel, payload, key))
        return "1.0"


@dataclass
class World:
    """Everything together."""

    clock: HandClock = field(default_factory=HandClock)
    links: Any = field(default_factory=HandLinks)
    accounts: Any = field(default_factory=HandAccounts)
    quay: HandRegistry = field(default_factory=HandRegistry)
    slack: HandDirectory = field(default_factory=HandDirectory)
    audit: FakeAudit = field(default_factory=FakeAudit)
    voice: HandVoice = field(default_factory=HandVoice)
    site: str = SITE
    client: Client | None = field(default_factory=lambda: Client("CLIENT", "hush-hush"))

    def __post_init__(self) -> None:
        if isinstance(self.links, HandLinks):
            self.links.accounts = self.accounts

    def linking(self, **other: Any) -> Linking:
        parts_of_book: list[Any] = [self.accounts, self.quay, self.clock]
        book = AccountBook(*parts_of_book)
        parts: list[Any] = [self.links, book, self.quay, self.slack, self.voice, self.clock]
        parts.append(AuditBook(self.audit, self.clock))
        return Linking(*parts, **({"quay_url": QUAY, "public_url": self.site, "client": self.client} | other))
