"""Secrets that one person may look at once."""

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from bot.adapters.store.columns import clean
from bot.adapters.store.database import Database
from bot.adapters.store.owners import belongs, key_of, owner
from bot.adapters.store.tables import reveals
from bot.adapters.store.vault import Vault, needed, of_reveal
from bot.domain.errors import TryLater
from bot.domain.people import Person
from bot.ports import Reveal, Veiled

NO_KEYS = "I cannot keep a secret for you: the operator of this bot has to set SECRET_KEYS first."
REMEMBERED = timedelta(hours=1)  # for which a late look is told why it came too late


class SqlReveals:
    """Implements ports.Reveals."""

    def __init__(self, database: Database, vault: Vault | None) -> None:
        self._database = database
        self._vault = vault

    async def keep(self, ticket_hash: str, reveal: Reveal) -> None:
        """Seal and store it. Raises UserError when nothing can seal it."""
        sealed = self._sealed(ticket_hash, reveal)
        row = {"ticket": ticket_hash, "title": clean(reveal.title), "what": sealed, "expires_at": reveal.expires_at}
        async with self._database.writing() as connection:
            if not await self._database.insert_new(connection, reveals, **key_of(reveal.person), **row):
                raise TryLater("That did not work. Please ask again.", detail="the ticket of a reveal is taken")

    async def look(self, ticket_hash: str) -> Veiled | None:
        """Whose it is, and whether it was shown."""
        async with self._database.reading() as connection:
            row = (await connection.execute(select(reveals).where(reveals.c.ticket == ticket_hash))).first()
        return None if row is None else Veiled(owner(row), row.title, row.expires_at, row.shown_at)

    async def take(self, ticket_hash: str, now: datetime, *, person: Person | None = None) -> Reveal | None:
        """The secret, for exactly one caller. Raises GiveUp, and takes nothing, when the vault cannot be opened."""
        theirs = () if person is None else (belongs(reveals, person),)
        which = (*_fresh(ticket_hash, now), *theirs)
        async with self._database.writing() as connection:
            row = (await connection.execute(select(reveals).where(*which).with_for_update())).first()
            if row is None:
                return None
            found = self._opened(row)
            await connection.execute(update(reveals).where(*which).values(what=None, shown_at=now))
        return found

    async def give_back(self, ticket_hash: str, reveal: Reveal) -> None:
        """Seal it again, in the row that it was taken from."""
        taken = (reveals.c.ticket == ticket_hash, reveals.c.shown_at.is_not(None), belongs(reveals, reveal.person))
        again = {"what": self._sealed(ticket_hash, reveal), "shown_at": None}
        async with self._database.writing() as connection:
            await connection.execute(update(reveals).where(*taken).values(again))

    async def sweep(self, now: datetime) -> None:
        """Forget the secrets whose time is over, and an hour later that there were any."""
        late = (reveals.c.expires_at <= now, reveals.c.what.is_not(None))
        async with self._database.writing() as connection:
            await connection.execute(update(reveals).where(*late).values(what=None))
            await connection.execute(delete(reveals).where(reveals.c.expires_at <= now - REMEMBERED))

    def _sealed(self, ticket_hash: str, reveal: Reveal) -> bytes:
        return needed(self._vault, NO_KEYS).seal(json.dumps(reveal.snippets), of_reveal(reveal.person, ticket_hash))

    def _opened(self, row: Any) -> Reveal:
        clear = needed(self._vault, NO_KEYS).open(row.what, of_reveal(owner(row), row.ticket))
        snippets = tuple((str(title), str(text)) for title, text in json.loads(clear))
        return Reveal(owner(row), row.title, snippets, row.expires_at)


def _fresh(ticket_hash: str, now: datetime) -> tuple[Any, ...]:
    return (reveals.c.ticket == ticket_hash, reveals.c.what.is_not(None), reveals.c.expires_at > now)
