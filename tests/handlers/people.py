"""Hand-written neighbours around people: who is linked, what they asked for, what was done, who has to agree."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.blocks.neutral import named
from bot.blocks.validator import neutral_problems, problems
from bot.domain.acts import Deed, Request, Stage, Vote
from bot.domain.banners import Banner, BannerStage
from bot.domain.errors import UserError
from bot.domain.messages import Outgoing
from bot.domain.offers import Offer, Purpose
from bot.domain.people import Account, Person, Place, Profile, Way, Workspace
from bot.ports import Accounts, Client, Clock, Line, Reveal, Veiled
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
    zones: dict[str, str] = field(default_factory=dict)
    errors: dict[str, Exception] = field(default_factory=dict)  # by the id that is asked for
    asked: list[str] = field(default_factory=list)
    place: Workspace = field(default_factory=lambda: Workspace("T1", "Acme"))
    places: dict[str, Place] = field(default_factory=dict)

    def _ask(self, id_: str) -> None:
        self.asked.append(id_)
        if id_ in self.errors:
            raise self.errors[id_]

    async def home(self) -> Workspace:
        self._ask("home")
        return self.place

    async def profile(self, user: str) -> Profile:
        self._ask(user)
        return Profile(user, self.names.get(user, ""), deleted=user in self.gone, zone=self.zones.get(user, ""))

    async def group(self, group: str) -> frozenset[str]:
        self._ask(group)
        return self.groups.get(group, frozenset())

    async def channel(self, channel: str) -> Place:
        self._ask(channel)
        return self.places.get(channel, Place(channel, "ops"))

    async def members(self, channel: str) -> frozenset[str]:
        self._ask(channel)
        return self.rooms.get(channel, frozenset())


@dataclass
class FakeOffers:
    """Offers by name, and those that somebody has taken."""

    kept: dict[str, Offer] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    async def make(self, offer: Offer) -> None:
        self.kept[offer.name] = offer

    async def get(self, name: str) -> Offer | None:
        return None if name in self.taken else self.kept.get(name)

    async def take(self, name: str, now: datetime) -> bool:
        offer = await self.get(name)
        if offer is None or offer.expires_at <= now:
            return False
        self.taken.add(name)
        return True

    async def give_back(self, name: str) -> None:
        self.taken.discard(name)

    async def undoable(self, person: Person, now: datetime) -> tuple[Offer, ...]:
        found = [
            offer
            for name, offer in self.kept.items()
            if offer.purpose is Purpose.UNDO and offer.person == person and offer.expires_at > now
            if name not in self.taken
        ]
        return tuple(sorted(found, key=lambda offer: offer.created_at, reverse=True)[:20])

    async def sweep(self, before: datetime) -> None:
        self.kept = {name: offer for name, offer in self.kept.items() if offer.expires_at >= before}


@dataclass
class FakeNotices:
    """What was announced, as it looks now, by key; every message must be one that Slack takes."""

    said: dict[str, Outgoing] = field(default_factory=dict)
    error: Exception | None = None

    async def say(self, message: Outgoing, now: datetime) -> None:
        if self.error:
            raise self.error
        assert problems(dict(message.payload)) == []
        real = json.loads(json.dumps(dict(message.payload)).replace("U-", "U"))  # ids as Slack makes them
        assert neutral_problems(real, mentions=named(real)) == []
        self.said[message.key] = message


@dataclass
class FakeReveals:
    """Secrets by the hash of their ticket, and when they were shown; `error` is raised when one is to be kept."""

    kept: dict[str, Reveal] = field(default_factory=dict)
    shown: dict[str, datetime] = field(default_factory=dict)
    error: Exception | None = None

    async def keep(self, ticket_hash: str, reveal: Reveal) -> None:
        if self.error:
            raise self.error
        self.kept[ticket_hash] = reveal

    async def look(self, ticket_hash: str) -> Veiled | None:
        found = self.kept.get(ticket_hash)
        return found and Veiled(found.person, found.title, found.expires_at, self.shown.get(ticket_hash))

    async def take(self, ticket_hash: str, now: datetime, *, person: Person | None = None) -> Reveal | None:
        found = self.kept.get(ticket_hash)
        if found is None or ticket_hash in self.shown or found.expires_at <= now or person not in (None, found.person):
            return None
        self.shown[ticket_hash] = now
        return found

    async def give_back(self, ticket_hash: str, reveal: Reveal) -> None:
        if self.kept.get(ticket_hash) == reveal:
            self.shown.pop(ticket_hash, None)

    async def sweep(self, now: datetime) -> None:
        self.kept = {key: one for key, one in self.kept.items() if one.expires_at > now}


@dataclass
class FakeBanners:
    """Global messages with a time, by name."""

    kept: dict[str, Banner] = field(default_factory=dict)

    async def add(self, banner: Banner) -> None:
        self.kept[banner.name] = banner

    async def get(self, name: str) -> Banner | None:
        return self.kept.get(name)

    async def open(self) -> tuple[Banner, ...]:
        live = (BannerStage.WAITING, BannerStage.POSTING, BannerStage.SHOWN, BannerStage.REMOVING)
        return tuple(sorted((one for one in self.kept.values() if one.stage in live), key=lambda one: one.begins_at))

    async def due(self, now: datetime) -> Sequence[Banner]:
        begins = [one for one in self.kept.values() if one.stage is BannerStage.WAITING and one.begins_at <= now]
        shown = [one for one in self.kept.values() if one.stage is BannerStage.SHOWN]
        return [*begins, *(one for one in shown if one.ends_at and one.ends_at <= now)]

    async def move(
        self, banner: Banner, stage: BannerStage, now: datetime, *, uuid: str = "", reason: str = ""
    ) -> bool:
        found = self.kept[banner.name]
        if (found.stage, found.moved_at) != (banner.stage, banner.moved_at):
            return False
        news = replace(found, stage=stage, moved_at=now, uuid=uuid or found.uuid, reason=reason, seen=banner.seen)
        self.kept[banner.name] = news
        return True

    async def sweep(self, before: datetime) -> None:
        self.kept = {name: one for name, one in self.kept.items() if one.moved_at >= before}
