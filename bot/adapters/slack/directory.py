"""Who is who in Slack: people, user groups, members of channels. What changes rarely is remembered for a minute."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.adapters.slack.voice import SlackVoice
from bot.domain.errors import TryLater
from bot.domain.people import Place, Profile, Workspace
from bot.ports import Clock, Directory

_REMEMBERED = timedelta(minutes=1)
_MOST = 1000  # lists that are remembered
_PAGE = 500  # members
_PAGES = 40
_TOO_MANY = "There are too many people in that channel to look through."
_INCOMPLETE = "Slack's answer is incomplete."
Names = frozenset[str]
T = TypeVar("T")


class SlackDirectory(Directory):
    """Implements ports.Directory over the Web API. Whoever asks for the same thing meanwhile shares the answer."""

    def __init__(self, voice: SlackVoice, clock: Clock) -> None:
        self._voice = voice
        self._clock = clock
        self._home: Workspace | None = None
        self._known: dict[str, tuple[datetime, Any]] = {}
        self._asked: dict[str, asyncio.Task[Any]] = {}

    async def home(self) -> Workspace:
        """Where the bot is installed; asked once."""
        if self._home is None:
            self._home = _workspace(await self._shared("home", self._voice.identity))
        return self._home

    async def profile(self, user: str) -> Profile:
        """One person, as they are right now: whether they are still there must not be an old answer."""
        told = await self._shared(f"profile {user}", lambda: self._voice.look_up("users.info", user=user))
        return _profile(user, told.get("user"))

    async def group(self, group: str) -> frozenset[str]:
        """User ids of a user group."""
        return await self._remembered(f"group {group}", lambda: self._group(group))

    async def members(self, channel: str) -> frozenset[str]:
        """User ids of a channel's members."""
        return await self._remembered(f"members {channel}", lambda: self._members(channel))

    async def channel(self, channel: str) -> Place:
        """Who can read a channel. A direct conversation says so by its id, and Slack is not asked."""
        if channel.startswith("D"):
            return Place(channel, private=True)
        return await self._remembered(f"channel {channel}", lambda: self._channel(channel))

    async def _channel(self, channel: str) -> Place:
        return _place(channel, (await self._voice.look_up("conversations.info", channel=channel)).get("channel"))

    async def _group(self, group: str) -> Names:
        # In Enterprise Grid a token may be good for several workspaces, so it is said which is meant (facts §13).
        home = await self.home()
        team = {"team_id": home.team} if home.enterprise and home.team.startswith("T") else {}
        return _ids(await self._voice.look_up("usergroups.users.list", usergroup=group, **team), "users")

    async def _members(self, channel: str) -> Names:
        found, cursor = set[str](), ""
        for _ in range(_PAGES):
            about: dict[str, str | int] = {"channel": channel, "limit": _PAGE}
            told = await self._voice.look_up("conversations.members", **about | ({"cursor": cursor} if cursor else {}))
            found |= _ids(told, "members")
            cursor = str((told.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return frozenset(found)
        raise TryLater(_TOO_MANY, detail=f"conversations.members: more than {_PAGES} pages")

    async def _remembered(self, key: str, ask: Callable[[], Awaitable[T]]) -> T:
        now = self._clock.now()
        known = self._known.get(key)
        if known is not None and abs(now - known[0]) < _REMEMBERED:
            found: T = known[1]
            return found
        found = await self._shared(key, ask)
        self._known.pop(key, None)
        while len(self._known) >= _MOST:  # the oldest goes
            self._known.pop(next(iter(self._known)))
        self._known[key] = now, found
        return found

    async def _shared(self, key: str, ask: Callable[[], Awaitable[Any]]) -> Any:
        """The answer to `ask`, which only one of all that want it now asks; an error is everybody's as well."""
        task = self._asked.get(key)
        if task is None:
            task = asyncio.ensure_future(_begun(ask))
            self._asked[key] = task
            task.add_done_callback(lambda done: self._over(key, done))
        return await asyncio.shield(task)

    def _over(self, key: str, done: asyncio.Task[Any]) -> None:
        self._asked.pop(key, None)
        if not done.cancelled():
            done.exception()  # nobody may be left to hear of it


async def _begun(ask: Callable[[], Awaitable[Any]]) -> Any:
    return await ask()


def _workspace(told: Mapping[str, Any]) -> Workspace:
    team, enterprise = _text(told.get("team_id")), _text(told.get("enterprise_id"))
    if not team:
        raise TryLater(_INCOMPLETE, detail="auth.test: no team_id")
    return Workspace(team, _text(told.get("team")), enterprise)


def _profile(user: str, told: object) -> Profile:
    if not isinstance(told, Mapping):
        raise TryLater(_INCOMPLETE, detail="users.info: no user")
    shown = told.get("profile")
    shown = shown if isinstance(shown, Mapping) else {}
    names = (shown.get("display_name"), shown.get("real_name"), told.get("real_name"), told.get("name"))
    name, offset = next(filter(None, map(_text, names)), ""), told.get("tz_offset")
    seconds = offset if isinstance(offset, int) and not isinstance(offset, bool) else None
    return Profile(user, name, told.get("deleted") is True, _text(told.get("tz")), seconds)


def _place(channel: str, told: object) -> Place:
    """A channel whose privacy nobody tells is an incomplete answer: it must not count as one that all may read."""
    if not isinstance(told, Mapping) or not any(isinstance(told.get(name), bool) for name in ("is_private", "is_im")):
        raise TryLater(_INCOMPLETE, detail="conversations.info: no is_private")
    private = any(told.get(name) is True for name in ("is_private", "is_im", "is_mpim"))
    shared = any(told.get(name) is True for name in ("is_ext_shared", "is_shared", "is_org_shared"))
    return Place(channel, _text(told.get("name")), private, shared)


def _ids(told: Mapping[str, Any], key: str) -> Names:
    ids = told.get(key)
    if not isinstance(ids, list):
        raise TryLater(_INCOMPLETE, detail=f"no {key}")
    return frozenset(map(_text, ids)) - {""}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
