"""Who is who at Quay. A token is sealed before it touches the database."""

import json
from typing import Protocol

from sqlalchemy import ColumnElement, and_, delete, select

from bot.adapters.store.database import Database
from bot.adapters.store.tables import accounts
from bot.domain.errors import UserError
from bot.domain.people import Account, Person


class Vault(Protocol):
    """What seals the tokens. `binding` says where the sealed text belongs: it opens nowhere else."""

    def seal(self, clear: str, binding: str) -> bytes:
        """Seal a text."""

    def open(self, sealed: bytes, binding: str) -> str:
        """The clear text again. Raises GiveUp when it cannot be opened."""


class SqlAccounts:
    """Implements ports.Accounts."""

    def __init__(self, database: Database, vault: Vault | None) -> None:
        self._database = database
        self._vault = vault

    async def link(self, account: Account) -> None:
        """Store or replace the person's account. Raises UserError when the operator has set no SECRET_KEYS."""
        sealed = self._open_vault().seal(account.token, _binding(account.person))
        values = {"username": account.username, "linked_at": account.linked_at, "token": sealed}
        person = account.person
        async with self._database.writing() as connection:
            key = {"team": person.team, "member": person.user}
            if not await self._database.insert_new(connection, accounts, **key, **values):
                await connection.execute(accounts.update().where(_is(person)).values(**values))

    async def of(self, person: Person) -> Account | None:
        """The person's account with its token opened. Raises GiveUp when the vault cannot be opened."""
        async with self._database.reading() as connection:
            row = (await connection.execute(select(accounts).where(_is(person)))).first()
        if row is None:
            return None
        token = self._open_vault().open(row.token, _binding(person))
        return Account(person, row.username, row.linked_at, token)

    async def forget(self, person: Person) -> bool:
        """Forget the person's account; False if there was none."""
        async with self._database.writing() as connection:
            return (await connection.execute(delete(accounts).where(_is(person)))).rowcount > 0

    def _open_vault(self) -> Vault:
        if self._vault is None:
            raise UserError("Accounts cannot be linked yet: the operator of this bot has to set SECRET_KEYS first.")
        return self._vault


def _is(person: Person) -> ColumnElement[bool]:
    return and_(accounts.c.team == person.team, accounts.c.member == person.user)


def _binding(person: Person) -> str:
    return json.dumps(["quay token", person.team, person.user])
