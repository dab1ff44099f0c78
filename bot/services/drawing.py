"""From the cards of a batch to what is stored of them: their states, and the messages that show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.blocks import layouts
from bot.domain.messages import Outgoing
from bot.ports import Ledger, Opened, Reply, StoredCard, Turned
from bot.services.tellings import Seat


@dataclass(frozen=True, slots=True)
class Drawing:
    """Words cards, with links into the Quay at `quay_url`."""

    quay_url: str

    def opened(self, seat: Seat, look: str) -> Opened:
        """A new card in the layout `look`."""
        payload, weight = self._payload(seat, look), seat.family.weight(seat.card)
        outgoing = Outgoing(seat.key, seat.channel, payload, seat.asker, weight, seat.since)
        return Opened(seat.family.name, seat.card.model_dump_json(), outgoing, seat.layout)

    def turned(self, seat: Seat, card: StoredCard, look: str) -> Turned:
        """A stored card that has changed, in the layout `look`."""
        family, state = seat.family, seat.card
        payload = self._payload(seat, look)
        return Turned(card, state.model_dump_json(), payload, family.weight(state), urgent=family.final(state))

    def _payload(self, seat: Seat, look: str) -> dict[str, Any]:
        show_all = seat.key if seat.family.listed(seat.card) > 1 else ""
        message = seat.family.show(seat.card, self.quay_url)
        return layouts.laid_out(message, look, show_all).payload()


async def reply(ledger: Ledger, seats: Sequence[tuple[Seat, StoredCard]], now: datetime) -> None:
    """Put the lines of each card into its thread; a reply that still waits there takes them up."""
    if not seats:
        return
    waiting = await ledger.waiting_replies([card.outbox for _, card in seats])
    replies = []
    for seat, card in seats:
        before = waiting.get(card.outbox)
        payload = layouts.reply(seat.lines, before.payload if before else None)
        outgoing = Outgoing(f"{seat.first_line}:{seat.channel}:reply", seat.channel, payload)
        replies.append(Reply(card.outbox, outgoing, before.row if before else None))
    await ledger.reply(replies, now)
