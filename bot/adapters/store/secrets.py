"""Sealing everything with the newest key, row by row, while others go on working with the same rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, and_, select, update

from bot.adapters.store.database import Database
from bot.adapters.store.owners import owner
from bot.adapters.store.tables import accounts, approvals, kept, links, offers, reveals
from bot.adapters.store.vault import (
    Vault,
    needed,
    of_account,
    of_button,
    of_hidden,
    of_kept,
    of_offer,
    of_origin,
    of_reveal,
)
from bot.domain.errors import GiveUp, TryLater
from bot.ports import Rotation

NO_KEYS = "There is no key to seal anything with: set SECRET_KEYS first."
TRIES = 5  # for a row that others keep changing


@dataclass(frozen=True, slots=True)
class Sealed:
    """A column that holds sealed texts, and where the text of a row belongs."""

    column: Column[Any]
    binding: Callable[[Any], str]

    def same(self, row: Any) -> ColumnElement[bool]:
        """That row of the table."""
        return and_(*(key == row._mapping[key.name] for key in self.column.table.primary_key))

    def whose(self, row: Any) -> str:
        """The row, in words for the operator."""
        name = row.name if "name" in row._mapping else f"{row.team}/{row.member}"
        return f"{self.column.table.name}: {name}"


SEALED: Sequence[Sealed] = (
    Sealed(accounts.c.token, lambda row: of_account(owner(row))),
    Sealed(links.c.origin, lambda row: of_origin(owner(row), row.ticket)),
    Sealed(links.c.token, lambda row: of_offer(owner(row), row.ticket)),
    Sealed(kept.c.what, lambda row: of_kept(owner(row))),
    Sealed(approvals.c.hidden, lambda row: of_hidden(row.name, owner(row), row.act, row.target)),
    Sealed(offers.c.hidden, lambda row: of_button(row.name, owner(row), row.act, row.target)),
    Sealed(reveals.c.what, lambda row: of_reveal(owner(row), row.ticket)),
)
"""Every column with sealed texts; a test compares them with the tables."""


class SqlSecrets:
    """Implements ports.Secrets."""

    def __init__(self, database: Database, vault: Vault | None) -> None:
        self._database = database
        self._vault = vault

    async def rotate(self) -> Rotation:
        """Seal everything with the newest key; what no key opens is left as it is, and named.

        A row is changed only if it still is what was read: what the bot stores meanwhile wins. Raises UserError if
        there are no keys.
        """
        vault = needed(self._vault, NO_KEYS)
        found = [await self._renew(vault, place, row) for place in SEALED for row in await self._rows(place)]
        lost = [one for one in found if isinstance(one, str)]
        return Rotation(found.count(True), found.count(False), tuple(dict.fromkeys(lost)))

    async def _rows(self, place: Sealed) -> Sequence[Any]:
        keys = place.column.table.primary_key
        async with self._database.reading() as connection:
            return (await connection.execute(select(*keys).where(place.column.is_not(None)).order_by(*keys))).all()

    async def _renew(self, vault: Vault, place: Sealed, key: Any) -> bool | str | None:
        """True: sealed anew; False: it was current; a text: whose it is, if it does not open; None: it is gone."""
        for _ in range(TRIES):
            async with self._database.reading() as connection:
                row = (await connection.execute(select(place.column.table).where(place.same(key)))).first()
            sealed = None if row is None else row._mapping[place.column.name]
            if row is None or sealed is None:
                return None
            try:
                clear = vault.open(sealed, place.binding(row))
            except GiveUp:
                return place.whose(row)
            if vault.current(sealed):
                return False
            if await self._swap(place, row, sealed, vault.seal(clear, place.binding(row))):
                return True
        raise TryLater("Somebody else is sealing the same things right now. Please try again in a minute.")

    async def _swap(self, place: Sealed, row: Any, old: bytes, new: bytes) -> bool:
        swapped = update(place.column.table).where(place.same(row), place.column == old)
        async with self._database.writing() as connection:
            return (await connection.execute(swapped.values({place.column: new}))).rowcount > 0
