"""What people asked for before they could: one thing a person, sealed."""

from datetime import datetime

import structlog
from sqlalchemy import delete

from bot.adapters.store.columns import clean
from bot.adapters.store.database import Database
from bot.adapters.store.owners import belongs, key_of
from bot.adapters.store.tables import kept
from bot.adapters.store.vault import Vault, of_kept
from bot.domain.errors import GiveUp
from bot.domain.people import Person

log = structlog.stdlib.get_logger(__name__)


class SqlKept:
    """Implements ports.Kept."""

    def __init__(self, database: Database, vault: Vault | None) -> None:
        self._database = database
        self._vault = vault

    async def keep(self, person: Person, what: str, now: datetime) -> None:
        """Keep it in place of an earlier one. Does nothing if there is no key to seal it with."""
        if self._vault is None:
            return
        values = {"what": self._vault.seal(clean(what), of_kept(person)), "at": now}
        async with self._database.writing() as connection:
            await connection.execute(self._database.overwriting(kept, *values), key_of(person) | values)

    async def take(self, person: Person, since: datetime) -> str | None:
        """Take it out, if it was kept at that time or later. What is older is forgotten by this, too.

        What cannot be opened any more is as good as never said: the person only has to say it again.
        """
        taken = delete(kept).where(belongs(kept, person)).returning(kept.c.what, kept.c.at)
        async with self._database.writing() as connection:
            row = (await connection.execute(taken)).first()
        if row is None or row.at < since or self._vault is None:
            return None
        try:
            return self._vault.open(row.what, of_kept(person))
        except GiveUp as error:
            log.warning("kept_words_lost", why=str(error))
            return None

    async def sweep(self, before: datetime) -> None:
        """Forget what is older."""
        async with self._database.writing() as connection:
            await connection.execute(delete(kept).where(kept.c.at < before))
