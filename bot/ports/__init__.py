"""What the inside asks of the outside, worded as wishes. Adapters grant them; only the roof knows which adapter."""

from bot.ports.clock import Clock
from bot.ports.deeds import Approvals, ApprovalTurn, Audit, Line
from bot.ports.inbox import Delivery, Hook, Inbox, Intake, Spooled
from bot.ports.ledger import Ledger, Opened, Reply, StoredCard, Turned, Waiting
from bot.ports.linking import Kept, LinkAttempt, Links, LinkStage
from bot.ports.messages import Messages
from bot.ports.notifications import Notifications
from bot.ports.offers import Banners, Notices, Offers, Reveal, Reveals, Veiled
from bot.ports.outbox import Claim, Due, Outbox, Rest
from bot.ports.quay import (
    Build,
    BuildLog,
    BuildRequest,
    Client,
    Grant,
    LogLine,
    Quay,
    QuayUser,
    Registry,
    Revoking,
    Scopes,
    Sighting,
)
from bot.ports.quay_images import Tagging, Tags
from bot.ports.records import Channel, Channels, DeadLetter, DeadLetters, Lane, Lease, Page, Received, Trail
from bot.ports.repositories import Repositories
from bot.ports.robots import Robots
from bot.ports.slack import Directory, Voice
from bot.ports.spool import Spool, SpoolNumbers
from bot.ports.store import Accounts, Hooks, Once, Rotation, Secrets, Store, Watch, Watches
from bot.ports.subscriptions import Gaps, Lookups, Subscriptions

__all__ = [
    "Accounts",
    "ApprovalTurn",
    "Approvals",
    "Audit",
    "Banners",
    "Build",
    "BuildLog",
    "BuildRequest",
    "Channel",
    "Channels",
    "Claim",
    "Client",
    "Clock",
    "DeadLetter",
    "DeadLetters",
    "Delivery",
    "Directory",
    "Due",
    "Gaps",
    "Grant",
    "Hook",
    "Hooks",
    "Inbox",
    "Intake",
    "Kept",
    "Lane",
    "Lease",
    "Ledger",
    "Line",
    "LinkAttempt",
    "LinkStage",
    "Links",
    "LogLine",
    "Lookups",
    "Messages",
    "Notices",
    "Notifications",
    "Offers",
    "Once",
    "Opened",
    "Outbox",
    "Page",
    "Quay",
    "QuayUser",
    "Received",
    "Registry",
    "Reply",
    "Repositories",
    "Rest",
    "Reveal",
    "Reveals",
    "Revoking",
    "Robots",
    "Rotation",
    "Scopes",
    "Secrets",
    "Sighting",
    "Spool",
    "SpoolNumbers",
    "Spooled",
    "Store",
    "StoredCard",
    "Subscriptions",
    "Tagging",
    "Tags",
    "Trail",
    "Turned",
    "Veiled",
    "Voice",
    "Waiting",
    "Watch",
    "Watches",
]
