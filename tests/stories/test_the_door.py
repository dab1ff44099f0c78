"""Quay knocks: whatever it brings is answered as it deserves, and nothing that was answered 200 is lost."""

# ruff: noqa: E501 - what people read stands on one line

import json
import sqlite3
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from inline_snapshot import snapshot

from tests.stories.reading import read
from tests.stories.scenery import DEV, OPS
from tests.stories.world import World, body_of
from webhooks.sample import sample
from webhooks.server import BODY_LIMIT

_DEEP = b"[" * 100_000
_REASONS: dict[str, str] = snapshot(
    {
        "nothing": "the body is empty",
        "half a body": "the body is not JSON: Unterminated string starting at (line 3, column 3)",
        "no JSON": "the body is not JSON: Expecting value (line 1, column 1)",
        "no object": "the body is JSON, but not an object: Quay always sends an object, so this came from elsewhere",
        "no UTF-8": "the body is not JSON: it is not UTF-8 text at byte 16",
        "too deep": "the body is nested too deeply to be read",
        "empty object": "the body cannot be read as repo_push: repository is missing; updated_tags is missing. If the notification in Quay has a custom template, remove the template",
        "wrong types": "the body cannot be read as repo_push: repository should be text, but is a list",
        "numbers in place of names": "the body cannot be read as repo_push: repository should be text, but is a number",
        "another event": "this looks like quota_warning or quota_error, but the URL is for repo_push: check the event in Quay's notification settings",
        "a message for Slack": "this is a message for Slack: choose the method Webhook POST, not Slack, in Quay's notification settings",
    }
)
UNREADABLE: dict[str, bytes] = {
    "nothing": b"",
    "half a body": sample("repo_push")[:40],
    "no JSON": b"payload=1",
    "no object": b"[1]",
    "no UTF-8": b'{"repository": "\xff\xfe"}',
    "too deep": b'{"repository": ' + _DEEP,
    "empty object": b"{}",
    "wrong types": json.dumps(body_of("repo_push", repository=["acme/web"], updated_tags={"a": 1})).encode(),
    "numbers in place of names": json.dumps(body_of("repo_push", namespace=None, name={}, repository=1.5)).encode(),
    "another event": sample("quota_warning"),
    "a message for Slack": json.dumps({"text": "pushed", "attachments": [], "username": "quay"}).encode(),
}


@pytest.mark.parametrize("token", ["A" * 43, "short", "..%2f..%2fetc", "A" * 4000])
async def test_an_unknown_token_is_a_404_and_nothing_is_stored(world: World, token: str) -> None:
    assert await world.deliver(f"{world.address}/webhooks/quay/{token}", sample("repo_push")) == 404
    assert await world.app.store.inbox.waiting() == 0


@pytest.mark.parametrize("what", UNREADABLE)
async def test_a_body_nobody_can_read_is_kept_aside_and_the_others_go_on(world: World, what: str) -> None:
    url = await world.hook("repo_push", "acme/web", DEV)
    assert await world.deliver(url, UNREADABLE[what]) == 200
    assert await world.deliver(url, sample("repo_push")) == 200
    await world.card(DEV, "latest")
    await world.settled()
    (kept,) = await world.app.store.dead.all()
    letter = await world.app.store.dead.one(kept.id)
    assert letter is not None
    assert (letter.body, letter.reason) == (UNREADABLE[what], _REASONS[what])


async def test_the_largest_body_is_taken_and_a_larger_one_is_a_413(world: World) -> None:
    url = await world.hook("repo_push", "acme/web", DEV)
    assert await world.deliver(url, b" " * BODY_LIMIT) == 200
    assert await world.deliver(url, b" " * (BODY_LIMIT + 1)) == 413
    assert await world.deliver(url, sample("repo_push")) == 200
    await world.card(DEV)
    await world.settled()
    assert (await world.app.store.dead.counts())["deliveries"] == 1


