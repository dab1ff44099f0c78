"""What a command, a button, a form and a scheduled job are: what they get, what they may use, what they answer."""

import json
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.acts import Act
from bot.domain.events import Event
from bot.domain.messages import Block, Message, Modal
from bot.domain.people import Person
from bot.ports import (
    Accounts,
    Audit,
    Banners,
    Channels,
    Clock,
    Directory,
    Kept,
    Notices,
    Offers,
    Once,
    Quay,
    Registry,
    Subscriptions,
    Trail,
    Voice,
    Watches,
)
from bot.services.accounts import AccountBook
from bot.services.approving import ApprovalBook
from bot.services.board import Telling
from bot.services.gate import Gate, Going
from bot.services.linking import Linking
from bot.services.policies import Policies
from bot.services.revealing import Revealing
from bot.services.upkeep import Upkeep


class Board(Protocol):
    """Where the cards hang."""

    async def tell(self, event: Event, *, channels: Sequence[str] = (), asker: str | None = None) -> None:
        """Fold the event into the cards of these channels and of every channel that already shows this card."""

    async def channels(self, event: Event) -> tuple[str, ...]:
        """The channels in which its card hangs now."""

    async def release(self, tellings: Sequence[Telling], lookups: Collection[int]) -> None:
        """Tell all of these in one transaction."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a handler may use to answer."""

    registry: Registry
    accounts: AccountBook
    people: Accounts
    board: Board
    watches: Watches
    voice: Voice
    clock: Clock
    quay_url: str
    once: Once
    trail: Trail
    gate: Gate
    policies: Policies
    approving: ApprovalBook
    linking: Linking
    kept: Kept
    audit: Audit
    directory: Directory
    offers: Offers
    notices: Notices
    revealing: Revealing
    banners: Banners
    channels: Channels
    subscriptions: Subscriptions
    upkeep: Upkeep
    public_url: str


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
        except (ValueError, RecursionError):
            return cls()
        if isinstance(found, list) and len(found) >= 2 and all(isinstance(part, str) for part in found):
            return cls(*found[:2])  # some forms remember more behind it
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
    """Somebody pressed a button, on a message (`ts`) or in an open modal (`view` with its `private` text).

    In a modal, `callback` says which one it is and `values` what its fields hold now, by block id.
    """

    person: Person
    channel: str
    value: str = ""
    trigger: str = ""
    response_url: str = field(default="", repr=False)
    ts: str = ""
    view: str = ""
    private: str = ""
    callback: str = ""
    values: Mapping[str, str] = field(default_factory=dict, repr=False)

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
    """An answer to the asker alone, or to the channel. `replace`: in place of the message with the button.

    `again` is what the same person asked for before they could do it (handlers/keeping): it is done after this answer.
    `home`: their Home tab shows something else now.
    """

    message: Message
    in_channel: bool = False
    replace: bool = False
    again: str = field(default="", repr=False)
    home: bool = False


@dataclass(frozen=True, slots=True)
class Errors:
    """What is wrong in a form: sentences by block id, shown below the fields."""

    fields: Mapping[str, str]


