"""Global messages of the fake: who may show and remove them, and how little is told of it."""

import pytest

from tests.fakes.quay_scene import ALL_SCOPES, scene

WISH = {"message": {"content": "Down at six", "media_type": "text/markdown", "severity": "warning"}}


async def test_global_messages_need_a_superuser_and_answer_without_a_body() -> None:
    async with scene() as here:
        wish = {"message": {"content": "hello", "media_type": "text/plain", "severity": "info"}}
        status, body, answer = await here.call("superuser", "POST", "/api/v1/messages", wish)
        assert (status, body, answer.headers["Content-Type"]) == (201, "", "text/html; charset=utf-8")
        _, listed, _ = await here.call("anonymous", "GET", "/api/v1/messages")
        uuid = listed["messages"][0].pop("uuid")
        assert listed == {"messages": [{"content": "hello", "severity": "info", "media_type": "text/plain"}]}
        assert (await here.call("superuser", "POST", "/api/v1/messages", wish["message"]))[0] == 500
        assert (await here.call("alice", "DELETE", f"/api/v1/message/{uuid}"))[0] == 403
        for _ in range(2):
            assert (await here.call("superuser", "DELETE", f"/api/v1/message/{uuid}"))[0] == 204
        assert (await here.call("anonymous", "GET", "/api/v1/messages"))[1] == {"messages": []}


@pytest.mark.parametrize(("name", "scopes"), [("alice", ALL_SCOPES), ("super", "user:admin org:admin repo:admin")])
async def test_it_takes_a_superuser_and_the_scope_and_the_refusal_has_a_shape_of_its_own(
    name: str, scopes: str
) -> None:
    async with scene() as here:
        token = here.quay.token(name, scopes)
        for method, path, body in (("POST", "messages", WISH), ("DELETE", "message/x", None)):
            status, answer, _ = await here.call(token, method, f"/api/v1/{path}", body)
            assert (status, list(answer)) == (403, ["message"])
        assert here.quay.messages == []


async def test_the_usage_log_does_not_tell_of_messages_and_two_alike_are_two() -> None:
    async with scene() as here:
        for _ in range(2):
            assert (await here.call("superuser", "POST", "/api/v1/messages", WISH))[0] == 201
        _, body, _ = await here.call("carol", "GET", "/api/v1/messages")
        first, second = body["messages"]
        assert first["uuid"] != second["uuid"]
        await here.call("superuser", "DELETE", f"/api/v1/message/{first['uuid']}")
        assert [one.uuid for one in here.quay.messages] == [second["uuid"]]
        assert here.quay.usage == []