async def test_a_body_that_does_not_say_its_length_is_limited_all_the_same(world: World) -> None:
    url = await world.hook("repo_push", "acme/web", DEV)

    async def endless() -> Any:
        for _ in range(BODY_LIMIT // 65_536 + 1):
            yield b" " * 65_536

    try:
        async with world.http.post(url, data=endless()) as response:
            assert response.status == 413
    except aiohttp.ClientConnectionError:
        pass  # it may hang up on the rest of it
    assert await world.app.store.inbox.waiting() == 0


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_only_post_opens_the_door(world: World, method: str) -> None:
    url = await world.hook("repo_push", "acme/web", DEV)
    async with world.http.request(method, url) as response:
        assert response.status == 405


def _sql(database: Path, statement: str) -> None:
    connection = sqlite3.connect(database)
    try:
        with connection:
            connection.execute(statement)
    finally:
        connection.close()


async def test_when_the_storage_fails_quay_notices_nothing_and_nothing_is_lost(world: World, database: Path) -> None:
    uuid = await world.notification("repo_push", "acme/web", DEV)
    await world.app.shelter.step()  # the bot has noticed the new webhook
    _sql(database, "ALTER TABLE deliveries RENAME TO elsewhere")
    world.quay.push("acme/web", "v1")
    await world.quay.work()
    assert world.quay.notifications[uuid].number_of_failures == 0
    assert world.quay.queue == []
    assert "database_away" in "\n".join(world.log.lines)

    _sql(database, "ALTER TABLE elsewhere RENAME TO deliveries")
    await world.card(DEV, "v1")
    await world.settled()
    assert len(world.slack.messages(DEV)) == 1


async def test_without_the_storage_a_webhook_that_the_bot_has_not_noticed_yet_is_a_503(
    world: World, database: Path
) -> None:
    url = await world.hook("repo_push", "acme/web", DEV)
    _sql(database, "ALTER TABLE deliveries RENAME TO elsewhere")
    assert await world.deliver(url, sample("repo_push")) == 503
    async with world.http.get(f"{world.address}/readyz") as response:
        assert response.status == 503
    async with world.http.get(f"{world.address}/healthz") as response:
        assert response.status == 200


async def test_a_removed_hook_is_a_404_but_what_came_before_is_shown(world: World) -> None:
    url = await world.hook("repo_push", "acme/web", DEV)
    assert await world.deliver(url, sample("repo_push")) == 200
    (hook,) = await world.app.store.hooks.all()
    assert await world.app.store.hooks.remove(hook.id)
    assert await world.deliver(url, sample("repo_push")) == 404
    await world.card(DEV, "latest")


async def test_a_quay_that_is_down_never_holds_an_alert_back(world: World) -> None:
    url = await world.hook("build_failure", "acme/web", OPS)
    world.quay.down = True
    assert await world.deliver(url, sample("build_failure")) == 200
    card = await world.card(OPS, "Build failed")
    assert read(card) == snapshot("""\
🔴 *Build failed* acme/web:aaaaaaa · build 0459b6a2
custom-git · commit `aaaaaaa`
(time)
Logs
Retry
Open in Quay\
""")


async def test_a_quay_that_never_answers_never_holds_an_alert_back(world: World) -> None:
    url = await world.hook("repo_push", "acme/team/api", OPS)
    world.quay.slow = 60
    assert await world.deliver(url, body_of("repo_push", repository="acme/team/api", name="team/api")) == 200
    await world.card(OPS, "acme/team/api")


async def test_readiness_tells_what_waits(world: World) -> None:
    url = await world.hook("repo_push", "acme/web", DEV)
    await world.deliver(url, b"?")
    await world.settled()
    async with world.http.get(f"{world.address}/readyz") as response:
        assert response.status == 200
        assert await response.json() == snapshot(
            {
                "status": "ready",
                "deliveries_waiting": 0,
                "messages_waiting": 0,
                "dead": {"deliveries": 1, "messages": 0},
                "parked_lanes": [],
                "spool": {
                    "bytes": 0,
                    "limit_bytes": 268435456,
                    "records": 0,
                    "damaged": 0,
                    "oldest_seconds": 0,
                    "usable": True,
                    "in_use": False,
                },
                "slack": "ok",
                "policy": "ok",
                "leader": True,
            }
        )


async def test_quay_delivers_to_the_bot_as_it_really_does(world: World) -> None:
    await world.notification("repo_push", "acme/team/api", DEV)
    await world.notification("quota_warning", "acme", OPS)
    world.quay.push("acme/team/api", "v1")
    world.quay.quota("acme", warning=True, percent=85)
    assert await world.quay.work() == 2
    assert (await world.card(DEV))["text"] == snapshot("Pushed acme/team/api:v1.")
    assert (await world.card(OPS))["text"] == snapshot("Storage is running out: acme uses 870.40 MB of 1.00 GB (85 %).")
