"""Global messages over real HTTP: which one is ours, lost answers, and each refusal in its own words."""

# ruff: noqa: E501 - what people read stands on one line

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from inline_snapshot import snapshot

from bot.adapters.quay import QuayRegistry
from bot.domain.banners import GlobalMessage
from bot.domain.errors import BotError, GiveUp, NeedsScope, NotLinked, TryLater, UserError
from bot.fakes.quay import FakeQuay
from bot.ports.messages import Messages
from tests.fakes.quay_scene import HandClock

TEXT, MARKDOWN = "text/plain", "text/markdown"
HIDDEN = {"message": "You don't have the permission to access the requested resource."}


@asynccontextmanager
async def place() -> AsyncIterator[tuple[FakeQuay, QuayRegistry]]:
    quay = FakeQuay(clock=HandClock())
    quay.add_user("root", superuser=True)
    quay.add_user("alice")
    await quay.start()
    registry = QuayRegistry(quay.url)
    try:
        yield quay, registry
    finally:
        await registry.aclose()
        await quay.stop()


def seen(quay: FakeQuay, registry: QuayRegistry, name: str, scope: str = "super:user user:read") -> Messages:
    return registry.as_token(quay.token(name, scope)).messages


async def test_a_message_is_posted_found_and_deleted() -> None:
    async with place() as (quay, registry):
        messages = seen(quay, registry, "root")
        assert await messages.all() == ()
        first = await messages.post("Maintenance at *22:00*", "warning", MARKDOWN)
        second = await messages.post("hello\n“world” & <all>", "info", TEXT)
        assert await messages.all() == (
            GlobalMessage(first, "Maintenance at *22:00*", "warning", MARKDOWN),
            GlobalMessage(second, "hello\n“world” & <all>", "info", TEXT),
        )
        again = await messages.post("Maintenance at *22:00*", "warning", MARKDOWN)
        assert again not in ("", first)
        await messages.delete(first)
        await messages.delete(first)
        await messages.delete("00000000-0000-0000-0000-000000000000")
        assert [one.uuid for one in await messages.all()] == [second, again]


async def test_whoever_is_linked_may_read_them() -> None:
    async with place() as (quay, registry):
        await seen(quay, registry, "root").post("hello", "info", TEXT)
        assert [one.content for one in await seen(quay, registry, "alice", "repo:read").all()] == ["hello"]


@pytest.mark.parametrize(
    ("name", "scope"),
    [("alice", "super:user user:read"), ("alice", "user:read"), ("root", "user:read"), ("root", "repo:read")],
)
async def test_who_may_not_learns_what_it_takes(name: str, scope: str) -> None:
    async with place() as (quay, registry):
        messages = seen(quay, registry, name, scope)
        with pytest.raises(NeedsScope) as caught:
            await messages.post("hello", "info", TEXT)
        assert caught.value.scopes == {"super:user"}
        assert caught.value.say == snapshot(
            "Quay did not let you post global messages. That takes a superuser of the registry. If you are one, your linked token lacks the scope `super:user`: link your account again with that scope. If you are none, ask one."
        )
        with pytest.raises(NeedsScope) as caught:
            await messages.delete("45626934-c071-4b52-bd1c-23cc10e34e7a")
        assert caught.value.say.startswith("Quay did not let you delete global messages.")
        assert quay.messages == []


@pytest.mark.parametrize(
    ("name", "scope", "admitted"),
    [("root", "super:user", True), ("root", "repo:read", False), ("alice", "super:user user:read", False)],
)
async def test_who_may_post_is_known_before_anything_is_posted(name: str, scope: str, admitted: bool) -> None:
    async with place() as (quay, registry):
        messages = seen(quay, registry, name, scope)
        if admitted:
            await messages.admitted()
        else:
            with pytest.raises(NeedsScope) as told:
                await messages.admitted()
            with pytest.raises(NeedsScope) as refused:
                await messages.post("hello", "info", TEXT)
            assert (told.value.say, told.value.scopes) == (refused.value.say, refused.value.scopes)
        assert quay.messages == []


@pytest.mark.parametrize(
    ("messages_are", "accounts_are", "kind"),
    [
        (404, 200, UserError),
        (200, 404, NeedsScope),
        (200, 403, NeedsScope),
        (200, 401, NotLinked),
        (200, 503, TryLater),
        (503, 200, TryLater),
    ],
)
async def test_what_cannot_be_told_is_no_yes(messages_are: int, accounts_are: int, kind: type[BotError]) -> None:
    def answer(request: web.Request, _: object) -> web.Response | None:
        status = accounts_are if "superuser" in request.path else messages_are
        return None if status == 200 else web.json_response({}, status=status)

    async with odd(answer) as (messages, _, asked):
        with pytest.raises(kind):
            await messages.admitted()
        assert all(one.startswith("GET ") for one in asked)


async def test_a_dead_token_is_told_as_one() -> None:
    async with place() as (_, registry):
        with pytest.raises(NotLinked) as caught:
            await registry.as_token("x" * 40).messages.post("hello", "info", TEXT)
        assert not isinstance(caught.value, NeedsScope)


@pytest.mark.parametrize("uuid", ["", ".", "..", "x" * 300])
async def test_what_is_no_id_never_leaves(uuid: str) -> None:
    async with place() as (quay, registry):
        with pytest.raises(UserError, match="is not the id of a global message"):
            await seen(quay, registry, "root").delete(uuid)


