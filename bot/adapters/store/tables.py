"""What is stored. The migrations build exactly these tables; a test compares the two.

Times are microseconds (columns.Instant). Rows that are worked on have `lease_until`: until then they belong to one
process, and after it to whoever comes first.
"""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    and_,
    false,
    literal_column,
)

from bot.adapters.store.columns import Instant, Number, Words

metadata = MetaData()

hooks = Table(
    "hooks",
    metadata,
    Column("id", Number, primary_key=True),
    Column("event", Words, nullable=False),
    Column("target", Words, nullable=False),
    Column("created_at", Instant, nullable=False),
    # A removed hook keeps its row, so that its deliveries can still be worked on and explained.
    Column("removed", Boolean, nullable=False),
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
)

# Who does the scheduled work.
leases = Table(
    "leases",
    metadata,
    Column("name", Words, primary_key=True),
    Column("holder", Words, nullable=False),
    Column("until", Instant, nullable=False),
)

cards = Table(
    "cards",
    metadata,
    Column("id", Number, primary_key=True),
    Column("channel", Words, nullable=False),
    Column("family", Words, nullable=False),
    Column("state", Words, nullable=False),  # JSON
    Column("outbox", Number, ForeignKey("outbox.id"), nullable=False),
    Column("touched_at", Instant, nullable=False),
    Column("opened_at", Instant, nullable=False, server_default="0"),
    Index("cards_outbox", "outbox"),
    Index("cards_touched", "touched_at"),
    sqlite_autoincrement=True,
)

# What a card answers to: the newest card with a name in a channel is the one that goes on.
card_names = Table(
    "card_names",
    metadata,
    Column("name", Words, primary_key=True),
    Column("channel", Words, primary_key=True),
    Column("card", Number, ForeignKey("cards.id"), nullable=False),
    Index("card_names_card", "card"),
)

# What became of each event in each channel. `item` is what it added to the card's list, once for each card.
entries = Table(
    "entries",
    metadata,
    Column("id", Number, primary_key=True),
    Column("delivery", Number),  # none: the bot found out by itself. No foreign key: deliveries are forgotten earlier
    Column("channel", Words, nullable=False),
    Column("subject", Words, nullable=False),  # ns/repo, or ns
    Column("tags", Words, nullable=False),  # JSON
    Column("kind", Words, nullable=False),
    Column("at", Instant, nullable=False),
    Column("verdict", Words, nullable=False),  # opened, folded, repeated or filtered
    Column("rule", Words),  # that filtered it
    Column("card", Number, ForeignKey("cards.id")),
    Column("item", Words),
    Column("data", Words),  # JSON; with it the item counts, without it is a repetition
    Index("entries_subject", "subject", "id"),
    Index("entries_card", "card", "id"),
    Index("entries_at", "at"),
    sqlite_autoincrement=True,
)
COUNTS = entries.c.data.is_not(None)
Index("entries_item", entries.c.card, entries.c.item, unique=True, sqlite_where=COUNTS, postgresql_where=COUNTS)

accounts = Table(
    "accounts",
    metadata,
    Column("team", Words, primary_key=True),
    Column("member", Words, primary_key=True),
    Column("username", Words, nullable=False),
    Column("linked_at", Instant, nullable=False),
    Column("token", LargeBinary, nullable=False),  # sealed
    Column("way", Words, nullable=False, server_default="pasted"),  # code, assigned or pasted
    Column("scopes", Words),  # with blanks between them; none: nobody knows
    Index("accounts_username", "username"),
)

# Attempts to link an account. Ticket, cookie, state and code are SHA-256 hashes.
links = Table(
    "links",
    metadata,
    Column("id", Number, primary_key=True),
    Column("team", Words, nullable=False),
    Column("member", Words, nullable=False),
    Column("ticket", Words, nullable=False),
    Column("stage", Words, nullable=False),  # open, away or confirm
    Column("way", Words, nullable=False),
    Column("scopes", Words, nullable=False),  # asked for
    Column("origin", LargeBinary, nullable=False),  # sealed: it holds a response address
    Column("cookie", Words),
    Column("state", Words),  # until the browser comes back with it
    Column("code", Words),
    Column("tries", Integer, nullable=False),
    Column("username", Words),
    Column("token", LargeBinary),  # sealed
    Column("granted", Words),  # scopes that came with the token; none: nobody knows
    Column("expires_at", Instant, nullable=False),
    Index("links_ticket", "ticket", unique=True),
    Index("links_cookie", "cookie"),
    Index("links_state", "state", unique=True),
    Index("links_person", "team", "member", unique=True),
    Index("links_expires", "expires_at"),
    sqlite_autoincrement=True,
)

# What somebody asked for before they could: it runs as soon as they have linked an account.
kept = Table(
    "kept",
    metadata,
    Column("team", Words, primary_key=True),
    Column("member", Words, primary_key=True),
    Column("what", LargeBinary, nullable=False),  # sealed
    Column("at", Instant, nullable=False),
    Index("kept_at", "at"),
)

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
