"""What a button will do, what is announced, what is shown only once, and global messages with a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.domain.banners import Banner, BannerStage
from bot.domain.messages import Outgoing
from bot.domain.offers import Offer
from bot.domain.people import Person


class Offers(Protocol):
    """Acts that wait for the press of a button. Hidden parameters are sealed."""

    async def make(self, offer: Offer) -> None:
        """Store a new one. Raises UserError when it has hidden parameters and the operator has set no SECRET_KEYS."""

    async def get(self, name: str) -> Offer | None:
        """The offer of that name that nobody has taken, late or not; None if there is none."""

    async def take(self, name: str, now: datetime) -> bool:
        """True for exactly one caller: it is theirs to do. False if it is over, taken or unknown."""

    async def give_back(self, name: str) -> None:
        """It was taken, but surely nothing has been done: it can be taken again until its time is over."""

    async def undoable(self, person: Person, now: datetime) -> tuple[Offer, ...]:
        """The ways back from what that person did that are still open, newest first, 20 at most."""

    async def sweep(self, before: datetime) -> None:
        """Forget those whose time was over then."""


class Notices(Protocol):
    """Messages about what people did, through the outbox: durable, and each of them once."""

    async def say(self, message: Outgoing, now: datetime) -> None:
        """Queue it; one with a known key gets the new words instead (Slack shows an edited message)."""


@dataclass(frozen=True, slots=True)
class Reveal:
    """Something secret that one person may look at once. `title` says what it is, without the secret.

    `snippets` are (title, text) pairs ready to be copied; they hold the secret.
    """

    person: Person
    title: str
    snippets: tuple[tuple[str, str], ...] = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Veiled:
    """What everybody with the ticket may know of a secret. `shown_at` None: nobody has looked yet."""

    person: Person
    title: str
    expires_at: datetime
    shown_at: datetime | None = None


class Reveals(Protocol):
    """Secrets that are shown once. They are sealed; their tickets are stored as SHA-256 hex only."""

    async def keep(self, ticket_hash: str, reveal: Reveal) -> None:
        """Seal and store it. Raises UserError when the operator has set no SECRET_KEYS."""

    async def look(self, ticket_hash: str) -> Veiled | None:
        """Whose it is, and whether it was shown; late ones as well, for an hour. Changes nothing."""

    async def take(self, ticket_hash: str, now: datetime, *, person: Person | None = None) -> Reveal | None:
        """The secret, for exactly one caller; it is gone from the store then. `person`: only if it is theirs."""

    async def give_back(self, ticket_hash: str, reveal: Reveal) -> None:
        """It was taken, but nobody has seen it: it can be taken again until its time is over."""

    async def sweep(self, now: datetime) -> None:
        """Forget the secrets whose time is over, and an hour later that there were any."""


class Banners(Protocol):
    """Global messages with a time to begin or to end."""

    async def add(self, banner: Banner) -> None:
        """Store a new one. Raises TryLater if its name is taken."""

    async def get(self, name: str) -> Banner | None:
        """The one of that name."""

    async def open(self) -> tuple[Banner, ...]:
        """Those that wait or are shown, the next to change first."""

    async def due(self, now: datetime) -> Sequence[Banner]:
        """Those whose time to begin or to end has come."""

    async def move(
        self, banner: Banner, stage: BannerStage, now: datetime, *, uuid: str = "", reason: str = ""
    ) -> bool:
        """To another stage, if it has not moved since `banner` was read: True for exactly one caller.

        What `banner` says of `seen` is stored with it.
        """

    async def sweep(self, before: datetime) -> None:
        """Forget those that ended before."""