Answering = Callable[[web.Request, list[dict[str, str]]], web.StreamResponse | None]


@asynccontextmanager
async def odd(answering: Answering) -> AsyncIterator[tuple[Messages, list[dict[str, str]], list[str]]]:
    """A Quay that works, but for what `answering` says; with its messages, and what it was asked."""
    shown: list[dict[str, str]] = []
    asked: list[str] = []

    async def handle(request: web.Request) -> web.StreamResponse:
        asked.append(f"{request.method} {request.path}")
        wish: dict[str, Any] = json.loads(await request.text() or "{}")
        if (said := answering(request, shown)) is not None:
            return said
        if request.method == "POST":
            shown.append({"uuid": f"uuid-{len(shown)}", **wish["message"]})
            return web.Response(status=201)
        return web.json_response({"messages": shown})

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", handle)
    async with TestServer(app) as server:
        registry = QuayRegistry(str(server.make_url("")))
        try:
            yield registry.as_token("t" * 40).messages, shown, asked
        finally:
            await registry.aclose()


def ours(number: int) -> dict[str, str]:
    return {"uuid": f"uuid-{number}", "content": "hello", "severity": "info", "media_type": TEXT}


@pytest.mark.parametrize(("landed", "uuid"), [(1, "uuid-0"), (2, "")])
async def test_after_a_lost_answer_the_list_is_read_again_before_anybody_worries(landed: int, uuid: str) -> None:
    def lost(request: web.Request, shown: list[dict[str, str]]) -> web.Response | None:
        if request.method == "POST":
            shown += [ours(number) for number in range(landed)]
            return web.Response(status=504)
        return None

    async with odd(lost) as (messages, _, asked):
        assert await messages.post("hello", "info", TEXT) == uuid
        assert asked.count("POST /api/v1/messages") == 1


async def test_what_may_have_been_posted_and_is_not_there_is_in_doubt() -> None:
    async with odd(lambda request, _: web.Response(status=504) if request.method == "POST" else None) as (
        messages,
        _,
        asked,
    ):
        with pytest.raises(TryLater) as caught:
            await messages.post("hello", "info", TEXT)
        assert caught.value.doubtful
        assert caught.value.say.endswith("Please look at `/quay message list` before you ask again.")
        assert asked.count("POST /api/v1/messages") == 1


async def test_what_was_posted_is_posted_even_if_the_list_cannot_be_read_then() -> None:
    def broken(request: web.Request, shown: list[dict[str, str]]) -> web.Response | None:
        return web.Response(status=500) if request.method == "GET" and shown else None

    async with odd(broken) as (messages, shown, _):
        assert await messages.post("hello", "info", TEXT) == ""
        assert len(shown) == 1


async def test_two_that_came_at_the_same_time_are_not_told_apart_by_guessing() -> None:
    def twice(request: web.Request, shown: list[dict[str, str]]) -> None:
        if request.method == "POST":
            shown.append(ours(7))

    async with odd(twice) as (messages, _, _asked):
        assert await messages.post("hello", "info", TEXT) == ""


async def test_each_state_of_the_server_has_its_sentence() -> None:
    told: dict[str, tuple[str, str]] = {}
    for status, body in ((404, ""), (404, json.dumps({"detail": "Not found"})), (503, ""), (500, "<html>"), (400, "")):
        async with odd(lambda _r, _s, a=(status, body): web.Response(status=a[0], text=a[1])) as (messages, _, _asked):  # type: ignore[misc]
            with pytest.raises(BotError) as caught:
                await messages.post("x", "info", TEXT)
            told[f"{status} {body[:8]}"] = (type(caught.value).__name__, caught.value.say.partition(" at 127")[0])
    assert told == snapshot(
        {
            "404 ": (
                "UserError",
                "This Quay does not offer global messages: those of quay.io belong to its operators.",
            ),
            '404 {"detail': (
                "UserError",
                "This Quay does not offer global messages: those of quay.io belong to its operators.",
            ),
            "503 ": ("TryLater", "Quay"),
            "500 <html>": ("GiveUp", "Quay"),
            "400 ": (
                "UserError",
                "Quay did not accept this message. Please try a shorter text, or plain text in place of Markdown.",
            ),
        }
    )


async def test_a_superuser_who_is_refused_all_the_same_is_sent_to_the_operator() -> None:
    def refusing(request: web.Request, _: list[dict[str, str]]) -> web.Response | None:
        if request.path == "/api/v1/user/":
            return web.json_response({"username": "root", "super_user": True})
        return web.json_response(HIDDEN, status=403) if request.method != "GET" else None

    async with odd(refusing) as (messages, _, _asked):
        with pytest.raises(UserError) as caught:
            await messages.post("hello", "info", TEXT)
        assert "although you are a superuser" in caught.value.say


@pytest.mark.parametrize("body", ["[]", "nonsense", "7"])
async def test_a_list_that_is_none_is_not_understood(body: str) -> None:
    async with odd(lambda *_: web.Response(text=body)) as (messages, _, _asked):
        with pytest.raises(GiveUp):
            await messages.all()


@pytest.mark.parametrize(
    "odd_rows", [{}, {"messages": None}, {"messages": [1, {}, {"uuid": None}, {"uuid": "u", "content": 5}]}]
)
async def test_odd_rows_are_passed_over(odd_rows: dict[str, Any]) -> None:
    async with odd(lambda *_: web.json_response(odd_rows)) as (messages, _, _asked):
        assert [one.uuid for one in await messages.all()] in ([], ["u"])
