"""What is sealed before it touches the database, and where each sealed text belongs.

Every column has words of its own in its bindings, and every row its own key: a sealed text that somebody moves to
another row, column or table opens nowhere.
"""

import json
from typing import Protocol

from bot.adapters.store.columns import clean
from bot.domain.errors import UserError
from bot.domain.people import Person

NO_KEYS = "Accounts cannot be linked yet: the operator of this bot has to set SECRET_KEYS first."

NO_KEYS_NOW = (
    "The vault cannot be opened: your account is linked, but I was started without SECRET_KEYS. "
    "Tell my operator; nothing is lost."
)


class Vault(Protocol):
    """What seals. `binding` says where the sealed text belongs: it opens nowhere else."""

    def seal(self, clear: str, binding: str) -> bytes:
        """Seal a text."""

    def open(self, sealed: bytes, binding: str) -> str:
        """The clear text again. Raises GiveUp when it cannot be opened."""

    def current(self, sealed: bytes) -> bool:
        """Whether it was sealed with the newest key."""


def needed(vault: Vault | None, say: str = NO_KEYS) -> Vault:
    """The vault. Raises UserError with these words when the operator has set no SECRET_KEYS."""
    if vault is None:
        raise UserError(say)
    return vault


def of_account(person: Person) -> str:
    """Where the token of an account belongs."""
    return _binding("quay token", person.team, person.user)


def of_origin(person: Person, ticket: str) -> str:
    """Where the origin of an attempt to link belongs."""
    return _binding("link origin", person.team, person.user, ticket)


def of_offer(person: Person, ticket: str) -> str:
    """Where the token that waits for its code belongs."""
    return _binding("link token", person.team, person.user, ticket)


def of_kept(person: Person) -> str:
    """Where kept words belong."""
    return _binding("kept words", person.team, person.user)


def of_hidden(name: str, person: Person, act: str, target: str) -> str:
    """Where the hidden parameters of a request belong: to who asked, and for what."""
    return _binding("approval", name, person.team, person.user, act, target)


def of_button(name: str, person: Person, act: str, target: str) -> str:
    """Where the hidden parameters of an act behind a button belong."""
    return _binding("offer", name, person.team, person.user, act, target)


def of_reveal(person: Person, ticket: str) -> str:
    """Where a secret that is shown once belongs."""
    return _binding("reveal", person.team, person.user, ticket)


def _binding(*parts: str) -> str:
    return json.dumps([clean(part) for part in parts])
