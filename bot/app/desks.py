"""What handlers may use, put together: accounts, policy, audit, gate, approvals, linking."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from bot.adapters.policy_file import PolicyFile
from bot.ports import Client, Clock, Directory, Registry, Store, Voice
from bot.services.accounts import AccountBook
from bot.services.approving import ApprovalBook
from bot.services.audit import AuditBook
from bot.services.board import Board
from bot.services.gate import Gate
from bot.services.linking import Linking
from bot.services.policies import Policies
from bot.services.revealing import Revealing, where
from bot.services.subscribing import reached
from bot.services.upkeep import Beating, Digesting, Looking, Recovering, Tending, Upkeep
from bot.settings import Settings
from handlers.acts.names import NAMES
from handlers.command import Desk


@dataclass(frozen=True, slots=True)
class Slack:
    """Both sides of Slack's Web API: what is said, and who is who."""

    voice: Voice
    directory: Directory


def desk_of(settings: Settings, store: Store, registry: Registry, board: Board, slack: Slack, clock: Clock) -> Desk:
    """The desk of one bot."""
    accounts = AccountBook(store.accounts, registry, clock)
    policies = Policies(policy_source(settings), slack.directory, clock, NAMES)
    audit = AuditBook(store.audit, clock)
    reach = partial(reached, subscriptions=store.subscriptions)
    gate = Gate(accounts, registry, policies, audit, clock, reach)
    linking = Linking(
        store.links,
        accounts,
        registry,
        slack.directory,
        slack.voice,
        clock,
        audit,
        quay_url=settings.quay_url,
        public_url=settings.public_url,
        client=client_of(settings),
        sealed=bool(settings.secret_keys),
    )
    return Desk(
        registry=registry,
        accounts=accounts,
        people=store.accounts,
        board=board,
        watches=store.watches,
        voice=slack.voice,
        clock=clock,
        quay_url=settings.quay_url,
        once=store.once,
        trail=store.trail,
        gate=gate,
        policies=policies,
        approving=ApprovalBook(store.approvals, gate, audit, clock),
        linking=linking,
        kept=store.kept,
        audit=store.audit,
        directory=slack.directory,
        offers=store.offers,
        notices=store.notices,
        revealing=Revealing(
            store.reveals,
            clock,
            settings.public_url,
            where(settings.reveal, settings.public_url),
            sealed=bool(settings.secret_keys),
        ),
        banners=store.banners,
        channels=store.channels,
        subscriptions=store.subscriptions,
        upkeep=_upkeep(settings, store, registry, board, gate, accounts, clock),
        public_url=settings.webhooks_at,
    )


def _upkeep(
    settings: Settings,
    store: Store,
    registry: Registry,
    board: Board,
    gate: Gate,
    accounts: AccountBook,
    clock: Clock,
) -> Upkeep:
    days, minutes = settings.rotate_days, settings.heartbeat_minutes
    return Upkeep(
        Tending(
            store.subscriptions,
            store.gaps,
            store.watches,
            gate,
            registry,
            store.notices,
            clock,
            settings.webhooks_at,
            timedelta(seconds=settings.check_seconds),
            timedelta(days=days) if days else None,
            new_token,
        ),
        Beating(store.subscriptions, gate, store.notices, clock, timedelta(minutes=minutes) if minutes else None),
        Recovering(store.subscriptions, store.gaps, store.trail, board, accounts, registry, clock),
        Looking(store.lookups, store.subscriptions, board, accounts, registry, clock),
        Digesting(store.channels, store.trail, store.inbox, clock, settings.quay_url, board.said),
    )


def new_token() -> str:
    """The last part of a webhook URL: nobody guesses it."""
    return secrets.token_urlsafe(32)


def policy_source(settings: Settings) -> PolicyFile | None:
    """The policy's file, if there is one."""
    return PolicyFile(Path(settings.policy_file)) if settings.policy_file else None


def client_of(settings: Settings) -> Client | None:
    """The bot's application at Quay, if there is one."""
    if not settings.quay_client_id:
        return None
    return Client(settings.quay_client_id, settings.quay_client_secret.get_secret_value())
