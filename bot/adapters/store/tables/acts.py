"""The tables of what people do: what waits for others, for a press, for its time; and the audit."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, literal_column

from bot.adapters.store.columns import Instant, Number, Words
from bot.adapters.store.tables.base import metadata

# Acts that wait for others to agree.
approvals = Table(
    "approvals",
    metadata,
    Column("name", Words, primary_key=True),  # what people type
    Column("team", Words, nullable=False),
    Column("member", Words, nullable=False),
    Column("username", Words, nullable=False),
    Column("channel", Words, nullable=False),
    Column("place", Words, nullable=False),
    Column("act", Words, nullable=False),
    Column("target", Words, nullable=False),
    Column("parameters", Words, nullable=False),  # JSON
    Column("hidden", LargeBinary),  # sealed JSON
    Column("pin", Words, nullable=False),
    Column("rule", Words, nullable=False),
    Column("rule_reason", Words, nullable=False),
    Column("approvers", Words, nullable=False),  # JSON
    Column("needed", Integer, nullable=False),
    Column("reference", Words, nullable=False),
    Column("stage", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("moved_at", Instant, nullable=False),  # when it came to its stage
    Index("approvals_moved", "moved_at"),
)
WAITS = approvals.c.stage.in_([literal_column("'open'"), literal_column("'running'")])
Index("approvals_waiting", approvals.c.expires_at, sqlite_where=WAITS, postgresql_where=WAITS)
votes = Table(
    "votes",
    metadata,
    Column("approval", Words, ForeignKey("approvals.name", ondelete="CASCADE"), primary_key=True),
    Column("team", Words, primary_key=True),
    Column("member", Words, primary_key=True),
    Column("username", Words, nullable=False),
    Column("at", Instant, nullable=False),
)

# Acts that run when somebody presses their button: what was shown and waits for a yes, and ways back.
offers = Table(
    "offers",
    metadata,
    Column("name", Words, primary_key=True),
    Column("purpose", Words, nullable=False),
    Column("team", Words, nullable=False),
    Column("member", Words, nullable=False),
    Column("act", Words, nullable=False),
    Column("target", Words, nullable=False),
    Column("parameters", Words, nullable=False),  # JSON
    Column("hidden", LargeBinary),  # sealed JSON
    Column("pin", Words, nullable=False),
    Column("channel", Words, nullable=False),
    Column("reference", Words, nullable=False),
    Column("said", Words, nullable=False),
    Column("card", Words, nullable=False),
    Column("blocks", Words, nullable=False),  # JSON
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("taken_at", Instant),
    Index("offers_expires", "expires_at"),
    Index("offers_person", "team", "member"),
)

# Secrets that one person may look at once.
reveals = Table(
    "reveals",
    metadata,
    Column("ticket", Words, primary_key=True),  # SHA-256
    Column("team", Words, nullable=False),
    Column("member", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("what", LargeBinary),  # sealed; none once it was shown, or its time is over
    Column("expires_at", Instant, nullable=False),
    Column("shown_at", Instant),
    Index("reveals_expires", "expires_at"),
)

# Global messages that begin or end at a certain time.
banners = Table(
    "banners",
    metadata,
    Column("name", Words, primary_key=True),
    Column("team", Words, nullable=False),
    Column("member", Words, nullable=False),
    Column("username", Words, nullable=False),
    Column("channel", Words, nullable=False),
    Column("content", Words, nullable=False),
    Column("severity", Words, nullable=False),
    Column("media_type", Words, nullable=False),
    Column("begins_at", Instant, nullable=False),
    Column("ends_at", Instant),
    Column("reference", Words, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("stage", Words, nullable=False),
    Column("moved_at", Instant, nullable=False),
    Column("uuid", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("approval", Words, nullable=False),
    Column("voters", Words, nullable=False),  # JSON
    Column("seen", Words),  # JSON
    Index("banners_stage", "stage", "begins_at"),
)

# Who did what. Nothing in it is ever changed: the database refuses to (see the migration).
audit = Table(
    "audit",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("reference", Words, nullable=False),
    Column("team", Words, nullable=False),
    Column("member", Words, nullable=False),
    Column("username", Words, nullable=False),
    Column("channel", Words, nullable=False),
    Column("act", Words, nullable=False),
    Column("target", Words, nullable=False),
    Column("parameters", Words, nullable=False),  # JSON
    Column("outcome", Words, nullable=False),
    Column("detail", Words, nullable=False),
    Column("approval", Words, nullable=False),
    Column("quay_log", Words, nullable=False),
    Column("previous", Words, nullable=False),
    Column("hash", Words, nullable=False),
    Index("audit_person", "team", "member", "number"),
    Index("audit_target", "target", postgresql_ops={"target": "text_pattern_ops"}),  # asked for by its beginning
    Index("audit_reference", "reference"),
    Index("audit_approval", "approval"),
)
