"""Socket Mode: envelopes over websockets (facts §4)."""

import asyncio
import json
from typing import Any

from aiohttp import WSMsgType, web

from bot.fakes.slack.model import Answer, Json
from bot.fakes.slack.state import APP_ID, Workspace

CONNECTIONS = 10


class Sockets:
    """The open connections. An envelope goes to exactly one of them, in turn."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._open: list[web.WebSocketResponse] = []
        self._tickets: set[str] = set()
        self._waiting: dict[str, tuple[web.WebSocketResponse, asyncio.Future[Any]]] = {}
        self._turn = 0

    @property
    def connected(self) -> bool:
        """Whether a client listens: then nothing is delivered over HTTP."""
        return bool(self._open)

    def ticket(self) -> str:
        """The address of a new connection, good for one use."""
        name = self._workspace.serial("ticket")
        self._tickets.add(name)
        return f"{self._workspace.origin.replace('http', 'ws', 1)}/link?ticket={name}&app_id={APP_ID}"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection, from hello to its end."""
        name = request.query.get("ticket", "")
        if name not in self._tickets:
            return web.json_response({"ok": False, "error": "invalid_ticket"}, status=403)
        self._tickets.discard(name)
        socket = web.WebSocketResponse(heartbeat=30, timeout=1.0)
        await socket.prepare(request)
        if len(self._open) >= CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets", "debug_info": {}})
            await socket.close()
            return socket
        self._open.append(socket)
        await socket.send_json(self._hello())
        self._workspace.changed()
        try:
            await self._listen(socket)
        finally:
            self._forget(socket)
        return socket

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._open),
            "connection_info": {"app_id": APP_ID},
            "debug_info": {"host": "applink-fake", "build_number": 1, "approximate_connection_time": 3600},
        }

    async def _listen(self, socket: web.WebSocketResponse) -> None:
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                said = json.loads(message.data)
            except ValueError:
                continue
            name = said.get("envelope_id") if isinstance(said, dict) else None
            came_from, answer = self._waiting.get(name or "", (None, None))
            if answer and came_from is socket and not answer.done():
                answer.set_result(said.get("payload"))

    def _forget(self, socket: web.WebSocketResponse) -> None:
        if socket in self._open:
            self._open.remove(socket)
        for came_from, answer in self._waiting.values():
            if came_from is socket and not answer.done():
                answer.set_exception(ConnectionResetError())
        self._workspace.changed()

    async def send(self, kind: str, payload: Json, deadline: float, retry: tuple[int, str] | None) -> Answer:
        """Deliver an envelope and wait for its acknowledgement; a payload counts only where one is accepted."""
        socket = self._open[self._turn % len(self._open)]
        self._turn += 1
        accepts = kind != "events_api"
        envelope: Json = {"type": kind, "envelope_id": self._workspace.serial("envelope-"), "payload": payload,
                          "accepts_response_payload": accepts}  # fmt: skip
        if kind == "events_api":
            envelope |= {"retry_attempt": retry[0] if retry else 0, "retry_reason": retry[1] if retry else ""}
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = (socket, answer)
        try:
            async with asyncio.timeout(deadline):
                await socket.send_json(envelope)
                body = await answer
        except TimeoutError:
            return Answer(0, None, "operation_timeout")
        except ConnectionError:
            return Answer(0, None, "connection_failed")
        finally:
            del self._waiting[envelope["envelope_id"]]
        return Answer(200, body if accepts else None)

    async def refresh(self, reason: str) -> None:
        """Ask every client to come back with a new connection; all but a "warning" close the old one."""
        for socket in list(self._open):
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-fake"}})
            if reason != "warning":
                await socket.close()

    async def close(self) -> None:
        """Close every connection."""
        for socket in list(self._open):
            await socket.close()
