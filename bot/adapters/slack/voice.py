"""Speaks to Slack's Web API: one try for each call, answers translated by what has to be done next."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.errors import translate
from bot.domain.errors import GiveUp, Refused, TryLater
from bot.domain.messages import Modal

DELIVERY = "quaybot_delivery"  # the metadata event type that carries our key
_QUIET = {"unfurl_links": False, "unfurl_media": False}  # foreign links must not be fetched and shown (facts §6)
_PAGE = 100
_READS = {"conversations.history"}  # methods that read take form arguments; only those that write promise to take JSON


class SlackVoice:
    """The Web API through one shared session. All arguments travel in the body, none in an address."""

    def __init__(self, token: str, api_url: str, session: aiohttp.ClientSession, *, deadline: float = 10.0) -> None:
        self.client = AsyncWebClient(
            token=token, base_url=api_url, session=session, timeout=int(deadline) + 1, retry_handlers=[]
        )
        self._session = session
        self._deadline = deadline
        self._dms: dict[str, str] = {}

    async def post(self, channel: str, payload: Mapping[str, Any], key: str) -> str:
        """Post a message that carries `key` (if it is not empty); returns its ts. A user id means direct messages."""
        body = {"channel": await self._place(channel), **payload, **_QUIET, **_metadata(key)}
        return await self._part("ts", "chat.postMessage", body)

    async def update(self, channel: str, ts: str, payload: Mapping[str, Any], key: str) -> None:
        """Make message `ts` look like payload."""
        body = {"channel": await self._place(channel), "ts": ts, **payload, **_metadata(key)}
        await self._call("chat.update", body)

    async def find(self, channel: str, key: str, since: datetime) -> str | None:
        """The ts of our message with `key` posted after `since`, or None, from the channel's history (facts §11)."""
        cursor = ""
        while True:
            body: dict[str, Any] = {
                "channel": await self._place(channel),
                "oldest": f"{since.timestamp():.6f}",
                "limit": _PAGE,
                "include_all_metadata": True,
            }
            answer = await self._call("conversations.history", body | ({"cursor": cursor} if cursor else {}))
            for message in answer.get("messages", []):
                metadata = message.get("metadata") or {}
                if metadata.get("event_type") == DELIVERY and (metadata.get("event_payload") or {}).get("key") == key:
                    return str(message["ts"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None

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
            raise _silent("response_url", error) from None

    async def open(self, trigger: str, modal: Modal) -> str:
        """Open a modal; returns the view's id."""
        return await self._part("view.id", "views.open", {"trigger_id": trigger, "view": modal.view()})

    async def update_view(self, view: str, modal: Modal) -> None:
        """Replace what an open modal shows."""
        await self._call("views.update", {"view_id": view, "view": modal.view()})

    async def identity(self) -> Mapping[str, Any]:
        """Who the bot is (auth.test): user_id, bot_id, team_id, team, url."""
        return await self._call("auth.test", {})

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
                if method in _READS:
                    answer = await self.client.api_call(method, data={k: _form(v) for k, v in body.items()})
                else:
                    answer = await self.client.api_call(method, json=dict(body))
        except SlackApiError as error:
            raise translate(method, error.response) from None
        except (TimeoutError, aiohttp.ClientError, ConnectionError, ValueError, AttributeError) as error:
            # (AttributeError: slack_sdk met a 200 whose body is no JSON object.)
            raise _silent(method, error) from None
        data = answer.data
        return data if isinstance(data, dict) else {}


def _silent(method: str, error: Exception) -> TryLater:
    """No answer came. Only if no connection was made is it sure that nothing has happened."""
    sent = not isinstance(error, aiohttp.ClientConnectorError)
    return TryLater("Slack does not answer.", doubtful=sent, detail=f"{method}: {type(error).__name__}")


def _form(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _metadata(key: str) -> dict[str, Any]:
    return {"metadata": {"event_type": DELIVERY, "event_payload": {"key": key}}} if key else {}
