"""The workspace: everything that Slack remembers, and the news that something changed."""

import asyncio
import hashlib
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from bot.fakes.slack.model import Channel, Json, Refused, User
from bot.ports import Clock

T = TypeVar("T")
BOT_USER, BOT_ID, APP_ID = "U0QUAYBOT", "B0QUAYBOT", "A0QUAYBOT"
TRIGGER_LIFE = timedelta(seconds=3)
URL_LIFE, URL_USES = timedelta(minutes=30), 5


@dataclass(slots=True)
class Trigger:
    """The right to open one view, soon. `stack` says whether it was born inside a modal, `channel` where if not."""

    user: str
    born: datetime
    used: bool = False
    stack: bool = False
    channel: str = ""


@dataclass(slots=True)
class ResponseUrl:
    """The right to answer in a channel five times within half an hour.

    `ts` is the message that carried the component ("" after a slash command), `whisper` whether it was ephemeral.
    """

    user: str
    channel: str
    born: datetime
    ts: str = ""
    whisper: bool = False
    uses: int = 0


@dataclass(slots=True)
class Upload:
    """A file on its way: promised, then received, then shared."""

    name: str
    length: int
    content: bytes | None = None


@dataclass
class Workspace:
    """All state. Methods that change what a reader sees end with `changed()`."""

    clock: Clock
    team: str
    enterprise: str = ""  # the organization's id (E…), in Enterprise Grid
    groups: dict[str, set[str]] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: dict[str, list[Json]] = field(default_factory=dict)
    whispers: dict[str, list[Json]] = field(default_factory=dict)
    stacks: dict[str, list[Json]] = field(default_factory=dict)
    homes: dict[str, Json] = field(default_factory=dict)
    unfurl_domains: list[str] = field(default_factory=list)  # as in the app's manifest
    any_domain: bool = False  # also addresses and bare names, which the real Slack never takes
    composed: dict[str, dict[str, Json]] = field(default_factory=dict)
    """What is shown below the links of a message that is still being written: by unfurl_id, then by address."""
    linked: dict[str, set[str]] = field(default_factory=dict)
    """The addresses that the app was told of: by unfurl_id, and by "channel/ts"."""
    external_ids: set[str] = field(default_factory=set)
    shortcuts: list[Json] = field(default_factory=list)  # as in the app's manifest
    offered: dict[tuple[str, str, str], dict[str, Json]] = field(default_factory=dict)
    """The options that a menu has shown so far: by (view or message, block_id, action_id), then by value."""
    touched: dict[tuple[str, str], Json] = field(default_factory=dict)
    """What somebody has chosen in the fields of a message, by person and message."""
    sent_states: dict[str, Json] = field(default_factory=dict)
    """A view's state when the bot opened or updated it last, by the view's id."""
    uploads: dict[str, Upload] = field(default_factory=dict)
    files: list[Json] = field(default_factory=list)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    urls: dict[str, ResponseUrl] = field(default_factory=dict)
    origin: str = ""
    home_tab_enabled: bool = True
    on_change: Callable[[], None] | None = None
    _serial: int = 0
    _last: int = 0
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def changed(self) -> None:
        """Wake everybody who waits for something to become true."""
        self._news.set()
        self._news = asyncio.Event()
        if self.on_change:
            self.on_change()

    async def wait(self, predicate: Callable[[], T], timeout: float) -> T:
        """The first truthy value of `predicate`, asked again at each change; TimeoutError after `timeout` seconds."""
        async with asyncio.timeout(timeout):
            while True:
                news = self._news
                value = predicate()
                if value:
                    return value
                await news.wait()

    def serial(self, prefix: str) -> str:
        """A new id."""
        self._serial += 1
        return f"{prefix}{self._serial:08d}"

    def next_ts(self) -> str:
        """A message's time and name: unique and growing, whatever the clock does."""
        now = int(self.clock.now().timestamp() * 1_000_000) // 100 * 100
        self._last = max(now, self._last + 100)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def team_of(self, user: User) -> str:
        """Whose user it is, as clicks and forms say it: in Enterprise Grid they name the organization (facts §13)."""
        return user.team or self.enterprise or self.team

    def open_im(self, user: str) -> Channel:
        """The direct conversation of the bot with somebody, opened if need be."""
        name = im_id(user)
        if name not in self.channels:
            self.channels[name] = Channel(name, user, {user, BOT_USER}, private=True, kind="im")
        return self.channels[name]

    def visible(self, channel: str) -> Channel:
        """A channel the bot may know of, else `channel_not_found` (unknown, or private and not joined)."""
        found = self.channels.get(channel)
        if not found or (found.private and BOT_USER not in found.members):
            raise Refused("channel_not_found")
        return found

    def joined(self, channel: str) -> Channel:
        """A channel the bot is in, else `not_in_channel`."""
        found = self.visible(channel)
        if BOT_USER not in found.members:
            raise Refused("not_in_channel")
        return found

    def writable(self, channel: str) -> Channel:
        """A channel the bot may post to; a person's id means the direct conversation (facts §13)."""
        if channel in self.users:
            if self.users[channel].deleted or channel == BOT_USER:
                raise Refused("channel_not_found")
            return self.open_im(channel)
        found = self.visible(channel)
        if found.archived:
            raise Refused("is_archived")
        return self.joined(channel)

    def message(self, channel: str, ts: str) -> Json:
        """A message, else `message_not_found`."""
        for message in reversed(self.messages.get(channel, [])):  # what is asked for is mostly new
            if message["ts"] == ts:
                return message
        raise Refused("message_not_found")

    def trigger(self, user: str, *, stack: bool = False, channel: str = "") -> str:
        """A fresh trigger id in Slack's format."""
        seed = self.serial("")
        name = f"{int(seed)}.{int(self.clock.now().timestamp())}.{hashlib.md5(seed.encode()).hexdigest()}"
        self.triggers[name] = Trigger(user, self.clock.now(), stack=stack, channel=channel)
        return name

    def exchange(self, name: str) -> Trigger:
        """A trigger that may still be used; the caller marks it as used once it has done its work."""
        trigger = self.triggers.get(name)
        if not trigger:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if self.clock.now() - trigger.born > TRIGGER_LIFE:
            raise Refused("expired_trigger_id")
        return trigger

    def response_url(self, user: str, channel: str, *, ts: str = "", whisper: bool = False) -> str:
        """A fresh response_url."""
        name = hashlib.sha256(self.serial("url").encode()).hexdigest()[:24]
        self.urls[name] = ResponseUrl(user, channel, self.clock.now(), ts, whisper)
        return f"{self.origin}/response/{self.team}/{name}"


def im_id(user: str) -> str:
    """The id of the bot's direct conversation with somebody."""
    return "D" + user.removeprefix("U").removeprefix("W")


def with_ids(blocks: list[Json], seed: str) -> list[Json]:
    """Blocks as they come back from Slack: every block has a block_id and every element an action_id."""
    filled = deepcopy(blocks)
    for index, block in enumerate(filled):
        block.setdefault("block_id", _short(f"{seed}/{index}"))
        elements = [*(block.get("elements") or []), block.get("accessory"), block.get("element")]
        for place, element in enumerate(elements):
            interactive = isinstance(element, dict) and block["type"] in ("actions", "section", "input")
            if interactive and element.get("type") != "image":
                element.setdefault("action_id", _short(f"{seed}/{index}/{place}"))
    return filled


def _short(seed: str) -> str:
    return hashlib.md5(seed.encode()).hexdigest()[:5]


def shown(message: Json) -> Json:
    """A copy of a message for an onlooker."""
    copy: Json = deepcopy({name: value for name, value in message.items() if value is not None})
    return copy


def is_own(message: Json) -> bool:
    """Whether the bot wrote it."""
    return bool(message.get("user") == BOT_USER)
