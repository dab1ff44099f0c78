"""What one press of a button will do: what was shown and waits for a yes, or the way back from what was done."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.acts import Act
from bot.domain.messages import Block
from bot.domain.people import Person


class Purpose(StrEnum):
    """Why it is offered."""

    CONFIRM = "confirm"  # its consequences were shown, and only whoever asked can say yes
    UNDO = "undo"  # it takes back what was done; for whoever did that, and for approvers


@dataclass(frozen=True, slots=True)
class Offer:
    """An act, exact to the last parameter, that runs when its button is pressed. Once, and only in time.

    `name` is what the button carries. `pin` is the state of things under which it was offered: if that has changed, it
    is not done. `channel` is where it was asked, `reference` that of what was shown or done. `said` is what was
    announced (mrkdwn) in the message with the key `card`, both empty where there is no such message; `blocks` stood
    below it.
    """

    name: str
    purpose: Purpose
    person: Person
    act: Act
    pin: str
    channel: str
    reference: str
    created_at: datetime
    expires_at: datetime
    said: str = ""
    card: str = ""
    blocks: tuple[Block, ...] = ()
