"""Who is who at Quay. A token is sealed before it touches the database."""

from sqlalchemy import Select, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store import gone, vault
from bot.adapters.store.database import Database
from bot.adapters.store.owners import belongs, key_of, listed, owner, unlisted
from bot.adapters.store.tables import accounts
from bot.adapters.store.vault import Vault, needed
from bot.domain.errors import Locked
from bot.domain.people import Account, Person, Way


class SqlAccounts:
    """Implements ports.Accounts."""

    def __init__(self, database: Database, vault: Vault | None) -> None:
        self._database = database
        self._vault = vault

    async def link(self, account: Account) -> None:
        """Store or replace the person's account. Raises UserError when the operator has set no SECRET_KEYS."""
        async with self._database.writing() as connection:
            await put(connection, self._database, self._vault, account)

    async def of(self, person: Person) -> Account | None:
        """The person's account with its token opened. Raises GiveUp when the vault cannot be opened."""
        async with self._database.reading() as connection:
            row = (await connection.execute(select(accounts).where(belongs(accounts, person)))).first()
        if row is None:
            return None
        if self._vault is None:
            raise Locked(vault.NO_KEYS_NOW)
        token = self._vault.open(row.token, vault.of_account(person))
        return Account(person, row.username, row.linked_at, token, Way(row.way), unlisted(row.scopes))

    async def forget(self, person: Person) -> bool:
        """Forget the person's account; False if there was none."""
        async with self._database.writing() as connection:
            return (await connection.execute(delete(accounts).where(belongs(accounts, person)))).rowcount > 0

    async def of_username(self, username: str) -> tuple[Person, ...]:
        """Everybody who acts as that Quay account."""
        return await self._people(_PEOPLE.where(accounts.c.username == username))

    async def everybody(self) -> tuple[Person, ...]:
        """Everybody who has linked an account."""
        return await self._people(_PEOPLE)

    async def forget_all_of(self, person: Person) -> None:
        """Forget everything that belongs to a person who is gone. Raises ValueError for a person without an id."""
        async with self._database.writing() as connection:
            await gone.forget_person(connection, self._database, person)

    async def forget_team(self, team: str) -> None:
        """The same for everybody of a team that is gone. Raises ValueError for an empty one."""
        async with self._database.writing() as connection:
            await gone.forget_team(connection, self._database, team)

    async def forget_everybody(self) -> None:
        """The same for everybody, with or without an account."""
        async with self._database.writing() as connection:
            await gone.forget_everybody(connection, self._database)

    async def _people(self, wanted: Select[str, str]) -> tuple[Person, ...]:
        async with self._database.reading() as connection:
            return tuple(owner(row) for row in await connection.execute(wanted))


async def put(connection: AsyncConnection, database: Database, sealer: Vault | None, account: Account) -> None:
    """Store or replace the person's account within a transaction. Raises as Accounts.link."""
    sealed = needed(sealer).seal(account.token, vault.of_account(account.person))
    values = {"username": account.username, "linked_at": account.linked_at, "token": sealed}
    values |= {"way": account.way.value, "scopes": listed(account.scopes)}
    await connection.execute(database.overwriting(accounts, *values), key_of(account.person) | values)


_PEOPLE = select(accounts.c.team, accounts.c.member).order_by(accounts.c.team, accounts.c.member)
