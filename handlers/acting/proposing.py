"""Showing what would happen, with a button that does exactly that; and the way back from what was done."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.blocks.approval_words import who_words
from bot.blocks.layout import actions, button, confirm
from bot.blocks.text import count, when
from bot.domain.acts import Act, Outcome
from bot.domain.messages import Block
from bot.domain.offers import Offer, Purpose
from bot.rules.policy import Effect
from bot.services.gate import Going
from handlers.acting.undoing import as_undo
from handlers.command import ActKind, Desk, Preview, Reply
from handlers.words import small, whisper

LIFE = timedelta(minutes=10)  # of a preview: what it says is about a moment
UNDO_LIFE = timedelta(minutes=60)
_NAME = 16  # bytes

Look = Callable[[Act, Going, Desk], Awaitable[Preview]]


@dataclass(frozen=True, slots=True)
class Undo:
    """The way back: the inverse act, exact to the last parameter, bound to the state that it takes back (`pin`).

    `question` is asked before: "Let latest point at sha256:1a2b3c4d again?" (plain text, ≤ 300 characters).
    """

    act: Act
    pin: str
    question: str


async def propose(kind: ActKind, look: Look, going: Going, desk: Desk) -> Reply:
    """What `look` sees that would happen, with its buttons. Nothing is done, and the audit says so.

    The state is read before what is shown: if it changes in between, the press finds that out.
    """
    pin = await kind.pin(going.act, going.quay)
    preview, now = await look(going.act, going, desk), desk.clock.now()
    offer = Offer(
        name=new_name(),
        purpose=Purpose.CONFIRM,
        person=going.person,
        act=going.act,
        pin=pin,
        channel=going.channel,
        reference=going.reference,
        created_at=now,
        expires_at=now + LIFE,
    )
    await desk.offers.make(offer)
    going.result.outcome = Outcome.SHOWN
    going.result.detail = "What would happen was shown. Nothing is done yet."
    yes = button("confirm", preview.yes, value=offer.name, style="danger" if preview.danger else "primary")
    row = actions(yes, button("confirm_no", "Cancel", value=offer.name))
    more = (*_approvals(going), small(f"Nothing is done yet. This offer is good until {when(offer.expires_at)}."))
    return whisper("Please check what would happen:", *preview.blocks, *more, row)


async def undo_row(
    undo: Undo, going: Going, desk: Desk, *, said: str, card: str, blocks: tuple[Block, ...] = ()
) -> Block:
    """The row with the button "Undo" for the message with the key `card`, which says `said`, and `blocks` below."""
    now = desk.clock.now()
    offer = Offer(
        name=new_name(),
        purpose=Purpose.UNDO,
        person=going.person,
        act=as_undo(undo.act, going.reference),
        pin=undo.pin,
        channel=going.channel,
        reference=going.reference,
        created_at=now,
        expires_at=now + UNDO_LIFE,
        said=said,
        card=card,
        blocks=blocks,
    )
    await desk.offers.make(offer)
    question = confirm("Undo this?", undo.question, yes="Undo", no="Leave it")
    return actions(button("undo", "Undo", value=offer.name, confirm=question))


def new_name() -> str:
    """A name that nobody guesses."""
    return secrets.token_urlsafe(_NAME)


def _approvals(going: Going) -> tuple[Block, ...]:
    if going.decision.effect is not Effect.APPROVE:
        return ()
    needed = count(max(1, going.decision.needed), "approval")
    return (who_words(f"It takes {needed} then. Who can approve: ", going.decision.approvers),)