class Seek(StrEnum):
    """What a field of a form searches while somebody types: only what their own account sees."""

    NAMESPACE = "namespace"
    REPOSITORY = "repository"
    TARGET = "target"  # a repository, a pattern of repositories, or a namespace
    TAG = "tag"  # living ones, of the form's repository
    PAST_TAG = "past tag"  # dead ones as well
    DIGEST = "digest"  # what the form's tag pointed at before
    ROBOT = "robot"
    TRIGGER = "trigger"  # of the form's repository
    BUILD = "build"  # of the form's repository
    MESSAGE = "message"  # global messages that are shown now


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a command's form, in the order of the words. With `option` it becomes `--option value`.

    A tag without an option joins the repository before it ("acme/web:v1"). `choices` are (value, label).
    """

    name: str  # its block id
    label: str
    seek: Seek | None = None
    choices: tuple[tuple[str, str], ...] = ()
    option: str = ""
    optional: bool = False
    multiline: bool = False
    hint: str = ""
    placeholder: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A command as a modal: what is entered becomes the words that could have been typed. `title` ≤ 24 characters.

    `prefill` gives the words with which it opens for a person in a channel when nothing is known about what they want.
    """

    title: str
    fields: tuple[Field, ...]
    submit: str = "Go on"
    prefill: Callable[[Person, str, Desk], Awaitable[tuple[str, ...]]] | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """One word of `/quay`, or two ("tag history"). Help, the README's table and the app manifest are made from these.

    `form` opens when the command is typed alone, from a shortcut, and from buttons.
    """

    word: str
    usage: tuple[str, ...]  # right forms without "/quay "
    summary: str  # at most 80 characters
    section: str  # one of SECTIONS
    details: str  # our own mrkdwn, shown by `/quay help WORD`
    run: Callable[[Ask, Desk], Awaitable[Reply | None]]
    form: Form | None = None


SECTIONS = (
    "Tags",
    "Builds",
    "Robots",
    "Repositories",
    "Global messages",
    "Approvals",
    "Alerts",
    "Your account",
    "Help",
)
"""In the order of the help."""


async def as_it_is(act: Act, _quay: Quay) -> Act:
    """For acts that say everything from the start."""
    return act


async def unpinned(_act: Act, _quay: Quay) -> str:
    """For acts whose target has no state that matters."""
    return ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen, for whoever asked alone. `yes` is the label of the button that does it (≤ 30 characters)."""

    blocks: tuple[Block, ...]
    yes: str
    danger: bool = False


async def nobody(_act: Act, _going: Going, _now: datetime) -> str:
    """For acts of which nobody can tell who came in between."""
    return ""


@dataclass(frozen=True, slots=True)
class ActKind:
    """One kind of thing that people have done in Quay: all that the gate, the approvals and the audit need of it.

    `resolve` fills in what the words left open (which build is repeated, which trigger starts), so that what is shown
    to approvers is exactly what runs. `pin` is the state of the target that matters, such as the digest of its tag: an
    approval counts only as long as that is the same. `says` words the act as mrkdwn, to the last parameter. `quay_log`
    is the kind of the entry that Quay writes into its usage log for it, "" for none.

    `preview`: it is shown first what would happen, and done when whoever asked says yes. `blame` says in a sentence who
    has changed the pinned state, where that can be found out ("bob moved it 3 minutes ago."), else "".
    `looks`: it only reads, so a list of what was done goes without it.
    """

    name: str
    run: Callable[[Act, Going, Desk], Awaitable["Reply | None"]]
    says: Callable[[Act], str]
    resolve: Callable[[Act, Quay], Awaitable[Act]] = as_it_is
    pin: Callable[[Act, Quay], Awaitable[str]] = unpinned
    quay_log: str = ""
    preview: Callable[[Act, Going, Desk], Awaitable[Preview]] | None = None
    blame: Callable[[Act, Going, datetime], Awaitable[str]] = nobody
    looks: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """One button. It acts with the account of whoever pressed it, whoever asked for the message.

    `window`: it opens one, which takes a press that is not older than three seconds.
    """

    id: str
    run: Callable[[Click, Desk], Awaitable[Reply | None]]
    window: bool = False


@dataclass(frozen=True, slots=True)
class ModalHandler:
    """One form. `validate` is instant and is shown below the fields; `submit` may take its time afterwards.

    `stays`: the form stays open until `submit` has answered, so that its errors are shown below the fields as well.
    """

    callback: str
    validate: Callable[[Submission], dict[str, str]]
    submit: Callable[[Submission, Desk], Awaitable[Reply | Modal | Errors | None]]
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """Something done every `seconds` by whichever replica leads."""

    name: str
    seconds: float
    run: Callable[[Desk], Awaitable[None]]
