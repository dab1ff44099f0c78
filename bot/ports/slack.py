"""Slack as a wish: speaking, whispering, opening modals."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.domain.messages import Modal
from bot.domain.people import Place, Profile, Workspace


class Voice(Protocol):
    """Slack's Web API as far as the bot speaks. Raises TryLater (429, 5xx, no answer) or GiveUp (cannot ever work)."""

    async def post(self, channel: str, payload: Mapping[str, Any], key: str) -> str:
        """Post a message that carries `key` as metadata; returns its ts. One try, nothing repeated here."""

    async def update(self, channel: str, ts: str, payload: Mapping[str, Any], key: str) -> None:
        """Make message `ts` look like payload."""

    async def find(self, channel: str, key: str, since: datetime, until: datetime, thread: str = "") -> str | None:
        """The ts of our own message with `key` posted between these times, or None. Asked after a doubtful failure.

        `thread` is the ts of the message below which it is a reply: a channel's history does not hold replies. Raises
        Gone if there is no such thread, and TryLater if there is too much to look through.
        """

    async def whisper(self, channel: str, user: str, payload: Mapping[str, Any]) -> None:
        """Show a message to one person only (chat.postEphemeral)."""

    async def respond(self, url: str, payload: Mapping[str, Any]) -> None:
        """Answer through a response_url (five uses in 30 minutes)."""

    async def upload(self, user: str, filename: str, data: bytes, comment: str) -> None:
        """Give a person a file, with a few words, in their direct messages with the bot."""

    async def open(self, trigger: str, modal: Modal) -> str:
        """Open a modal with a trigger id (3 s, once); returns the view's id."""

    async def publish(self, user: str, blocks: Sequence[Mapping[str, Any]]) -> None:
        """Show a person's Home tab (views.publish, facts §8). GiveUp if the app has none."""

    async def unfurl(self, place: Mapping[str, str], unfurls: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        """Show blocks below links (chat.unfurl, facts §9). `place` is channel and ts, or unfurl_id and source."""

    async def update_view(self, view: str, modal: Modal) -> None:
        """Replace the contents of an open modal."""


class Directory(Protocol):
    """Slack as the list of who is who.

    Raises TryLater or GiveUp like Voice (GiveUp: a scope is missing, or there is no such id).
    """

    async def home(self) -> Workspace:
        """Where the bot is installed (auth.test); asked once and remembered."""

    async def profile(self, user: str) -> Profile:
        """One person (users.info, scope users:read)."""

    async def group(self, group: str) -> frozenset[str]:
        """User ids of a user group S… (usergroups.users.list, scope usergroups:read); remembered for a minute."""

    async def channel(self, channel: str) -> Place:
        """Who can read a channel (conversations.info); remembered for a minute."""

    async def members(self, channel: str) -> frozenset[str]:
        """User ids of a channel's members (conversations.members); remembered for a minute."""
