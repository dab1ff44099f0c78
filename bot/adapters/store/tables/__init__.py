"""What is stored. The migrations build exactly these tables; a test compares the two.

Times are microseconds (columns.Instant). Rows that are worked on have `lease_until`: until then they belong to one
process, and after it to whoever comes first.
"""

from bot.adapters.store.tables.acts import WAITS, approvals, audit, banners, offers, reveals, votes
from bot.adapters.store.tables.base import metadata
from bot.adapters.store.tables.board import COUNTS, WAITING, card_names, cards, entries
from bot.adapters.store.tables.incoming import ASIDE, DONE, NEW, SPOOLED, deliveries, hook_channels, hook_tokens, hooks
from bot.adapters.store.tables.outgoing import (
    GATHERED,
    LEASED,
    PARKED,
    REPLIES,
    SENT,
    UNSENT,
    channels,
    lanes,
    outbox,
    spent,
    tiers,
)
from bot.adapters.store.tables.people import accounts, kept, links
from bot.adapters.store.tables.subscriptions import baselines, gaps, lookups, parts, recovered, subscriptions
from bot.adapters.store.tables.work import leases, seen, watches

__all__ = [
    "ASIDE",
    "COUNTS",
    "DONE",
    "GATHERED",
    "LEASED",
    "NEW",
    "PARKED",
    "REPLIES",
    "SENT",
    "SPOOLED",
    "UNSENT",
    "WAITING",
    "WAITS",
    "accounts",
    "approvals",
    "audit",
    "banners",
    "baselines",
    "card_names",
    "cards",
    "channels",
    "deliveries",
    "entries",
    "gaps",
    "hook_channels",
    "hook_tokens",
    "hooks",
    "kept",
    "lanes",
    "leases",
    "links",
    "lookups",
    "metadata",
    "offers",
    "outbox",
    "parts",
    "recovered",
    "reveals",
    "seen",
    "spent",
    "subscriptions",
    "tiers",
    "votes",
    "watches",
]
