"""A Quay that is a table: what it answers by method and path, and what it was asked."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx

from bot.adapters.quay import QuayRegistry

RECORDED: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "data" / "quay_client_recorded.json").read_text()
)
TOKEN = "t0ken-of-alice-0123456789-0123456789-012"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

Answers = tuple[int, Any] | Exception | Callable[[httpx.Request], httpx.Response | Awaitable[httpx.Response]]


@dataclass
class Table:
    """Answers by "METHOD path", without the query; anything else is Quay's own 404 in JSON."""

    answers: dict[str, Answers] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    requests: list[httpx.Request] = field(default_factory=list)

    def tell(self, what: str, status: int, body: Any = None) -> "Table":
        self.answers[what] = (status, body)
        return self

    def breaks(self, what: str, error: Exception) -> "Table":
        self.answers[what] = error
        return self

    def replay(self, name: str, what: str = "") -> "Table":
        one = RECORDED[name]
        return self.tell(what or f"{one['method']} {one['path']}", one["status"], one["answer"])

    def forms(self) -> list[dict[str, str]]:
        return [dict(parse_qsl(request.content.decode())) for request in self.requests]

    def queries(self, path: str) -> list[dict[str, str]]:
        return [dict(request.url.params) for request in self.requests if request.url.path == path]

    async def handle(self, request: httpx.Request) -> httpx.Response:
        what = f"{request.method} {request.url.raw_path.decode().partition('?')[0]}"
        self.asked.append(what)
        self.requests.append(request)
        answer = self.answers.get(what, (404, RECORDED["org_missing"]["answer"]))
        if isinstance(answer, Exception):
            raise answer
        if not isinstance(answer, tuple):
            made = answer(request)
            return made if isinstance(made, httpx.Response) else await made
        status, body = answer
        return httpx.Response(status, text=body if isinstance(body, str) else json.dumps(body))


async def no_nap(_seconds: float) -> None:
    """Sleeping that takes no time."""


@asynccontextmanager
async def registry_of(table: Table, deadline: float = 10.0) -> AsyncIterator[QuayRegistry]:
    """The registry that asks this table."""
    async with httpx.AsyncClient(transport=httpx.MockTransport(table.handle)) as client:
        yield QuayRegistry("https://quay.example", client=client, deadline=deadline, sleep=no_nap, now=lambda: NOW)
