"""What the page needs from the world that it shows: a Slack with people in it, and a Quay where things can happen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.fakes.page.board import Board


class Named(Protocol):
    """A channel or a person.

    A channel may also say who its `members` are and whether it is `private`; then only they see it, as they alone see a
    direct conversation. A person may be `deleted` or a `bot`; then nobody can act as them.
    """

    @property
    def id(self) -> str:
        """Slack's id: C… for a channel, D… for a direct conversation, U… for a person."""

    @property
    def name(self) -> str:
        """The name without # or @."""


class Answer(Protocol):
    """What the app answered Slack."""

    @property
    def status(self) -> int:
        """The HTTP status; 0 where no answer came."""

    @property
    def body(self) -> Any:
        """The decoded JSON body, or None where it was empty."""

    @property
    def error(self) -> str | None:
        """What went wrong, in Slack's word for it (such as operation_timeout), or None."""


class SlackSide(Protocol):
    """The pretended Slack, as far as somebody sitting in front of it sees and does things.

    Doing raises LookupError for something that is not there (any more), ValueError for something Slack would not
    let a person do, and a BotError or ConnectionError where the app cannot be reached.
    """

    @property
    def channels(self) -> Mapping[str, Named]:
        """Channels by id."""

    @property
    def users(self) -> Mapping[str, Named]:
        """People by id; may contain the bot."""

    @property
    def bot_user(self) -> str:
        """The bot's own user id."""

    @property
    def down(self) -> bool:
        """Whether Slack answers nobody at the moment."""

    @property
    def files(self) -> Sequence[Mapping[str, Any]]:
        """Files with their id, name, `content` (bytes) and the ids of the `channels` that they were sent to."""

    @property
    def shortcuts(self) -> Sequence[Mapping[str, Any]]:
        """The app's shortcuts as in its manifest: name, type (global or message), callback_id, description."""

    def messages(self, channel: str, /) -> Sequence[Mapping[str, Any]]:
        """A channel's messages, oldest first, as Slack's JSON."""

    def whispers(self, user: str, /) -> Sequence[Mapping[str, Any]]:
        """The messages that only `user` sees, each with its `channel`."""

    def open_views(self, user: str, /) -> Sequence[Mapping[str, Any]]:
        """The modals that `user` has open, the topmost last, as Slack's view JSON."""

    def home(self, user: str, /) -> Mapping[str, Any] | None:
        """The app's Home tab as `user` sees it, as Slack's view JSON; None until the app has drawn it."""

    async def open_home(self, user: str, /) -> Answer | None:
        """Open the app's Home tab."""

    async def click_home(self, user: str, action_id: str, /, *, value: Any = None, block_id: str = "") -> Answer | None:
        """Press a button, or choose `value` in a menu, of the Home tab."""

    async def share(self, user: str, channel: str, text: str, /) -> object:
        """Write a message; the app is told of its links."""

    async def command(self, user: str, channel: str, text: str, command: str, /) -> Answer | None:
        """Send the slash `command` with `text` after it."""

    async def click(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        /,
        *,
        whisper: bool = False,
        value: Any = None,
        block_id: str = "",
    ) -> Answer | None:
        """Press a button, or choose `value` in a menu, of a message."""

    async def click_view(
        self,
        user: str,
        action_id: str,
        /,
        *,
        value: Any = None,
        block_id: str = "",
        values: dict[str, dict[str, Any]] | None = None,
    ) -> Answer | None:
        """Press a button, or choose `value` in a menu, of the topmost modal, whose other fields hold `values` by then.

        What an input block holds is told to the app only if the block has dispatch_action.
        """

    async def submit(self, user: str, values: dict[str, dict[str, Any]], /) -> Answer:
        """Submit the topmost modal. `values` by block id and action id: a text, an option, a list of options, an id."""

    async def close_view(self, user: str, /) -> Answer | None:
        """Close the topmost modal."""

    async def options(
        self,
        user: str,
        action_id: str,
        value: str,
        /,
        *,
        block_id: str = "",
        channel: str = "",
        ts: str = "",
        whisper: bool = False,
    ) -> Answer:
        """Ask the app for the options of an external select of the topmost modal, or of a message."""

    async def shortcut(
        self, user: str, callback_id: str, /, *, channel: str | None = None, ts: str | None = None
    ) -> Answer | None:
        """Use a global shortcut, or that of a message."""


@dataclass(frozen=True, slots=True)
class Hint:
    """One line of help for the composer: `usage` as one types it ("/quay tags REPO"), `says` in a few words."""

    usage: str
    says: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a person has at hand to copy, such as a token: `says` what it is, and its `value`."""

    says: str
    value: str = field(repr=False)


class DemoWorld(Protocol):
    """Everything behind the page."""

    @property
    def slack(self) -> SlackSide:
        """The pretended Slack."""

    @property
    def board(self) -> Board:
        """Says when something changed; whoever changes something calls `board.bump()`."""

    @property
    def queued(self) -> int:
        """How many webhook deliveries Quay has queued."""

    @property
    def waiting(self) -> int:
        """How many messages the bot still has to show in Slack."""

    def notes(self, user: str, /) -> Sequence[Note]:
        """What `user` has at hand; shown to whoever acts as that person."""

    def tries(self, user: str, /) -> Sequence[Hint]:
        """Whole commands that are worth trying as `user`, each with what it shows."""

    def repositories(self) -> Sequence[str]:
        """The repositories that can be picked in the panel, as namespace/name."""

    def hints(self) -> Sequence[Hint]:
        """The commands that the composer suggests."""

    async def happen(self, what: str, wish: Mapping[str, str], /) -> str:
        """Make `what` (a name of HAPPENINGS) happen and tell in a sentence what was done.

        `wish` may name a `repository` and a `tag`. Raises UserError where it cannot be done, with the reason.
        """
