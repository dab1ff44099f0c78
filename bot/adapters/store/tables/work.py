"""The tables of the work in turn: who leads, which builds are followed, and what was seen already."""

from sqlalchemy import Boolean, Column, Index, Integer, Table

from bot.adapters.store.columns import Instant, Words
from bot.adapters.store.tables.base import metadata

# Who does the scheduled work.
leases = Table(
    "leases",
    metadata,
    Column("name", Words, primary_key=True),
    Column("holder", Words, nullable=False),
    Column("until", Instant, nullable=False),
)

watches = Table(
    "watches",
    metadata,
    Column("build", Words, primary_key=True),
    Column("repository", Words, nullable=False),
    Column("team", Words, nullable=False),
    Column("member", Words, nullable=False),
    Column("since", Instant, nullable=False),
    Column("polls", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("lease_until", Instant),
    Column("hurried", Boolean, nullable=False),  # somebody asked for haste while it was being looked at
    Index("watches_due", "due_at"),
)

seen = Table(
    "seen",
    metadata,
    Column("key", Words, primary_key=True),
    Column("at", Instant, nullable=False),
    Index("seen_at", "at"),
)
