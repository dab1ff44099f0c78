"""The store as a whole: opens the database and hands each user of it the small part that is theirs."""

from datetime import datetime, timedelta

from sqlalchemy import and_, delete, update

from bot.adapters.store.accounts import SqlAccounts
from bot.adapters.store.approvals import SqlApprovals
from bot.adapters.store.audit import SqlAudit
from bot.adapters.store.banners import SqlBanners
from bot.adapters.store.channels import SqlChannels
from bot.adapters.store.database import Database, first_contact
from bot.adapters.store.dead import SqlDeadLetters
from bot.adapters.store.engines import PATIENCE
from bot.adapters.store.gaps import SqlGaps
from bot.adapters.store.hooks import SqlHooks
from bot.adapters.store.inbox import SqlInbox
from bot.adapters.store.intake import SqlIntake
from bot.adapters.store.kept import SqlKept
from bot.adapters.store.leases import SqlLease
from bot.adapters.store.links import SqlLinks
from bot.adapters.store.lookups import SqlLookups
from bot.adapters.store.migrate import is_current
from bot.adapters.store.notices import SqlNotices
from bot.adapters.store.offers import SqlOffers
from bot.adapters.store.once import SqlOnce
from bot.adapters.store.outbox import SqlOutbox
from bot.adapters.store.reveals import SqlReveals
from bot.adapters.store.secrets import SqlSecrets
from bot.adapters.store.subscriptions import SqlSubscriptions
from bot.adapters.store.tables import deliveries, gaps, leases, lookups, outbox, subscriptions, watches
from bot.adapters.store.trail import SqlTrail
from bot.adapters.store.urls import normal_url
from bot.adapters.store.vault import Vault
from bot.adapters.store.watches import SqlWatches
from bot.domain.errors import UserError
from bot.ports import (
    Accounts,
    Approvals,
    Audit,
    Banners,
    Channels,
    DeadLetters,
    Gaps,
    Hooks,
    Inbox,
    Intake,
    Kept,
    Lease,
    Links,
    Lookups,
    Notices,
    Offers,
    Once,
    Outbox,
    Reveals,
    Secrets,
    Store,
    Subscriptions,
    Trail,
    Watches,
)

ARRIVAL = timedelta(seconds=12)  # a call to Slack is given up after 10 s, so by then it has arrived or never will


class SqlStore:
    """Everything that survives. Belongs to one event loop; close it when done."""

    def __init__(self, database: Database, intake: SqlIntake, vault: Vault | None) -> None:
        self._database = database
        self._intake = intake
        self.intake: Intake = intake
        self.inbox: Inbox = SqlInbox(database)
        self.outbox: Outbox = SqlOutbox(database)
        self.hooks: Hooks = SqlHooks(database)
        self.accounts: Accounts = SqlAccounts(database, vault)
        self.watches: Watches = SqlWatches(database)
        self.once: Once = SqlOnce(database)
        self.channels: Channels = SqlChannels(database)
        self.trail: Trail = SqlTrail(database)
        self.dead: DeadLetters = SqlDeadLetters(database)
        self.lease: Lease = SqlLease(database)
        self.links: Links = SqlLinks(database, vault)
        self.kept: Kept = SqlKept(database, vault)
        self.approvals: Approvals = SqlApprovals(database, vault)
        self.audit: Audit = SqlAudit(database)
        self.offers: Offers = SqlOffers(database, vault)
        self.notices: Notices = SqlNotices(database)
        self.reveals: Reveals = SqlReveals(database, vault)
        self.banners: Banners = SqlBanners(database)
        self.secrets: Secrets = SqlSecrets(database, vault)
        self.subscriptions: Subscriptions = SqlSubscriptions(database)
        self.gaps: Gaps = SqlGaps(database)
        self.lookups: Lookups = SqlLookups(database)

    async def ready(self) -> None:
        """Raise TryLater if the database does not answer; UserError if it refuses us, or is not of this version."""
        with first_contact():
            current = await is_current(self._database.engine)
        if not current:
            raise UserError(
                "The database's tables are not those of this version. Run `quaybot migrate` and start again."
            )

    async def begin(self, now: datetime) -> None:
        """SQLite is for one process, so the leases in it are those of a dead one: what it had claimed is free again.

        `bot.app.alone` sees to it that no other one lives.

        A post that was on its way when it died may still arrive, though: it is looked for only after that.
        """
        if self._database.postgres:
            return
        async with self._database.writing() as connection:
            on_its_way = and_(outbox.c.lease_until.is_not(None), outbox.c.attempted_at.is_not(None))
            await connection.execute(update(outbox).where(on_its_way).values(lease_until=now + ARRIVAL))
            for table in (deliveries, outbox, watches, subscriptions, gaps, lookups):
                held = and_(table.c.lease_until.is_not(None), table.c.lease_until != now + ARRIVAL)
                await connection.execute(update(table).where(held).values(lease_until=None))
            await connection.execute(delete(leases))

    async def close(self) -> None:
        """Give back every connection. What was kept is on disk already."""
        await self._intake.close()
        await self._database.engine.dispose()


def open_store(database_url: str, vault: Vault | None, *, patience: float = PATIENCE) -> SqlStore:
    """The store at `database_url`, without connecting yet and without migrating.

    `vault` seals what is secret; without one nobody can link an account. `patience` is how many seconds a database
    that is busy or away is waited for. Raises UserError for an unusable address.
    """
    url = normal_url(database_url)
    database = Database(url, patience)
    return SqlStore(database, SqlIntake(url, database.gate, patience), vault)


_granted: type[Store] = SqlStore  # mypy checks here that every wish is granted
