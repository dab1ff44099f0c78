"""The tables of what comes in: webhook URLs, where they lead, and their deliveries."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, literal_column

from bot.adapters.store.columns import Instant, Number, Words
from bot.adapters.store.tables.base import metadata

hooks = Table(
    "hooks",
    metadata,
    Column("id", Number, primary_key=True),
    Column("event", Words, nullable=False),
    Column("target", Words, nullable=False),
    Column("created_at", Instant, nullable=False),
    # A removed hook keeps its row, so that its deliveries can still be worked on and explained.
    Column("removed", Boolean, nullable=False),
    Index("hooks_target", "target"),
    sqlite_autoincrement=True,
)

hook_channels = Table(
    "hook_channels",
    metadata,
    Column("hook", Number, ForeignKey("hooks.id"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("channel", Words, nullable=False),
    Column("filter", Words, nullable=False, server_default=""),  # what may pass, as it was written; empty: everything
)

# Only live hooks have tokens: the way in needs one look into one table.
hook_tokens = Table(
    "hook_tokens",
    metadata,
    Column("hash", Words, primary_key=True),
    Column("hook", Number, ForeignKey("hooks.id"), nullable=False),
    Column("expires_at", Instant),
    Index("hook_tokens_hook", "hook"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Number, primary_key=True),
    Column("hook", Number, ForeignKey("hooks.id"), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("state", Words, nullable=False),  # new, done or aside
    Column("reason", Words),
    Column("lease_until", Instant),
    Column("spooled", Words),  # the record of the spool that it came from: nothing is taken out of there twice
    # Ids are part of message keys, which are unique for ever: an id must never be given out twice.
    sqlite_autoincrement=True,
)

# The literals are written into the statements, not bound: only so do the engines use the partial indexes. `state` is
# one of the columns, too: without it SQLite would rather read the whole table in the order of its ids.
NEW = deliveries.c.state == literal_column("'new'")
ASIDE = deliveries.c.state == literal_column("'aside'")
DONE = deliveries.c.state == literal_column("'done'")
SPOOLED = deliveries.c.spooled.is_not(None)
Index("deliveries_spooled", deliveries.c.spooled, unique=True, sqlite_where=SPOOLED, postgresql_where=SPOOLED)
Index(
    "deliveries_new",
    deliveries.c.state,
    deliveries.c.hook,  # hooks take turns
    deliveries.c.id,
    sqlite_where=NEW,
    postgresql_where=NEW,
)
Index("deliveries_aside", deliveries.c.state, deliveries.c.id, sqlite_where=ASIDE, postgresql_where=ASIDE)
Index("deliveries_done", deliveries.c.state, deliveries.c.received_at, sqlite_where=DONE, postgresql_where=DONE)
