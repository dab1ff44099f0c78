"""The fake Slack itself: a workspace, its Web API as a real HTTP server, and its people."""

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from typing import Any, TypeVar

from bot.fakes.slack import homes, menus, modals, people, unfurls
from bot.fakes.slack.doorbell import Doorbell
from bot.fakes.slack.keyboard import Keyboard
from bot.fakes.slack.knobs import Knobs
from bot.fakes.slack.model import Answer, Call, Channel, Json, User
from bot.fakes.slack.outlet import Outlet
from bot.fakes.slack.shortcuts import use as use_shortcut
from bot.fakes.slack.sockets import Sockets
from bot.fakes.slack.state import BOT_USER, Workspace, im_id, shown
from bot.fakes.slack.transport import Transport
from bot.ports import Clock

T = TypeVar("T")


class FakeSlack(Knobs):
    """A strict Slack. `start()` it, set `deliver_to`, add people and channels, and let them do things."""

    bot_user = BOT_USER

    def __init__(
        self,
        *,
        clock: Clock,
        bot_token: str = "xoxb-fake",
        app_token: str = "xapp-fake",
        signing_secret: str = "fake-signing-secret",
        team: str = "T0FAKE",
        enterprise: str = "",
        shortcuts: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        self._workspace = Workspace(clock, team, enterprise)
        self.shortcuts = shortcuts
        self._workspace.users[BOT_USER] = User(BOT_USER, "quaybot", bot=True)
        self._sockets = Sockets(self._workspace)
        self._bell = Doorbell(self._workspace, self._sockets, signing_secret)
        self._keyboard = Keyboard(self._workspace, self._bell)
        self._transport = Transport(self._workspace, self._sockets, bot_token, app_token)
        self._outlet = Outlet()
        self.bot_token, self.app_token, self.signing_secret, self.team = bot_token, app_token, signing_secret, team
        self.enterprise, self.url = enterprise, ""
        self.users, self.channels, self.files = (
            self._workspace.users, self._workspace.channels, self._workspace.files,
        )  # fmt: skip
        self.calls: list[Call] = self._transport.calls
        self.scopes: set[str] = self._transport.scopes  # take one away, and what needs it answers missing_scope

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one. `url` is known from here on."""
        await self._outlet.start(self._transport.application(), host, port)
        self._workspace.origin = self._outlet.origin
        self.url = f"{self._workspace.origin}/api/"
        await self._bell.open()

    async def stop(self) -> None:
        """Hang up everywhere."""
        self._transport.closing.set()
        await self._sockets.close()
        await self._bell.close()
        await self._outlet.stop()

    async def unplug(self) -> None:
        """Refuse every connection, and cut those that there are."""
        await self._outlet.unplug()

    async def plug_in(self) -> None:
        """Take connections again, at the same address."""
        await self._outlet.plug_in()

    # the workspace

    def add_user(
        self, user_id: str, name: str, *, tz: str = "Europe/Berlin", deleted: bool = False, team: str = ""
    ) -> None:
        """Somebody joins the workspace (or left it, if deleted). `team`: the other workspace that they belong to."""
        self.users[user_id] = User(user_id, name, tz, deleted, team=team)
        self._workspace.changed()

    def deactivate(self, user: str) -> Json:
        """Somebody leaves; gives the event that Slack sends about it, for `event`."""
        self.users[user].deleted = True
        self._workspace.changed()
        return {"type": "user_change", "user": people.describe(self._workspace, self.users[user]), "cache_ts": 0}

    def add_group(self, group: str, users: Iterable[str]) -> None:
        """A user group with these people in it (instead of those that were)."""
        members = set(users)
        if strangers := sorted(user for user in members if user not in self.users or self.users[user].team):
            raise ValueError(f"{', '.join(strangers)}: not of this workspace")
        self._workspace.groups[group] = members
        self._workspace.changed()

    def add_channel(
        self,
        channel_id: str,
        name: str,
        *,
        members: Iterable[str] = (),
        private: bool = False,
        bot: bool = True,
        archived: bool = False,
    ) -> None:
        """A channel with these people in it, and the bot unless `bot` is False."""
        inside = {*members, *((BOT_USER,) if bot else ())}
        self.channels[channel_id] = Channel(channel_id, name, inside, private, archived)
        self._workspace.changed()

    def im(self, user: str) -> str:
        """The id of the person's direct conversation with the bot."""
        return self._workspace.open_im(user).id

    def say(self, user: str, channel: str, text: str, *, thread_ts: str | None = None) -> str:
        """A person writes a message; returns its ts. The bot is told only through `event`."""
        message: Json = {"type": "message", "ts": self._workspace.next_ts(), "user": user, "text": text,
                         "blocks": [], "attachments": []}  # fmt: skip
        if thread_ts:
            message["thread_ts"] = thread_ts
        self._workspace.messages.setdefault(channel, []).append(message)
        self._workspace.changed()
        return str(message["ts"])

    def messages(self, channel: str) -> list[Json]:
        """What a reader sees in a channel now (a person's id: their direct messages), oldest first."""
        if channel in self.users:
            channel = im_id(channel)
        return [shown(message) for message in self._workspace.messages.get(channel, [])]

    def thread(self, channel: str, ts: str) -> list[Json]:
        """The replies below message `ts`, oldest first."""
        return [message for message in self.messages(channel) if message.get("thread_ts") == ts]

    def whispers(self, user: str) -> list[Json]:
        """The ephemeral messages this person sees, oldest first."""
        return [shown(message) for message in self._workspace.whispers.get(user, [])]

    def open_views(self, user: str) -> list[Json]:
        """The person's modals, top last; field errors under "errors"."""
        return deepcopy(self._workspace.stacks.get(user, []))

    def home(self, user: str) -> Json | None:
        """The person's Home tab."""
        return deepcopy(self._workspace.homes.get(user))

    async def wait(self, predicate: Callable[[], T], timeout: float = 30.0) -> T:
        """The first truthy value of `predicate`, asked at each change; TimeoutError after `timeout` real seconds."""
        return await self._workspace.wait(predicate, timeout)

    async def refresh_socket(self, reason: str = "refresh_requested") -> None:
        """Make Socket Mode clients reconnect ("warning" only announces it)."""
        await self._sockets.refresh(reason)

    # people

    async def command(self, user: str, channel: str, text: str, command: str = "/quay") -> Answer:
        """Type a slash command."""
        return await self._keyboard.command(user, channel, text, command)

    async def click(  # noqa: PLR0913 - a press has that many facts
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        *,
        whisper: bool = False,
        value: Any = None,
        block_id: str = "",
        seen_by: str = "",
    ) -> Answer:
        """Press a button, or choose `value` in a menu, under a message. `block_id`, here and below, is needed where
        several blocks use the same action_id.

        `seen_by`, here and below: as if that other person's whisper or modal were one's own, which Slack never lets
        happen and an attacker may try.
        """
        return await self._keyboard.click(
            user, channel, ts, action_id, value, whisper=whisper, block_id=block_id, seen_by=seen_by
        )

    async def share(self, user: str, channel: str, text: str, *, thread_ts: str | None = None) -> str:
        """As `say`, but the bot is told of links to its `unfurl_domains`: while it is written, and when it is there.

        What the bot shows below them meanwhile stands below the message.
        """
        return await unfurls.share(
            self._keyboard, user, channel, text, lambda: self.say(user, channel, text, thread_ts=thread_ts)
        )

    async def open_home(self, user: str) -> Answer:
        """Open the app's Home tab."""
        return await homes.visit(self._keyboard, user)

    async def click_home(
        self, user: str, action_id: str, *, value: Any = None, block_id: str = "", index: int = 0
    ) -> Answer:
        """Press a button in the Home tab; `index`: which one of those that are called so, from 0."""
        return await homes.click(self._keyboard, user, action_id, value, block_id=block_id, index=index)

    async def click_view(
        self,
        user: str,
        action_id: str,
        *,
        value: Any = None,
        block_id: str = "",
        values: modals.Values | None = None,
        seen_by: str = "",
    ) -> Answer:
        """Press a button, or choose (type) `value`, in the top modal. `values`: what is in the other fields by then.

        A field of an input block is told to the bot only with dispatch_action; its value is kept all the same.
        """
        return await modals.click(
            self._keyboard, user, action_id, value, block_id=block_id, values=values, seen_by=seen_by
        )

    async def submit(self, user: str, values: dict[str, dict[str, Any]], *, seen_by: str = "") -> Answer:
        """Fill in and submit the top modal; ValueError where Slack's form would not let it through."""
        return await modals.submit(self._keyboard, user, values, seen_by)

    async def close_view(self, user: str) -> Answer:
        """Close the top modal."""
        return await modals.close(self._keyboard, user)

    async def options(  # noqa: PLR0913 - a search has that many facts
        self,
        user: str,
        action_id: str,
        value: str,
        *,
        block_id: str = "",
        channel: str = "",
        ts: str = "",
        whisper: bool = False,
        seen_by: str = "",
    ) -> Answer:
        """Type `value` into an external select of the top modal, or of a message; the answer's body holds the options.

        Only what was offered can be chosen then (`click_view`, `click`, `submit`). Errors: "min_query_length" (too few
        letters, nobody was asked), "invalid_options" (Slack would not show this answer), and those of every delivery.
        """
        if channel or ts:
            return await menus.type_in_message(
                self._keyboard, user, action_id, value, channel, ts, block_id=block_id, whisper=whisper
            )
        return await menus.type_in_modal(self._keyboard, user, action_id, value, block_id=block_id, seen_by=seen_by)

    async def choose(self, user: str, action_id: str, typed: str, value: str, *, block_id: str = "") -> Answer:
        """Type into an external select of the top modal and choose `value` from what it offers.

        Gives the answer to the choice, or that to the typing if no options were shown.
        """
        offer = await self.options(user, action_id, typed, block_id=block_id)
        if offer.error:
            return offer
        return await self.click_view(user, action_id, value=value, block_id=block_id)

    async def shortcut(
        self, user: str, callback_id: str, *, channel: str | None = None, ts: str | None = None
    ) -> Answer:
        """Use a global shortcut, or a message's; ValueError for one that is not in `shortcuts`."""
        return await use_shortcut(self._keyboard, user, callback_id, channel, ts)

    async def event(
        self, event: Json, *, event_id: str | None = None, retry: int | None = None, retry_reason: str = "http_timeout"
    ) -> Answer:
        """Send an event, or (retry 1 to 3) repeat it under the same event_id."""
        return await self._keyboard.event(event, event_id, (retry, retry_reason) if retry else None)
