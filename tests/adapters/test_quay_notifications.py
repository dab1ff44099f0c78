"""Notifications over the API: recorded answers, exact calls, no address that gets out, a sentence for each refusal."""

# ruff: noqa: E501 - what people read stands on one line

import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import httpx
import pytest
from inline_snapshot import snapshot

from bot.domain.errors import BotError, GiveUp, Lacking, NeedsScope, NotLinked, TryLater, Unseen, UserError
from bot.domain.subscriptions import OFF, Notification
from bot.ports import Quay
from tests.adapters.quay_table import TOKEN, Table, registry_of

RECORDED: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "data" / "quay_notifications_recorded.json").read_text()
)
WEB = "/api/v1/repository/acme/web"
ORG = "/api/v1/organization/acme/notifications"
OWN = "/api/v1/user/namespacenotifications"
ALICE = (200, {"username": "alice"})
LOOKS = {"GET /api/v1/user/": ALICE, f"GET {WEB}": (200, {"can_write": True, "can_admin": True})}
SECRET = "S3cret-of-the-url_0123456789abcdefghijklmnop"
URL = f"https://bot.example:8443/webhooks/quay/{SECRET}"
UUID = "31771732-f012-49e9-a695-baa20ac2a2c2"


def recorded(*names: str, **more: Any) -> Table:
    table = Table({"GET /api/v1/user/": ALICE, **more})
    for name in names:
        one = RECORDED[name]
        table.tell(f"{one['method']} {one['path']}", one["status"], one["answer"])
    return table


async def asks(table: Table, wish: Any) -> Any:
    async with registry_of(table) as registry:
        return await wish(registry.as_token(TOKEN))


async def refused(table: Table, wish: Any) -> BotError:
    with pytest.raises(BotError) as caught:
        await asks(table, wish)
    return caught.value


def makes(quay: Quay, target: str = "acme/web", url: str = URL, event: str = "repo_push") -> Any:
    return quay.notifications.create(target, event, url, "quaybot push", {})


async def test_a_recorded_list_is_read_with_its_counters_and_configs() -> None:
    table = recorded("list after failures")
    found = await asks(table, lambda quay: quay.notifications.all("acme/web"))
    rows = RECORDED["list after failures"]["answer"]["notifications"]
    assert [one.uuid for one in found] == [row["uuid"] for row in rows]
    assert table.asked == [f"GET {WEB}/notification/"]
    assert {one.title: one.failures for one in found if one.failures} == snapshot(
        {"fail500": 3, "fail404": 3, "fail301": 3, "slow": 3}
    )
    assert max(one.failures for one in found) == OFF
    assert {one.place for one in found if one.method == "webhook"} == {"http://127.0.0.2:9099"}
    assert {one.mark for one in found} == {""}
    assert next(one.config for one in found if one.event == "repo_image_expiry") == {"days": 5}


async def test_of_an_address_only_its_place_and_the_hash_of_its_token_are_known() -> None:
    row = {"uuid": UUID, "event": "repo_push", "method": "webhook", "title": None, "config": {"url": URL}}
    table = Table().tell(f"GET {WEB}/notification/", 200, {"notifications": [row]})
    (found,) = await asks(table, lambda quay: quay.notifications.all("acme/web"))
    mark = hashlib.sha256(SECRET.encode()).hexdigest()
    assert found == Notification(UUID, "repo_push", "webhook", "", mark, "https://bot.example:8443", {}, 0)
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    ("name", "event", "config"),
    [
        ("create repo_push", "repo_push", {}),
        ("create vulnerability_found", "vulnerability_found", {"level": "3"}),
        ("create repo_image_expiry", "repo_image_expiry", {"days": 5}),
        ("create org notification quota_warning", "quota_warning", {}),
    ],
)
async def test_creating_sends_what_was_recorded_and_reads_what_was_answered(
    name: str, event: str, config: dict[str, object]
) -> None:
    one, table = RECORDED[name], recorded(name)
    target = "acme" if "organization" in one["path"] else "acme/web"
    sent = one["sent"]
    made = await asks(
        table, lambda quay: quay.notifications.create(target, event, sent["config"]["url"], sent["title"], config)
    )
    assert json.loads(table.requests[-1].content) == sent
    assert table.asked[-1] == f"POST {one['path']}"
    assert (made.uuid, made.event, made.title, made.config) == (
        one["answer"]["uuid"],
        event,
        sent["title"],
        one["answer"]["event_config"],
    )


