"""What a command, a button, a form and a scheduled job are: what they get, what they may use, what they answer."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.domain.events import Event
from bot.domain.messages import Message, Modal
from bot.domain.people import Person
from bot.ports import Clock, Once, Registry, Trail, Voice, Watches
from bot.services.accounts import AccountBook


class Board(Protocol):
    """Where the cards hang."""

    async def tell(self, event: Event, *, channels: Sequence[str] = (), asker: str | None = None) -> None:
        """Fold the event into the cards of these channels and of every channel that already shows this card."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a handler may use to answer."""

    registry: Registry
    accounts: AccountBook
    board: Board
    watches: Watches
    voice: Voice
    clock: Clock
    quay_url: str
    once: Once
    trail: Trail


@dataclass(frozen=True, slots=True)
class Origin:
    """Where somebody asked for a form: it travels in the form, so that the answer finds its way back."""

    channel: str = ""
    response_url: str = field(default="", repr=False)

    def pack(self) -> str:
        """As the private text of a modal."""
        return json.dumps([self.channel, self.response_url])

    @classmethod
    def unpack(cls, private: str) -> "Origin":
        """The origin out of a modal's private text; an empty one if that is not ours."""
        try:
            found = json.loads(private or "[]")
        except ValueError:
            return cls()
        if isinstance(found, list) and len(found) == 2 and all(isinstance(part, str) for part in found):
            return cls(*found)
        return cls()


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that a person asked. `words` are those after the command's own word."""

    person: Person
    channel: str
    words: tuple[str, ...] = ()
    trigger: str = ""  # opens one modal, within 3 s
    response_url: str = field(default="", repr=False)
    thread: str = ""  # ts of the thread that it was asked in

    @property
    def origin(self) -> Origin:
        """Where the answer goes."""
        return Origin(self.channel, self.response_url)


@dataclass(frozen=True, slots=True)
class Click:
    """Somebody pressed a button, on a message (`ts`) or in an open modal (`view` with its `private` text)."""

    person: Person
    channel: str
    value: str = ""
    trigger: str = ""
    response_url: str = field(default="", repr=False)
    ts: str = ""
    view: str = ""
    private: str = ""

    @property
    def origin(self) -> Origin:
        """Where the answer goes: in a modal, to where the modal was asked for."""
        return Origin(self.channel, self.response_url) if self.channel else Origin.unpack(self.private)


@dataclass(frozen=True, slots=True)
class Submission:
    """Somebody sent a form. `values` holds what was entered, by block id; nothing entered is an empty string."""

    person: Person
    view: str
    values: Mapping[str, str] = field(repr=False)
    private: str = ""

    @property
    def origin(self) -> Origin:
        """Where the answer goes."""
        return Origin.unpack(self.private)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to the asker alone, or to the channel. `replace`: in place of the message with the button."""

    message: Message
    in_channel: bool = False
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Errors:
    """What is wrong in a form: sentences by block id, shown below the fields."""

    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Command:
    """One word of `/quay`. Help, the README's table and the app manifest are made from these."""

    word: str
    usage: tuple[str, ...]  # right forms without "/quay "
    summary: str  # at most 80 characters
    section: str  # "Builds", "Alerts", "Your account" or "Help"
    details: str  # our own mrkdwn, shown by `/quay help WORD`
    run: Callable[[Ask, Desk], Awaitable[Reply | None]]


@dataclass(frozen=True, slots=True)
class Action:
    """One button. It acts with the account of whoever pressed it, whoever asked for the message."""

    id: str
    run: Callable[[Click, Desk], Awaitable[Reply | None]]


@dataclass(frozen=True, slots=True)
class ModalHandler:
    """One form. `validate` is instant and is shown below the fields; `submit` may take its time afterwards."""

    callback: str
    validate: Callable[[Submission], dict[str, str]]
    submit: Callable[[Submission, Desk], Awaitable[Reply | Modal | Errors | None]]


@dataclass(frozen=True, slots=True)
class Job:
    """Something done every `seconds` by whichever replica leads."""

    name: str
    seconds: float
    run: Callable[[Desk], Awaitable[None]]
