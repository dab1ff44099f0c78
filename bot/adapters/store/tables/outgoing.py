"""The tables of what is said: the outbox, the pace of each channel, and what people decided about channels."""

from sqlalchemy import Boolean, Column, Index, Integer, Table, and_, false

from bot.adapters.store.columns import Instant, Number, Words
from bot.adapters.store.tables.base import metadata

outbox = Table(
    "outbox",
    metadata,
    Column("id", Number, primary_key=True),
    Column("key", Words, nullable=False),
    Column("channel", Words, nullable=False),
    Column("payload", Words, nullable=False),  # JSON
    Column("revision", Integer, nullable=False),  # grows with every change of the payload, from 1
    Column("sent_revision", Integer, nullable=False),  # what Slack shows; 0 is nothing yet
    Column("ts", Words),
    Column("due_at", Instant, nullable=False),
    Column("resumable", Boolean, nullable=False),  # it waits only because Slack was away
    Column("lease_until", Instant),
    Column("attempted_at", Instant),  # a post was tried and its fate is not known: the first such try
    Column("attempts", Integer, nullable=False),
    Column("reason", Words),
    Column("asker", Words),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("parked_at", Instant),
    Column("weight", Integer, nullable=False, server_default="0"),  # of two edits, the heavier goes first
    Column("changed_at", Instant, nullable=False, server_default="0"),  # the payload's last change
    Column("parent", Number),  # the message in whose thread it is a reply
    Column("gathered", Number),  # the "while Slack was away" message that tells it instead
    Column("tried_at", Instant),  # the last try, if attempted_at is set
    sqlite_autoincrement=True,
)
UNSENT = and_(outbox.c.parked_at.is_(None), outbox.c.sent_revision < outbox.c.revision)
SENT = and_(outbox.c.parked_at.is_(None), outbox.c.sent_revision >= outbox.c.revision)
PARKED = outbox.c.parked_at.is_not(None)
LEASED = outbox.c.lease_until.is_not(None)
Index("outbox_key", outbox.c.key, unique=True)
Index("outbox_due", outbox.c.channel, outbox.c.id, outbox.c.due_at, sqlite_where=UNSENT, postgresql_where=UNSENT)
Index("outbox_leased", outbox.c.channel, sqlite_where=LEASED, postgresql_where=LEASED)
Index("outbox_sent", outbox.c.sent_at, sqlite_where=SENT, postgresql_where=SENT)
Index("outbox_parked", outbox.c.parked_at, sqlite_where=PARKED, postgresql_where=PARKED)
REPLIES = outbox.c.parent.is_not(None)
GATHERED = outbox.c.gathered.is_not(None)
Index("outbox_parent", outbox.c.parent, sqlite_where=REPLIES, postgresql_where=REPLIES)
Index("outbox_gathered", outbox.c.gathered, sqlite_where=GATHERED, postgresql_where=GATHERED)

# When a channel may be spoken to. No row: at once.
lanes = Table(
    "lanes",
    metadata,
    Column("channel", Words, primary_key=True),
    Column("free_at", Instant, nullable=False),
    Column("parked_at", Instant),  # Slack refuses everything there, until somebody mends it
    Column("reason", Words),
    Column("pace", Integer, nullable=False),  # milliseconds between two calls, learned
    Column("away", Boolean, nullable=False),  # it rests only because Slack was away
    Column("edited", Boolean, nullable=False, server_default=false()),  # the last call there was an edit
)

# Calls of a method that has a budget for the whole workspace, as far back as the budget's window reaches.
spent = Table(
    "spent",
    metadata,
    Column("id", Number, primary_key=True),
    Column("method", Words, nullable=False),
    Column("at", Instant, nullable=False),
    Index("spent_method", "method", "at"),
)
tiers = Table(
    "tiers",
    metadata,
    Column("method", Words, primary_key=True),
    Column("per_minute", Integer, nullable=False),  # learned
    Column("blocked_until", Instant),  # Retry-After
)

# What people decided about a channel. No row: the defaults.
channels = Table(
    "channels",
    metadata,
    Column("channel", Words, primary_key=True),
    Column("layout", Words, nullable=False),  # card, thread or compact
    Column("owner", Words),  # Slack user who is told what to do when the channel cannot be posted to
    Column("zone", Words, nullable=False, server_default="UTC"),  # a name of the time zone database
    Column("quiet", Words, nullable=False, server_default=""),  # 22:00-07:00
    Column("digest", Words, nullable=False, server_default=""),  # daily 09:00, or weekly mon 09:00
    Column("told_at", Instant),  # until when the last daily or weekly summary reached
)