@pytest.mark.parametrize(
    ("name", "wish", "done"),
    [
        ("reset", lambda q, uuid: q.notifications.reset("acme/web", uuid), True),
        ("reset failed hook", lambda q, uuid: q.notifications.reset("acme/web", uuid), True),
        ("reset missing", lambda q, uuid: q.notifications.reset("acme/web", uuid), False),
        ("delete missing", lambda q, uuid: q.notifications.delete("acme/web", uuid), False),
        ("test repo_push", lambda q, uuid: q.notifications.test("acme/web", uuid), True),
        ("test a disabled hook still answers 200", lambda q, uuid: q.notifications.test("acme/web", uuid), True),
        ("test missing", lambda q, uuid: q.notifications.test("acme/web", uuid), False),
        ("test quota_warning", lambda q, uuid: q.notifications.test("acme", uuid), True),
        ("org notification reset", lambda q, uuid: q.notifications.reset("acme", uuid), True),
    ],
)
async def test_what_is_asked_of_one_is_answered_with_whether_it_is_there(name: str, wish: Any, done: bool) -> None:
    table, path = recorded(name), RECORDED[name]["path"].split("/")
    uuid = path[-2] if path[-1] == "test" else path[-1]
    assert await asks(table, lambda quay: wish(quay, uuid)) is done
    assert table.requests[-1].content == b""


async def test_a_namespace_answers_404_for_what_it_does_not_have() -> None:
    for wish in ("delete", "reset", "test"):
        table = Table({"GET /api/v1/user/": ALICE})
        assert await asks(table, lambda quay, w=wish: getattr(quay.notifications, w)("acme", UUID)) is False


async def test_ones_own_namespace_has_a_path_of_its_own() -> None:
    table = Table({"GET /api/v1/user/": ALICE})
    table.tell(f"GET {OWN}", 200, {"notifications": []}).tell(f"DELETE {OWN}/{UUID}", 204, "")
    assert await asks(table, lambda quay: quay.notifications.all("alice")) == ()
    assert await asks(table, lambda quay: quay.notifications.delete("alice", UUID)) is True
    assert table.asked[1::2] == [f"GET {OWN}", f"DELETE {OWN}/{UUID}"]


@pytest.mark.parametrize("name", ["create localhost url", "create 127.0.0.1 url", "create missing url"])
async def test_an_address_that_quay_does_not_take_is_told_with_what_to_do(name: str) -> None:
    error = await refused(recorded(name), makes)
    assert type(error) is UserError
    assert error.say == snapshot(
        "Quay does not take the address of this bot for its webhooks: the names localhost and 127.0.0.1 are not allowed there, and Quay's operators may have excluded others. Please tell the operator of this bot to set PUBLIC_URL to another name or address of this machine."
    )


async def test_each_other_refusal_has_its_cause() -> None:
    writer = {f"GET {WEB}": (200, {"can_write": True, "can_admin": False})}
    tables = {
        "no admin": recorded("list no permission", **writer),
        "hidden": recorded("list no permission", **{f"GET {WEB}": (403, RECORDED["list no permission"]["answer"])}),
        "dead": recorded("list anonymous", **{"GET /api/v1/user/": (401, RECORDED["list anonymous"]["answer"])}),
        "gone": Table({"GET /api/v1/user/": ALICE}),
    }
    told = {}
    for name, table in tables.items():
        error = await refused(table, lambda quay: quay.notifications.all("acme/web"))
        told[name] = (type(error), error.say.split(".")[0])
    assert told == snapshot(
        {
            "no admin": (Lacking, "You (alice) can write to acme/web but need admin there to see notifications"),
            "hidden": (Lacking, "acme/web does not exist, or you (alice) may not see it"),
            "dead": (
                NotLinked,
                "Quay does not accept your linked token any more: it was revoked, it has expired or your account is disabled",
            ),
            "gone": (Unseen, "acme/web does not exist, or you (alice) may not see it"),
        }
    )


