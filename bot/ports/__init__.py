"""What the inside asks of the outside, worded as wishes. Adapters grant them; only the roof knows which adapter."""

from bot.ports.clock import Clock
from bot.ports.quay import Build, BuildLog, BuildRequest, LogLine, Quay, QuayUser, Registry, Trigger
from bot.ports.slack import Voice
from bot.ports.store import (
    Accounts,
    Aside,
    Delivery,
    Due,
    Hook,
    Hooks,
    Inbox,
    Intake,
    Ledger,
    Once,
    Outbox,
    Store,
    StoredCard,
    Watch,
    Watches,
)

__all__ = [
    "Accounts",
    "Aside",
    "Build",
    "BuildLog",
    "BuildRequest",
    "Clock",
    "Delivery",
    "Due",
    "Hook",
    "Hooks",
    "Inbox",
    "Intake",
    "Ledger",
    "LogLine",
    "Once",
    "Outbox",
    "Quay",
    "QuayUser",
    "Registry",
    "Store",
    "StoredCard",
    "Trigger",
    "Voice",
    "Watch",
    "Watches",
]
