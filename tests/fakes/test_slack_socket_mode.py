"""Socket Mode: envelopes over a websocket, acknowledged within three seconds."""

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.fakes.slack_desk import SUBMIT, Desk, desk, field_block, modal


async def socket(d: Desk) -> aiohttp.ClientWebSocketResponse:
    _, _, body = await d.raw("apps.connections.open", headers={"Authorization": "Bearer xapp-fake"})
    return await d.http.ws_connect(body["url"])


async def connected(d: Desk) -> aiohttp.ClientWebSocketResponse:
    ws = await socket(d)
    assert (await ws.receive_json())["type"] == "hello"
    return ws


async def acknowledge(ws: aiohttp.ClientWebSocketResponse, payload: Any = None) -> dict[str, Any]:
    envelope: dict[str, Any] = await ws.receive_json()
    reply = {"envelope_id": envelope["envelope_id"]}
    await ws.send_json(reply if payload is None else {**reply, "payload": payload})
    return envelope


async def test_only_the_app_token_in_the_header_opens_a_connection() -> None:
    async with desk() as d:
        for headers, error in (({}, "not_authed"), ({"Authorization": "Bearer xoxb-fake"}, "not_allowed_token_type")):
            _, _, body = await d.raw("apps.connections.open", headers=headers)
            assert body["error"] == error
        _, _, body = await d.raw("apps.connections.open", headers={}, data={"token": "xapp-fake"})
        assert body["error"] == "not_authed"


async def test_a_ticket_is_good_for_one_connection() -> None:
    async with desk() as d:
        _, _, body = await d.raw("apps.connections.open", headers={"Authorization": "Bearer xapp-fake"})
        ws = await d.http.ws_connect(body["url"])
        hello = await ws.receive_json()
        assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await d.http.ws_connect(body["url"])
        await ws.close()


async def test_a_command_goes_over_the_socket_and_its_answer_is_shown() -> None:
    async with desk() as d:
        ws = await connected(d)
        acked = asyncio.create_task(acknowledge(ws, {"text": "hi"}))
        answer = await d.slack.command("U1", "C1", "help")
        envelope = await acked
        assert (envelope["type"], envelope["payload"]["command"]) == ("slash_commands", "/quay")
        assert (answer.status, answer.body) == (200, {"text": "hi"})
        assert [w["text"] for w in d.slack.whispers("U1")] == ["hi"]
        assert d.bot.heard == []
        await ws.close()


async def test_a_submission_is_answered_over_the_socket() -> None:
    async with desk() as d:
        ws = await connected(d)
        acked = asyncio.create_task(acknowledge(ws))
        await d.slack.command("U1", "C1", "build")
        trigger = (await acked)["payload"]["trigger_id"]
        await d.call("views.open", trigger_id=trigger, view=modal(field_block("url"), submit=SUBMIT))
        errors = {"response_action": "errors", "errors": {"url": "no"}}
        acked = asyncio.create_task(acknowledge(ws, errors))
        assert (await d.slack.submit("U1", {"url": {"in": "x"}})).body == errors
        assert (await acked)["type"] == "interactive"
        assert d.slack.open_views("U1")[0]["errors"] == {"url": "no"}
        await ws.close()


async def test_an_events_payload_is_ignored_and_its_repetition_is_marked() -> None:
    async with desk() as d:
        ws = await connected(d)
        acked = asyncio.create_task(acknowledge(ws, {"text": "ignored"}))
        answer = await d.slack.event({"type": "app_mention"}, event_id="Ev1", retry=1)
        envelope = await acked
        assert answer.body is None
        assert (envelope["accepts_response_payload"], envelope["retry_attempt"]) == (False, 1)
        assert (envelope["type"], envelope["payload"]["event_id"]) == ("events_api", "Ev1")
        await ws.close()


async def test_an_envelope_nobody_acknowledges_times_out() -> None:
    async with desk() as d:
        ws = await connected(d)
        d.slack.deadline = 0.05
        assert (await d.slack.command("U1", "C1", "help")).error == "operation_timeout"
        await ws.close()


async def test_rubbish_and_foreign_acknowledgements_count_for_nothing() -> None:
    async with desk() as d:
        ws = await connected(d)
        task = asyncio.create_task(d.slack.command("U1", "C1", "help"))
        envelope = await ws.receive_json()
        for rubbish in ("{bad", "[]", '{"envelope_id": "other"}'):
            await ws.send_str(rubbish)
        assert not task.done()
        await ws.send_json({"envelope_id": envelope["envelope_id"]})
        assert (await task).status == 200
        await ws.close()


async def test_each_envelope_goes_to_one_of_the_connections_in_turn() -> None:
    async with desk() as d:
        sockets = [await connected(d) for _ in range(2)]
        for ws in sockets:
            acked = asyncio.create_task(acknowledge(ws))
            await d.slack.command("U1", "C1", "help")
            await acked
        for ws in sockets:
            await ws.close()


async def test_an_eleventh_connection_is_one_too_many() -> None:
    async with desk() as d:
        sockets = [await connected(d) for _ in range(10)]
        last = await socket(d)
        assert (await last.receive_json())["reason"] == "too_many_websockets"
        for ws in [*sockets, last]:
            await ws.close()


async def test_a_refresh_asks_the_client_to_come_back() -> None:
    async with desk() as d:
        ws = await connected(d)
        await d.slack.refresh_socket("warning")
        assert (await ws.receive_json())["reason"] == "warning"
        refresh = asyncio.create_task(d.slack.refresh_socket())
        assert (await ws.receive_json())["type"] == "disconnect"
        assert (await ws.receive()).type is aiohttp.WSMsgType.CLOSE
        await refresh
        again = await connected(d)
        await again.close()


async def test_a_lost_connection_fails_what_was_on_its_way_and_http_takes_over() -> None:
    async with desk() as d:
        ws = await connected(d)
        task = asyncio.create_task(d.slack.command("U1", "C1", "help"))
        await ws.receive_json()
        await ws.close()
        assert (await task).error == "connection_failed"
        assert (await d.slack.command("U1", "C1", "help")).status == 200
        assert len(d.bot.heard) == 1
