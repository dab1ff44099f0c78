"""Speaks to Slack's Web API: one try for each call, answers translated by what has to be done next."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.errors import silent, translate
from bot.adapters.slack.sending import send, trusted
from bot.domain.errors import BotError, GiveUp, Refused, TryLater
from bot.domain.messages import Modal

DELIVERY = "quaybot_delivery"  # the metadata event type that carries our key
_QUIET = {"unfurl_links": False, "unfurl_media": False}  # foreign links must not be fetched and shown (facts §6)
_PAGE = 200  # messages
_PAGES = 10  # in one search: the budget counts it as one call
_RATHER_LATER = 3.0  # seconds
_TOO_MUCH = "There are too many messages to look through for this one."
# Methods that read take form arguments, and so do those for files; only the others promise to take JSON.
_FORMS = {
    "conversations.history",
    "conversations.replies",
    "conversations.members",
    "conversations.info",
    "users.info",
    "usergroups.users.list",
    "files.getUploadURLExternal",
    "files.completeUploadExternal",
}


def _nobody(method: str, error: BotError | None) -> None:
    """Hears nothing."""


class SlackVoice:
    """The Web API through one shared session. All arguments travel in the body, none in an address."""

    def __init__(
        self,
        token: str,
        api_url: str,
        session: aiohttp.ClientSession,
        *,
        deadline: float = 10.0,
        heard: Callable[[str, BotError | None], None] = _nobody,
    ) -> None:
        self.client = AsyncWebClient(
            token=token, base_url=api_url, session=session, timeout=int(deadline) + 1, retry_handlers=[]
        )
        self._session = session
        self._deadline = deadline
        self._heard = heard  # the outcome of each call, by method
        self._dms: dict[str, str] = {}

    async def post(self, channel: str, payload: Mapping[str, Any], key: str) -> str:
        """Post a message that carries `key` (if it is not empty); returns its ts. A user id means direct messages."""
        body = {"channel": await self._place(channel), **payload, **_QUIET, **_metadata(key)}
        return await self._part("ts", "chat.postMessage", body)

    async def update(self, channel: str, ts: str, payload: Mapping[str, Any], key: str) -> None:
        """Make message `ts` look like payload."""
        body = {"channel": await self._place(channel), "ts": ts, **payload, **_metadata(key)}
        await self._call("chat.update", body)

    async def find(self, channel: str, key: str, since: datetime, until: datetime, thread: str = "") -> str | None:
        """The ts of our message with `key` posted between these times, or None, from the channel's history (facts §11).

        Replies are not in it: they are looked for in their `thread`. Ends after ten pages, with TryLater.
        """
        method, place = ("conversations.replies", {"ts": thread}) if thread else ("conversations.history", {})
        cursor = ""
        for _ in range(_PAGES):
            body: dict[str, Any] = {
                "channel": await self._place(channel),
                "oldest": f"{since.timestamp():.6f}",
                "latest": f"{until.timestamp():.6f}",
                "limit": _PAGE,
                "include_all_metadata": True,
                **place,
            }
            answer = await self._call(method, body | ({"cursor": cursor} if cursor else {}))
            for message in answer.get("messages", []):
                metadata = message.get("metadata") or {}
                if metadata.get("event_type") == DELIVERY and (metadata.get("event_payload") or {}).get("key") == key:
                    return str(message["ts"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None
        raise TryLater(_TOO_MUCH, after=_RATHER_LATER, detail=f"{method}: more than {_PAGES} pages")

    async def whisper(self, channel: str, user: str, payload: Mapping[str, Any]) -> None:
        """Show a message to one person in a channel."""
        await self._call("chat.postEphemeral", {"channel": channel, "user": user, **payload})

    async def respond(self, url: str, payload: Mapping[str, Any]) -> None:
        """Answer through a response_url. Raises GiveUp when it is used up or too old."""
        try:
            async with asyncio.timeout(self._deadline), self._session.post(url, json=dict(payload)) as response:
                text = (await response.content.read(300)).decode(errors="replace")
                if response.status >= 500:
                    raise TryLater("Slack did not take the answer.", detail=f"response_url: {response.status}")
                if response.status >= 400:
                    raise GiveUp("Slack did not take the answer.", detail=f"response_url: {response.status} {text}")
                if text.startswith("{") and '"ok":true' not in text.replace(" ", ""):
                    raise Refused("Slack did not take the answer as it is.", detail=f"response_url: {text}")
        except (TimeoutError, aiohttp.ClientError) as error:
            raise silent("response_url", error) from None

    async def upload(self, user: str, filename: str, data: bytes, comment: str) -> None:
        """Give a person a file in their direct messages: ask for an address, send the bytes, share it (facts §10)."""
        channel = await self._place(user)
        promise = await self._call("files.getUploadURLExternal", {"filename": filename, "length": len(data)})
        url, file_id = str(promise.get("upload_url") or ""), str(promise.get("file_id") or "")
        if not file_id or not trusted(url, self.client.base_url):
            raise GiveUp("Slack names no place for the file.", detail="files.getUploadURLExternal: no good upload_url")
        await send(self._session, url, data, self._deadline)
        shared = {
            "files": [{"id": file_id, "title": filename}],
            "channel_id": channel,
            "initial_comment": comment,
        }
        await self._call("files.completeUploadExternal", shared)

    async def open(self, trigger: str, modal: Modal) -> str:
        """Open a modal; returns the view's id."""
        return await self._part("view.id", "views.open", {"trigger_id": trigger, "view": modal.view()})

    async def update_view(self, view: str, modal: Modal) -> None:
        """Replace what an open modal shows."""
        await self._call("views.update", {"view_id": view, "view": modal.view()})

    async def publish(self, user: str, blocks: Sequence[Mapping[str, Any]]) -> None:
        """Show a person's Home tab (facts §8)."""
        await self._call("views.publish", {"user_id": user, "view": {"type": "home", "blocks": list(blocks)}})

    async def unfurl(self, place: Mapping[str, str], unfurls: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        """Show blocks below links (facts §9)."""
        shown = {url: {"blocks": list(blocks)} for url, blocks in unfurls.items()}
        await self._call("chat.unfurl", {**place, "unfurls": shown})

    async def identity(self) -> Mapping[str, Any]:
        """Who the bot is (auth.test): user_id, bot_id, team_id, team, url."""
        return await self._call("auth.test", {})

    async def look_up(self, method: str, **about: str | int) -> Mapping[str, Any]:
        """One call that only reads, and what Slack answered. Raises TryLater or GiveUp like every other call."""
        return await self._call(method, about)

    async def offered_socket(self) -> None:
        """Ask for a Socket Mode connection and leave it unused. The token has to be an app-level one."""
        await self._call("apps.connections.open", {})

    async def _place(self, channel: str) -> str:
        # Edits and searches in a direct message need its D… id; posts take it as well (facts §5, §13).
        if channel[:1] not in {"U", "W"}:
            return channel
        if channel not in self._dms:
            self._dms[channel] = await self._part("channel.id", "conversations.open", {"users": channel})
        return self._dms[channel]

    async def _part(self, path: str, method: str, body: Mapping[str, Any]) -> str:
        part: Any = await self._call(method, body)
        for name in path.split("."):
            part = part.get(name) if isinstance(part, Mapping) else None
        if not isinstance(part, str):
            raise TryLater("Slack's answer is incomplete.", doubtful=True, detail=f"{method}: no {path}")
        return part

    async def _call(self, method: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            async with asyncio.timeout(self._deadline):
                if method in _FORMS:
                    answer = await self.client.api_call(method, data={k: _form(v) for k, v in body.items()})
                else:
                    answer = await self.client.api_call(method, json=dict(body))
        except SlackApiError as error:
            raise self._failed(method, translate(method, error.response)) from None
        except (TimeoutError, aiohttp.ClientError, ConnectionError, ValueError, AttributeError) as error:
            # (AttributeError: slack_sdk met a 200 whose body is no JSON object.)
            raise self._failed(method, silent(method, error)) from None
        self._heard(method, None)
        data = answer.data
        return data if isinstance(data, dict) else {}

    def _failed(self, method: str, error: BotError) -> BotError:
        self._heard(method, error)
        return error


def _form(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _metadata(key: str) -> dict[str, Any]:
    return {"metadata": {"event_type": DELIVERY, "event_payload": {"key": key}}} if key else {}