async def test_a_namespaces_refusal_names_the_scope() -> None:
    no = (403, RECORDED["list insufficient scope"]["answer"])
    told = []
    for target, path in (("acme", ORG), ("alice", OWN)):
        table = Table({"GET /api/v1/user/": ALICE, f"GET {path}": no, f"POST {path}": no})
        for wish in (lambda q, t=target: q.notifications.all(t), lambda q, t=target: makes(q, t, event="quota_error")):
            error = await refused(table, wish)
            assert isinstance(error, NeedsScope)
            told.append((sorted(error.scopes), error.say))
    assert told == snapshot(
        [
            (
                ["org:admin"],
                "Quay did not let you see notifications. That is for admins of the organization acme, and it takes a token with the scope `org:admin`.",
            ),
            (
                ["org:admin"],
                "Quay did not let you create notifications. That is for admins of the organization acme, and it takes a token with the scope `org:admin`.",
            ),
            (
                ["user:admin"],
                "Quay did not let you see notifications. That takes a token with the scope `user:admin`.",
            ),
            (
                ["user:admin"],
                "Quay did not let you create notifications. That takes a token with the scope `user:admin`.",
            ),
        ]
    )


@pytest.mark.parametrize(
    ("name", "target", "kind", "say"),
    [
        ("create unknown event", "acme/web", GiveUp, "Quay at quay.example had an error of its own."),
        ("create missing eventConfig", "acme/web", UserError, "Quay did not accept the values of this request."),
        ("org notification bad event", "acme", UserError, "This Quay does not know these notifications."),
        ("org notification bad method", "acme", UserError, "This Quay does not know these notifications."),
    ],
)
async def test_what_quay_does_not_know_is_told_apart(name: str, target: str, kind: type[BotError], say: str) -> None:
    error = await refused(recorded(name), lambda quay: makes(quay, target))
    assert type(error) is kind
    assert error.say.startswith(say)


async def test_a_lost_answer_is_in_doubt_and_nothing_is_sent_twice() -> None:
    for wish in (
        makes,
        lambda quay: quay.notifications.reset("acme/web", UUID),
        lambda quay: quay.notifications.delete("acme/web", UUID),
    ):
        table = Table(dict(LOOKS))
        for what in (
            f"POST {WEB}/notification/",
            f"POST {WEB}/notification/{UUID}",
            f"DELETE {WEB}/notification/{UUID}",
        ):
            table.breaks(what, httpx.ReadTimeout("late"))
        error = await refused(table, wish)
        assert isinstance(error, TryLater)
        assert error.doubtful
        assert error.say.endswith(
            "Nothing is lost: the next look at the subscription finds out, and brings it in order."
        )
        assert len(table.requests) == 1


@pytest.mark.parametrize(
    "body",
    [[], {}, {"notifications": None}, {"notifications": {"uuid": UUID}}, "<html>"],
)
async def test_what_is_no_list_is_not_taken_for_an_empty_one(body: Any) -> None:
    table = Table().tell(f"GET {WEB}/notification/", 200, body)
    assert isinstance(await refused(table, lambda quay: quay.notifications.all("acme/web")), GiveUp)


async def test_odd_rows_are_passed_over_and_odd_values_are_none() -> None:
    rows = [7, {}, {"uuid": 5}, {"uuid": "u", "config": [], "event_config": 3, "number_of_failures": "x", "title": {}}]
    table = Table().tell(f"GET {WEB}/notification/", 200, {"notifications": rows})
    assert await asks(table, lambda quay: quay.notifications.all("acme/web")) == (Notification("u", "", "", ""),)


@pytest.mark.parametrize("uuid", ["", ".", "..", "x" * 300])
async def test_what_is_no_id_never_leaves(uuid: str) -> None:
    table = Table(dict(LOOKS))
    error = await refused(table, lambda quay: quay.notifications.delete("acme/web", uuid))
    assert "is not the id of a notification" in error.say
    assert table.requests == []


@pytest.mark.parametrize("echo", [URL, f"Bad config {URL}", f"no: {SECRET}"])
@pytest.mark.parametrize("status", [400, 403, 404, 409, 500, 502])
async def test_the_address_is_in_no_error_and_in_no_log(
    status: int, echo: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for body in ({"detail": echo, "message": echo}, f"<html>{echo}</html>"):
        error = await refused(Table({f"POST {WEB}/notification/": (status, body), **LOOKS}), makes)
        assert SECRET not in f"{error!r} {error} {error.say} {error.__cause__!r} {error.__context__!r} {caplog.text}"


async def test_an_answer_that_makes_no_sense_does_not_show_the_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for body in ({"config": {"url": URL}}, [URL], URL, f"<b>{URL}"):
        error = await refused(Table({f"POST {WEB}/notification/": (201, body), **LOOKS}), makes)
        assert isinstance(error, GiveUp)
        assert SECRET not in f"{error!r} {error} {error.say} {error.__cause__!r} {error.__context__!r} {caplog.text}"
