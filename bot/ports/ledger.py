"""One transaction of the pipeline, as a wish."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from bot.domain.digests import Happened, Rhythm
from bot.domain.messages import Outgoing
from bot.domain.people import Person
from bot.domain.subscriptions import Lookup
from bot.domain.trail import Entry


@dataclass(frozen=True, slots=True)
class StoredCard:
    """A card in a channel: its state as JSON, and the outbox row (with its key) that shows it."""

    id: int
    channel: str
    family: str
    state: str = field(repr=False)
    outbox: int
    key: str
    opened_at: datetime
    touched_at: datetime
    layout: str = ""  # "" is that of its channel


@dataclass(frozen=True, slots=True)
class Opened:
    """A new card and the message that shows it."""

    family: str
    state: str = field(repr=False)
    outgoing: Outgoing
    layout: str = ""


@dataclass(frozen=True, slots=True)
class Turned:
    """A card's new state and how its message should look now. `urgent`: the edit is worth doing at once."""

    card: StoredCard
    state: str = field(repr=False)
    payload: Mapping[str, Any] = field(repr=False)
    weight: int = 0
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reply in a thread that nobody has tried to post yet."""

    row: int
    payload: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply in the thread of outbox row `parent`. `instead`: a waiting one, whose row takes these words up."""

    parent: int
    outgoing: Outgoing
    instead: int | None = None


class Ledger(Protocol):
    """Cards, outbox rows, entries and the fate of deliveries change together or not at all."""

    async def cards(
        self, wanted: Collection[tuple[str, str]], everywhere: Collection[str] = ()
    ) -> Mapping[tuple[str, str], StoredCard]:
        """The cards that answer to these (name, channel) pairs, and to the names `everywhere` in any channel.

        Locks names and cards until the end of the transaction; to be called once in it.
        """

    async def known(self, items: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
        """Those of these (card id, item) pairs that count on their card already."""

    async def layouts(self, channels: Collection[str]) -> Mapping[str, str]:
        """The layouts of those channels that do not have the default one: "thread" or "compact"."""

    async def rhythms(self, channels: Collection[str]) -> Mapping[str, Rhythm]:
        """Quiet hours and summaries of those channels that have any."""

    async def set_rhythm(self, channel: str, before: Rhythm, after: Rhythm) -> bool:
        """As Channels.set_rhythm. Locks them."""

    async def sum_up(self, channel: str, since: datetime, until: datetime) -> tuple[Happened, ...]:
        """What was written about a channel in that time, and all that waits for a summary: from now on it does not.

        `since` belongs to the time, `until` does not. The most frequent first.
        """

    async def telling(self, delivery: int, channel: str) -> StoredCard | None:
        """The card that tells that delivery in the channel. Locks it. None: it was filtered, or is forgotten."""

    async def failed_before(self, channel: str, subject: str, kinds: Collection[str], at: datetime) -> str:
        """The kind of the newest entry of these kinds about it in the channel before `at`, "" for none."""

    async def seek(self, lookups: Sequence[Lookup]) -> None:
        """Queue what has to be looked up."""

    async def sought(self, lookups: Collection[int]) -> None:
        """These lookups are over.

        Raises TryLater, which undoes the transaction, if one of them was over already (as `done` does).
        """

    async def heard(self, hooks: Mapping[str, datetime], beats: Collection[str], tests: Collection[str] = ()) -> None:
        """When the URLs of these hooks were last heard of, to 10 s; exactly for `tests`, which brought test calls.

        `beats`: those through which an awaited test call came.
        """

    async def watch(self, builds: Collection[tuple[str, str, Person]], now: datetime) -> None:
        """Follow these builds (repository, build, whose account) from now on; again is no second time."""

    async def first_time(self, channel: str, keys: Collection[str], now: datetime) -> frozenset[str]:
        """Those of the keys that were never recovered in this channel: from now on they were."""

    async def recovered(self, channels: Collection[str], since: datetime) -> Mapping[str, Mapping[str, datetime]]:
        """The keys that `first_time` has taken since then, and when, by channel."""

    async def waiting_replies(self, parents: Collection[int]) -> Mapping[int, Waiting]:
        """The reply that still waits in the thread of each of these outbox rows, if there is one. Locks them."""

    async def open_cards(self, opened: Sequence[Opened], now: datetime) -> Sequence[StoredCard | None]:
        """Start cards and queue their messages, in that order. None where the message's key is not new."""

    async def turn_cards(self, turned: Sequence[Turned], now: datetime) -> None:
        """Store new states and queue the edits (or the changed first posts, where those still wait)."""

    async def name_cards(self, names: Collection[tuple[str, str, int]]) -> None:
        """From now on (name, channel) leads to that card."""

    async def reply(self, replies: Sequence[Reply], now: datetime) -> None:
        """Queue replies in threads."""

    async def record(self, entries: Sequence[tuple[int | None, Entry]], now: datetime) -> None:
        """What became of events, each with its card's id (None: filtered).

        What quiet hours kept out waits for a summary from then on.
        """

    async def say(self, outgoing: Outgoing, now: datetime) -> None:
        """Queue a message that is no card. A second one with the same key is ignored."""

    async def done(self, deliveries: Sequence[int]) -> None:
        """These deliveries are dealt with.

        Raises TryLater, which undoes the transaction, if somebody else has dealt with one of them meanwhile.
        """

    async def set_aside(self, delivery: int, reason: str) -> None:
        """Keep this delivery for the operator. Nothing happens if it has been dealt with meanwhile."""
