"""The tables of subscriptions: what they need in Quay, and what is still to be found out or fetched for them."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, literal_column

from bot.adapters.store.columns import Instant, Number, Words
from bot.adapters.store.tables.base import metadata

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("name", Words, primary_key=True),
    Column("channel", Words, nullable=False),
    Column("target", Words, nullable=False),
    Column("events", Words, nullable=False),  # JSON
    Column("filter", Words, nullable=False),
    Column("days", Integer, nullable=False),
    Column("layout", Words, nullable=False),
    Column("team", Words, nullable=False),
    Column("member", Words, nullable=False),
    Column("username", Words, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("state", Words, nullable=False),  # active, orphaned or ended
    Column("paused_until", Instant),
    Column("reason", Words, nullable=False),
    Column("checked_at", Instant),
    Column("source", Words, nullable=False),  # chat or file
    Column("next_at", Instant, nullable=False),
    Column("lease_until", Instant),
    Column("hurried", Boolean, nullable=False),  # somebody asked for haste while it was being compared
    Index("subscriptions_due", "next_at"),
    Index("subscriptions_channel", "channel"),
    Index("subscriptions_person", "team", "member"),
)
LIVES = subscriptions.c.state != literal_column("'ended'")
Index(
    "subscriptions_once",
    subscriptions.c.channel,
    subscriptions.c.target,
    unique=True,
    sqlite_where=LIVES,
    postgresql_where=LIVES,
)

# One notification in Quay, which is one webhook URL.
parts = Table(
    "parts",
    metadata,
    Column("hook", Number, ForeignKey("hooks.id"), primary_key=True, autoincrement=False),
    Column("subscription", Words, ForeignKey("subscriptions.name"), nullable=False),
    Column("target", Words, nullable=False),
    Column("event", Words, nullable=False),
    Column("silent", Boolean, nullable=False),
    Column("config", Words, nullable=False),  # JSON
    Column("created_at", Instant, nullable=False),
    Column("uuid", Words, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("whole_at", Instant),
    Column("heard_at", Instant),
    Column("rotated_at", Instant),
    Column("beat_at", Instant),
    Column("beaten", Integer, nullable=False),
    Index("parts_subscription", "subscription", "target", "event"),
)

# No foreign keys from here on: nobody waits for a lock to write these, and what belongs to nobody is swept away.
gaps = Table(
    "gaps",
    metadata,
    Column("id", Number, primary_key=True),
    Column("subscription", Words, nullable=False),
    Column("target", Words, nullable=False),
    Column("events", Words, nullable=False),  # JSON
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("latest_at", Instant, nullable=False),  # however often it grows, it is due then
    Column("tries", Integer, nullable=False),
    Column("lease_until", Instant),
    Index("gaps_due", "due_at"),
    Index("gaps_of", "subscription", "target", unique=True),
    sqlite_autoincrement=True,
)

lookups = Table(
    "lookups",
    metadata,
    Column("id", Number, primary_key=True),
    Column("sought", Words, nullable=False),  # push or build
    Column("subscription", Words, nullable=False),
    Column("channel", Words, nullable=False),
    Column("repository", Words, nullable=False),
    Column("delivery", Number, nullable=False),
    Column("event", Words, nullable=False),  # JSON
    Column("at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("held", Boolean, nullable=False),
    Column("known", Words, nullable=False),  # JSON
    Column("tries", Integer, nullable=False),
    Column("lease_until", Instant),
    Index("lookups_due", "due_at", "id"),
    Index("lookups_of", "subscription", "repository", "due_at"),
    sqlite_autoincrement=True,
)

# What was there before in a repository.
baselines = Table(
    "baselines",
    metadata,
    Column("subscription", Words, primary_key=True),
    Column("target", Words, primary_key=True),
    Column("known", Words, nullable=False),  # JSON
    Column("at", Instant, nullable=False),
    Index("baselines_at", "at"),
)

# What was missed and told afterwards, so that it is told once.
recovered = Table(
    "recovered",
    metadata,
    Column("channel", Words, primary_key=True),
    Column("key", Words, primary_key=True),
    Column("at", Instant, nullable=False),
    Index("recovered_at", "at"),
)
