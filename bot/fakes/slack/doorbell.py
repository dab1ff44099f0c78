"""Ringing at the bot's door: signed HTTP requests or Socket Mode envelopes, each with three seconds to be answered."""

import asyncio
import hashlib
import hmac
import json
from urllib.parse import urlencode

import aiohttp

from bot.fakes.slack.model import Answer, Json
from bot.fakes.slack.sockets import Sockets
from bot.fakes.slack.state import Workspace

DEADLINE = 3.0
REDIRECTS = 2
"""How many Slack follows (aiohttp counts the first request as well)."""


class Doorbell:
    """Delivers what people do. `deadline` is in real seconds: the bot lives in real time even if the clock does not."""

    def __init__(self, workspace: Workspace, sockets: Sockets, secret: str) -> None:
        self._workspace = workspace
        self._sockets = sockets
        self._secret = secret.encode()
        self._session: aiohttp.ClientSession | None = None
        self.deliver_to = ""
        self.deadline = DEADLINE

    async def open(self) -> None:
        """Get ready; must run in the loop that uses it."""
        self._session = aiohttp.ClientSession(
            headers={"User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}, auto_decompress=True
        )

    async def close(self) -> None:
        """Give back every connection."""
        if self._session:
            await self._session.close()

    async def ring(self, kind: str, payload: Json, *, retry: tuple[int, str] | None = None) -> Answer:
        """Deliver: `kind` is "slash_commands", "interactive" or "events_api"."""
        if self._sockets.connected:
            return await self._sockets.send(kind, payload, self.deadline, retry)
        if kind == "events_api":
            return await self._post("application/json", json.dumps(payload), retry)
        fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
        return await self._post("application/x-www-form-urlencoded", urlencode(fields), None)

    def _headers(self, body: bytes) -> dict[str, str]:
        """Facts §3: v0, the timestamp and the raw body, by HMAC-SHA256."""
        stamp = str(int(self._workspace.clock.now().timestamp()))
        digest = hmac.new(self._secret, b":".join((b"v0", stamp.encode(), body)), hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}

    async def _post(self, kind: str, text: str, retry: tuple[int, str] | None) -> Answer:
        if not self._session or not self.deliver_to:
            raise RuntimeError("set deliver_to and start() the fake before somebody does something")
        body = text.encode()
        headers = {**self._headers(body), "Content-Type": kind}
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]}
        try:
            async with (
                asyncio.timeout(self.deadline),
                self._session.post(
                    self.deliver_to, data=body, headers=headers, max_redirects=REDIRECTS + 1
                ) as response,
            ):
                raw = await response.read()
        except TimeoutError:
            return Answer(0, None, "operation_timeout")
        except aiohttp.TooManyRedirects:
            return Answer(0, None, "too_many_redirects")
        except aiohttp.ClientError:
            return Answer(0, None, "connection_failed")
        answer = _decode(raw, response.content_type)
        return Answer(response.status, answer, None if response.status == 200 else "dispatch_failed")


def _decode(raw: bytes, kind: str) -> object:
    """JSON as values, other text as text, nothing as None."""
    if not raw:
        return None
    text = raw.decode(errors="replace")
    if kind != "application/json":
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
