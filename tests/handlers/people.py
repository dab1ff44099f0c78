"""Hand-written neighbours around people: who is linked, what they asked for, what was done, who has to agree."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.acts import Deed, Request, Stage, Vote
from bot.domain.errors import UserError
from bot.domain.messages import Outgoing
from bot.domain.people import Account, Person, Profile, Way, Workspace
from bot.ports import Accounts, Client, Clock, Line
from bot.rules import chain
from bot.services.accounts import AccountBook
from bot.services.linking import Linked, Ways


@dataclass
class FakeAudit:
    """The chain, in a list."""

    lines: list[Line] = field(default_factory=list)
    error: Exception | None = None

    async def append(self, deed: Deed) -> Line:
        if self.error:
            raise self.error
        previous = self.lines[-1].hash if self.lines else chain.FIRST
        number = len(self.lines) + 1
        self.lines.append(Line(number, deed, previous, chain.linked(number, previous, deed)))
        return self.lines[-1]

    async def newest(
        self, *, person: Person | None = None, target: str = "", reference: str = "", limit: int = 10
    ) -> tuple[Line, ...]:
        def fits(deed: Deed) -> bool:
            below = deed.act.target == target or deed.act.target.startswith((f"{target}:", f"{target}/"))
            named = reference in ("", deed.reference, deed.approval)
            return person in (None, deed.person) and (not target or below) and named

        return tuple(line for line in reversed(self.lines) if fits(line.deed))[:limit]

    async def first(self, reference: str) -> Line | None:
        return next((line for line in self.lines if reference in (line.deed.reference, line.deed.approval)), None)

    async def all(self, *, since: datetime | None = None) -> AsyncIterator[Line]:
        for line in self.lines:
            if since is None or line.deed.at >= since:
                yield line


@dataclass
class FakeTurn:
    """One request in a turn."""

    request: Request

    def vote(self, vote: Vote) -> None:
        if all(vote.person != other.person for other in self.request.votes):
            self.request = replace(self.request, votes=(*self.request.votes, vote))

    def move(self, stage: Stage, reason: str, now: datetime) -> None:
        self.request = replace(self.request, stage=stage, reason=reason)


@dataclass
class FakeApprovals:
    """Requests by name, and every card in the order in which it was queued."""

    requests: dict[str, Request] = field(default_factory=dict)
    cards: list[Outgoing] = field(default_factory=list)

    async def ask(self, request: Request, card: Outgoing) -> None:
        self.requests[request.name] = request
        self.cards.append(card)

    async def get(self, name: str) -> Request | None:
        return self.requests.get(name)

    async def open(self, limit: int = 20, *, person: Person | None = None) -> tuple[Request, ...]:
        waiting = [request for request in reversed(self.requests.values()) if request.stage is Stage.OPEN]
        return tuple([request for request in waiting if person in (None, request.person)][:limit])

    @asynccontextmanager
    async def turn(
        self, name: str, show: Callable[[Request], Outgoing], now: datetime
    ) -> AsyncIterator[FakeTurn | None]:
        if name not in self.requests:
            yield None
            return
        turn = FakeTurn(self.requests[name])
        yield turn
        if turn.request != self.requests[name]:
            self.requests[name] = turn.request
            self.cards.append(show(turn.request))

    async def over(self, now: datetime, running_since: datetime) -> Sequence[str]:
        late = [one for one in self.requests.values() if one.stage is Stage.OPEN and one.expires_at <= now]
        return tuple(request.name for request in late)


@dataclass
class FakeKept:
    """What people asked for, with its time; `error` is raised when something is to be kept."""

    words: dict[Person, tuple[str, datetime]] = field(default_factory=dict)
    swept: list[datetime] = field(default_factory=list)
    error: Exception | None = None

    async def keep(self, person: Person, what: str, now: datetime) -> None:
        if self.error:
            raise self.error
        self.words[person] = (what, now)

    async def take(self, person: Person, since: datetime) -> str | None:
        what, at = self.words.pop(person, ("", since))
        return what if what and at >= since else None

    async def sweep(self, before: datetime) -> None:
        self.swept.append(before)


@dataclass
class FakeLinks:
    """As much of the attempts as handlers touch."""

    swept: list[datetime] = field(default_factory=list)

    async def sweep(self, now: datetime) -> None:
        self.swept.append(now)


@dataclass
class FakeLinking:
    """Attempts by person. `codes` are (code, Quay user name, tries left) of those whose browser shows a code now."""

    store: Accounts
    clock: Clock
    book: AccountBook
    links: FakeLinks = field(default_factory=FakeLinks)
    known: Ways = field(default_factory=Ways)
    client: Client | None = field(default_factory=lambda: Client("CLIENT", "secret"))
    sealed: bool = True
    started: list[tuple[Person, str, frozenset[str]]] = field(default_factory=list)
    codes: dict[Person, tuple[str, str, int]] = field(default_factory=dict)
    cancelled: list[Person] = field(default_factory=list)

    def ways(self) -> Ways:
        return self.known

    async def start(self, person: Person, origin: str, scopes: frozenset[str] = frozenset()) -> str:
        self.started.append((person, origin, scopes))
        return f"https://bot.example/quay/link/ticket-{len(self.started)}"

    async def confirm(self, person: Person, code: str) -> Linked:
        right, username, tries = self.codes.get(person, ("", "", 0))
        if code.upper().replace("-", "") != right.replace("-", "") or not right:
            if tries:
                self.codes[person] = (right, username, tries - 1)
            raise UserError(f"This is not the code. You have {tries - 1} more tries.")
        del self.codes[person]
        account = Account(person, username, self.clock.now(), f"token-{username}", Way.CODE, frozenset({"repo:read"}))
        await self.store.link(account)
        return Linked(account)

    async def offered(self, person: Person) -> str:
        return self.codes.get(person, ("", "", 0))[1]

    async def paste(self, person: Person, token: str) -> Linked:
        return Linked(await self.book.link(person, token))

    async def cancel(self, person: Person) -> bool:
        self.cancelled.append(person)
        return self.codes.pop(person, None) is not None


@dataclass
class FakeDirectory:
    """People who are gone by id; `error` is raised by every question."""

    names: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    groups: dict[str, frozenset[str]] = field(default_factory=dict)
    rooms: dict[str, frozenset[str]] = field(default_factory=dict)
    errors: dict[str, Exception] = field(default_factory=dict)  # by the id that is asked for
    asked: list[str] = field(default_factory=list)
    place: Workspace = field(default_factory=lambda: Workspace("T1", "Acme"))

    def _ask(self, id_: str) -> None:
        self.asked.append(id_)
        if id_ in self.errors:
            raise self.errors[id_]

    async def home(self) -> Workspace:
        self._ask("home")
        return self.place

    async def profile(self, user: str) -> Profile:
        self._ask(user)
        return Profile(user, self.names.get(user, ""), deleted=user in self.gone)

    async def group(self, group: str) -> frozenset[str]:
        self._ask(group)
        return self.groups.get(group, frozenset())

    async def members(self, channel: str) -> frozenset[str]:
        self._ask(channel)
        return self.rooms.get(channel, frozenset())
