"""Subscriptions, their parts at Quay, and the work that follows from them, as wishes to the store."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.people import Person
from bot.domain.subscriptions import Gap, Lookup, Part, Subscription


class Subscriptions(Protocol):
    """What channels want to be told. Those that have ended are kept until nothing of them is left in Quay."""

    async def add(self, subscription: Subscription, now: datetime) -> bool:
        """Store a new one, to be compared with Quay at once.

        False if its name is taken, or if its channel has one to that target that has not ended.
        """

    async def change(self, before: Subscription, after: Subscription, now: datetime, *, check: bool = True) -> bool:
        """Store in what `after` differs from `before`, and nothing else: what others store meanwhile stays.

        False, and nothing is stored, if its wish or its person (or a pause that is to be another) is not that of
        `before` any more, or if it has ended.
        Its parts' channel, filter, layout and pause change with it; if it ends, its URLs take nothing any more.
        `check`: to be compared with Quay at once. `checked_at` stays as `checked` has left it.
        """

    async def get(self, name: str) -> Subscription | None:
        """The one of that name, also if it has ended."""

    async def all(
        self, *, channel: str = "", person: Person | None = None, ended: bool = False
    ) -> tuple[Subscription, ...]:
        """Those that have not ended (with `ended`: those that have), by channel, target and name."""

    async def parts(self, *names: str) -> tuple[Part, ...]:
        """The parts of these subscriptions, by target, event and hook; of all of them if none is named."""

    async def add_part(self, part: Part, token_hash: str, now: datetime) -> Part:
        """A new part with a new webhook URL for its subscription's channel; `part.hook` is set in what is returned.

        A silent one leads to no channel. Raises UserError if there is no such subscription, or it has ended.
        """

    async def keep_part(self, part: Part) -> None:
        """Store what is known of it now, but for `heard_at`, which webhooks keep.

        If they have changed that since the part was read, the beat stays as it is, too: they may have answered it.
        """

    async def beat(self, hook: str, at: datetime | None) -> None:
        """A test call was asked for through this part's notification: when it arrives it is no alert.

        None: no such one is awaited (any more), so that whatever arrives is told.
        """

    async def drop_part(self, hook: str) -> None:
        """It is not needed any more: its URL takes nothing from now on, and nobody looks for it in Quay."""

    async def hooks_of(self, marks: Collection[str]) -> Mapping[str, str]:
        """The live hooks that have tokens with these SHA-256 hashes, those within their grace included, by the hash."""

    async def claim(self, limit: int, now: datetime, lease: timedelta) -> tuple[Subscription, ...]:
        """Those that are due to be compared with Quay, the longest due first; ended ones until they are forgotten.

        `lease` is shorter than half an hour.
        """

    async def checked(self, name: str, now: datetime, next_at: datetime) -> None:
        """It was compared with Quay; the next time is `next_at`, unless somebody is in a hurry."""

    async def hurry(self, names: Collection[str], now: datetime) -> None:
        """Compare these with Quay as soon as possible; all of them if none is named."""

    async def forget(self, name: str) -> None:
        """Nothing is left of an ended one."""

    async def baseline(self, name: str, target: str) -> Mapping[str, object] | None:
        """What is known to have been there before in a repository (services/recovering); None: nothing was stored."""

    async def set_baseline(self, name: str, target: str, known: Mapping[str, object], now: datetime) -> None:
        """Store that."""


class Gaps(Protocol):
    """Times in which events may have been missed."""

    async def open(self, gap: Gap) -> None:
        """A new one; if one of that subscription and target waits, they become one.

        That is due with the later of the two, but five minutes after the first one at the latest.
        """

    async def claim(self, limit: int, now: datetime, lease: timedelta) -> tuple[Gap, ...]:
        """Those that are due, the longest due first. `lease` is shorter than half an hour."""

    async def later(self, gap: Gap, until: datetime) -> None:
        """Look again then; one more try is counted."""

    async def close(self, gap: Gap) -> None:
        """It was looked through. One that has grown since it was claimed is looked through again."""

    async def waiting(self, subscription: str) -> int:
        """How many of a subscription wait."""


class Lookups(Protocol):
    """What is to be looked up in Quay about webhooks that came."""

    async def claim(self, limit: int, now: datetime, lease: timedelta) -> tuple[Lookup, ...]:
        """Those that are due, of few (subscription, repository) pairs: as many of one as there are, within `limit`.

        Pairs with something that is held come first, then those that have waited longest; all have the same share.
        `lease` is shorter than two minutes.
        """

    async def later(self, lookups: Sequence[Lookup], until: datetime, *, looked: bool = True) -> None:
        """Look again then; `known` is stored, and one more try is counted if somebody has `looked`."""

    async def done(self, ids: Collection[int]) -> None:
        """They are over."""
