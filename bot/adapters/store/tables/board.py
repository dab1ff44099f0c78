"""The tables of the cards, and of what became of each event in each channel."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Table, false

from bot.adapters.store.columns import Instant, Number, Words
from bot.adapters.store.tables.base import metadata

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
    Column("layout", Words, nullable=False, server_default=""),  # empty: that of the channel
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
    Index("card_names_name", "name", postgresql_ops={"name": "text_pattern_ops"}),  # asked for by its beginning
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
    Column("at", Instant, nullable=False),  # when it happened
    Column("verdict", Words, nullable=False),  # opened, folded, repeated or filtered
    Column("rule", Words),  # that filtered it
    Column("card", Number, ForeignKey("cards.id")),
    Column("item", Words),
    Column("data", Words),  # JSON; with it the item counts, without it is a repetition
    Column("subscription", Words),  # that brought it; none: a webhook URL of nobody, or what the bot follows
    Column("written_at", Instant, nullable=False, server_default="0"),  # what comes late was written late
    Column("waits_since", Instant),  # quiet hours kept it out, and it is in no summary yet
    Column("test", Boolean, nullable=False, server_default=false()),  # Quay's test call
    Index("entries_subject", "subject", "id"),
    Index("entries_card", "card", "id"),
    Index("entries_at", "at"),
    Index("entries_delivery", "delivery"),
    Index("entries_channel", "channel", "written_at"),
    Index("entries_kind", "channel", "subject", "kind", "at"),
    sqlite_autoincrement=True,
)
COUNTS = entries.c.data.is_not(None)
WAITING = entries.c.waits_since.is_not(None)
Index("entries_item", entries.c.card, entries.c.item, unique=True, sqlite_where=COUNTS, postgresql_where=COUNTS)
Index("entries_waiting", entries.c.channel, entries.c.waits_since, sqlite_where=WAITING, postgresql_where=WAITING)
