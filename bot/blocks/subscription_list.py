"""A list of subscriptions: a row for each with what can be done about it. Pure."""

from collections.abc import Sequence
from datetime import datetime

from bot.blocks.layout import context, menu_of, section
from bot.blocks.paging import next_page, pack, previous_page, turns
from bot.blocks.subscription_words import Standing, row
from bot.blocks.text import code
from bot.domain.messages import Block

PAGE = 8
NEXT, PREVIOUS = "subscriptions_next", "subscriptions_previous"
MENU = "subscription_menu"
CHANGE = "change"
_TEST = ("Test", "test")
_PAUSE, _RESUME = ("Pause for 4 hours", "pause"), ("Resume now", "resume")
_ALWAYS = (("Change…", CHANGE), ("Unsubscribe…", "unsubscribe"))


def listing(
    shown: Sequence[Standing], now: datetime, *, about: str, start: int, total: int, notes: Sequence[str] = ()
) -> tuple[Block, ...]:
    """The rows, where we are, and the buttons to the other pages. `about` is what the buttons say the list is of."""
    there = turns(
        previous_page(PREVIOUS, pack(about, at=max(0, start - PAGE)) if start else ""),
        next_page(NEXT, pack(about, at=start + PAGE) if start + PAGE < total else ""),
    )
    where = f"{start + 1} to {start + len(shown)} of {total:,}. " if there else ""
    hint = f"{where}{code('/quay subscribe acme/web')} adds one, {code('/quay help subscriptions')} says more."
    return (
        *(section(row(one, now), accessory=menu(one, now)) for one in shown),
        *(context(note) for note in notes),
        context(hint),
        *there,
    )


def menu(one: Standing, now: datetime) -> Block | None:
    """What can be done about it: it is tried if it is in Quay, and goes on if it is paused."""
    until, there = one.subscription.paused_until, any(part.uuid and not part.silent for part in one.parts)
    turn = _RESUME if until and until > now else _PAUSE
    return menu_of(MENU, (*([_TEST] if there else []), turn, *_ALWAYS), one.subscription.name)
