"""Showing a secret once, to the person it was made for: sealed until then, for a while, and gone afterwards."""

import ipaddress
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlsplit

import structlog

from bot.domain.errors import UserError
from bot.domain.people import Person
from bot.ports import Clock, Reveal, Reveals, Veiled
from bot.rules.link_codes import hashed, is_secret

log = structlog.stdlib.get_logger(__name__)

LIFE = timedelta(minutes=10)
APPROVED_LIFE = timedelta(hours=24)  # of what others had to approve first: whoever asked for it may be away by then
PATH = "/quay/reveal"
NO_KEYS = (
    "A new token is shown to you once, and I have no key to seal it with until then. So I have changed nothing. "
    "The operator of this bot has to set SECRET_KEYS first."
)
_BYTES = 32


class Where(StrEnum):
    """Where a secret is shown."""

    PAGE = "page"  # a web page of the bot
    MODAL = "modal"  # a window in Slack


def where(setting: str, public_url: str) -> Where:
    """What the operator has set; else a page, if nobody can listen on the way to it."""
    if not public_url:
        return Where.MODAL
    if setting:
        return Where(setting)
    parts = urlsplit(public_url)
    return Where.PAGE if parts.scheme == "https" or _is_here(parts.hostname or "") else Where.MODAL


@dataclass(frozen=True, slots=True)
class Revealing:
    """Keeps secrets for one look each. Whoever holds a ticket may look, unless a person is named.

    `sealed`: there is a key to seal them with.
    """

    store: Reveals
    clock: Clock
    public_url: str
    where: Where
    sealed: bool = field(default=True)

    def ready(self) -> None:
        """To be called before the secret is made. Raises UserError when it could not be kept."""
        if not self.sealed:
            raise UserError(NO_KEYS)

    async def keep(
        self, person: Person, title: str, snippets: tuple[tuple[str, str], ...], life: timedelta = LIFE
    ) -> str:
        """Seal it; the ticket for one look at it, of 256 random bits. Raises what the store raises."""
        ticket = secrets.token_urlsafe(_BYTES)
        await self.store.keep(_key(ticket), Reveal(person, title, snippets, self.clock.now() + life))
        return ticket

    async def look(self, ticket: str) -> Veiled | None:
        """What may be known of it; looking changes nothing."""
        return await self.store.look(_key(ticket)) if is_secret(ticket) else None

    async def take(self, ticket: str, person: Person | None = None) -> Reveal | None:
        """The secret, for exactly one caller in time; with `person` only for them."""
        if not is_secret(ticket):
            return None
        found = await self.store.take(_key(ticket), self.clock.now(), person=person)
        if found is not None:
            log.info("secret_shown", user=found.person.user, what=found.title, where="modal" if person else "page")
        return found

    async def give_back(self, ticket: str, reveal: Reveal) -> None:
        """It could not be shown after all."""
        await self.store.give_back(_key(ticket), reveal)

    def late(self, veiled: Veiled) -> bool:
        """Its time is over, and nobody has looked."""
        return veiled.shown_at is None and veiled.expires_at <= self.clock.now()

    def address(self, ticket: str) -> str:
        """The address of its page."""
        return f"{self.public_url}{PATH}/{ticket}"


def _key(ticket: str) -> str:
    return hashed("reveal", ticket)


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
