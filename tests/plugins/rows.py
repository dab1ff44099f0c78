"""Small stories that tests of the store begin with."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.messages import Outgoing
from bot.ports import Due, Hook, Opened, Store, StoredCard, Turned

NOW = datetime(2026, 3, 4, 5, 6, 7, 890123, tzinfo=UTC)
LEASE = timedelta(seconds=60)
SOON = NOW + timedelta(seconds=1)
LATER = NOW + LEASE


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


async def a_hook(store: Store, token: str = "t1", *channels: str, event: str = "repo_push") -> Hook:
    return await store.hooks.add(event, "acme/api", channels or ("C1",), token, NOW)


async def delivered(store: Store, *bodies: bytes, token: str = "t1") -> None:
    assert await store.intake.keep([(token, body) for body in bodies], NOW) == [True] * len(bodies)


def message(key: str, channel: str = "C1", payload: Mapping[str, Any] | None = None) -> Outgoing:
    return Outgoing(key, channel, {"text": key} if payload is None else payload)


async def said(store: Store, *messages: Outgoing, at: datetime = NOW) -> None:
    async with store.inbox.ledger() as ledger:
        for one in messages:
            await ledger.say(one, at)


async def a_card(store: Store, name: str = "build:1", channel: str = "C1", at: datetime = NOW) -> StoredCard:
    outgoing = message(f"{name}:{channel}:{at}", channel)
    async with store.inbox.ledger() as ledger:
        (card,) = await ledger.open_cards([Opened("build", "{}", outgoing)], at)
        assert card is not None
        await ledger.name_cards([(name, channel, card.id)])
    return card


async def cards(store: Store, name: str = "build:1") -> tuple[StoredCard, ...]:
    """Wherever a card answers to that name, the oldest first."""
    async with store.inbox.ledger() as ledger:
        found = await ledger.cards((), [name])
    return tuple(sorted(found.values(), key=lambda card: card.id))


async def turned(
    store: Store, card: StoredCard, text: str, at: datetime = NOW, *, weight: int = 0, urgent: bool = False
) -> None:
    change = Turned(card, '{"turned": true}', {"text": text}, weight, urgent)
    async with store.inbox.ledger() as ledger:
        await ledger.turn_cards([change], at)


async def taken_up(store: Store, row: int, at: datetime = NOW) -> Due:
    """That row of the outbox, claimed."""
    return next(due for due in await store.outbox.claim(99, at, LEASE) if due.id == row)
