"""What the inside asks of the outside, worded as wishes. Adapters grant them; only the roof knows which adapter."""

from bot.ports.clock import Clock
from bot.ports.inbox import Delivery, Hook, Inbox, Intake, Spooled
from bot.ports.ledger import Ledger, Opened, Reply, StoredCard, Turned, Waiting
from bot.ports.outbox import Claim, Due, Outbox, Rest
from bot.ports.quay import Build, BuildLog, BuildRequest, LogLine, Quay, QuayUser, Registry, Trigger
from bot.ports.records import Channel, Channels, DeadLetter, DeadLetters, Lane, Lease, Page, Trail
from bot.ports.slack import Voice
from bot.ports.spool import Spool, SpoolNumbers
from bot.ports.store import Accounts, Hooks, Once, Store, Watch, Watches

__all__ = [
    "Accounts",
    "Build",
    "BuildLog",
    "BuildRequest",
    "Channel",
    "Channels",
    "Claim",
    "Clock",
    "DeadLetter",
    "DeadLetters",
    "Delivery",
    "Due",
    "Hook",
    "Hooks",
    "Inbox",
    "Intake",
    "Lane",
    "Lease",
    "Ledger",
    "LogLine",
    "Once",
    "Opened",
    "Outbox",
    "Page",
    "Quay",
    "QuayUser",
    "Registry",
    "Reply",
    "Rest",
    "Spool",
    "SpoolNumbers",
    "Spooled",
    "Store",
    "StoredCard",
    "Trail",
    "Trigger",
    "Turned",
    "Voice",
    "Waiting",
    "Watch",
    "Watches",
]
