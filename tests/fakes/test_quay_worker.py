"""How notifications are delivered: no order, again after 30 s, off after three failures, dropped in silence."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fakes.quay import FakeQuay
from bot.fakes.quay.templates import fill
from tests.fakes.quay_scene import WEB, HandClock, Scene, scene

RECORDED: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data" / "quay_webhooks.json").read_text())


def _tags(here: Scene) -> list[str]:
    return [json.loads(body)["updated_tags"][0] for _, body in here.receiver.got]


async def _order(seed: int) -> list[str]:
    async with scene(seed) as here:
        await here.listen("repo_push")
        here.quay.push("acme/web", *(f"t{number}" for number in range(20)))
        await here.quay.work()
        return _tags(here)


async def test_the_order_is_random_but_the_same_for_a_seed() -> None:
    first, again, other = await _order(1), await _order(1), await _order(2)
    assert first == again
    assert first != other
    assert sorted(first) == sorted(other)
    assert first != [f"t{number}" for number in range(20)]


async def test_only_the_first_fifty_are_candidates() -> None:
    async with scene() as here:
        await here.listen("repo_push")
        here.quay.push("acme/web", *(f"{number}" for number in range(200)))
        await here.quay.work()
        assert all(int(tag) < 50 + place for place, tag in enumerate(_tags(here)))


async def test_a_delivery_has_the_recorded_headers_and_no_signature() -> None:
    async with scene() as here:
        await here.listen("repo_push")
        here.quay.push("acme/web", "latest")
        await here.quay.work()
        recorded = dict(RECORDED["headers"])
        got = here.receiver.headers[0]
        assert set(got) == set(recorded)
        for name in set(recorded) - {"Host", "Content-Length"}:
            assert got[name] == recorded[name]


async def test_a_failed_delivery_is_due_again_after_30_seconds() -> None:
    async with scene() as here:
        uuid = await here.listen("repo_push")
        here.receiver.status = 500
        here.quay.push("acme/web", "latest")
        assert await here.quay.work() == 1
        here.clock.pass_by(29)
        assert await here.quay.work() == 0
        here.receiver.status = 204
        here.clock.pass_by(1)
        assert await here.quay.work() == 1
        assert here.quay.notifications[uuid].number_of_failures == 0
        here.clock.pass_by(100)
        assert await here.quay.work() == 0


async def test_three_failures_in_a_row_switch_it_off_and_its_items_are_dropped() -> None:
    async with scene() as here:
        uuid = await here.listen("repo_push")
        here.receiver.status = 404
        here.quay.push("acme/web", "latest")
        for _ in range(3):
            assert await here.quay.work() == 1
            here.clock.pass_by(30)
        hook = here.quay.notifications[uuid]
        assert (hook.number_of_failures, hook.disabled) == (3, True)
        here.receiver.status = 200
        assert await here.quay.work() == 0
        assert here.quay.queue == []
        _, view, _ = await here.call("alice", "GET", f"{WEB}/notification/{uuid}")
        assert view["number_of_failures"] == 3


async def test_a_disabled_one_answers_the_test_call_and_sends_nothing_until_it_is_reset() -> None:
    async with scene() as here:
        uuid = await here.listen("repo_push")
        here.quay.notifications[uuid].number_of_failures = 3
        path = f"{WEB}/notification/{uuid}"
        assert (await here.call("alice", "POST", f"{path}/test"))[:2] == (200, {})
        here.quay.push("acme/web", "lost")
        assert await here.quay.work() == 0
        assert (await here.call("alice", "POST", path))[0] == 204
        here.quay.push("acme/web", "latest")
        assert await here.quay.work() == 1
        assert _tags(here) == ["latest"]


async def test_an_item_is_tried_five_times_at_most() -> None:
    async with scene() as here:
        uuid = await here.listen("repo_push")
        here.receiver.status = 500
        here.quay.push("acme/web", "latest")
        tried = 0
        for _ in range(8):
            tried += await here.quay.work()
            here.quay.notifications[uuid].number_of_failures = 0  # somebody resets it each time
            here.clock.pass_by(30)
        assert tried == 5


async def test_a_success_in_between_sets_the_counter_back() -> None:
    async with scene() as here:
        uuid = await here.listen("repo_push")
        for status, failures in ((500, 1), (500, 2), (200, 0)):
            here.receiver.status = status
            here.quay.push("acme/web", "latest")
            here.quay.queue = here.quay.queue[-1:]
            await here.quay.work()
            assert here.quay.notifications[uuid].number_of_failures == failures


@pytest.mark.parametrize(("path", "good"), [("/redirect/x", True), ("/nowhere/x", False)])
async def test_redirects_are_followed_and_keep_the_body(path: str, good: bool) -> None:
    async with scene() as here:
        uuid = await here.listen("repo_push", path=path)
        here.quay.push("acme/web", "latest")
        assert await here.quay.work() == 1
        assert here.quay.notifications[uuid].number_of_failures == int(not good)
        assert [where for where, _ in here.receiver.got] == (["/landed"] if good else [])
        assert _tags(here) == (["latest"] if good else [])


async def test_a_receiver_that_is_not_there_is_a_failure() -> None:
    async with scene() as here:
        uuid = await here.listen("repo_push")
        here.quay.notifications[uuid].config["url"] = "http://127.0.0.2:9/x"
        here.quay.push("acme/web", "latest")
        assert await here.quay.work() == 1
        assert here.quay.notifications[uuid].number_of_failures == 1


async def test_forbidden_hosts_are_refused_at_delivery_too() -> None:
    async with scene() as here:
        uuid = await here.listen("repo_push")
        here.quay.notifications[uuid].config["url"] = here.receiver.url.replace("127.0.0.2", "localhost")
        here.quay.push("acme/web", "latest")
        await here.quay.work()
        assert (here.receiver.got, here.quay.notifications[uuid].number_of_failures) == ([], 1)


async def test_a_template_shapes_the_body_as_recorded() -> None:
    async with scene() as here:
        template = {
            "text": "${event_data.repository}",
            "repo": "${repository}",
            "tags": "${updated_tags}",
            "first": "${updated_tags[0]}",
            "page": "see ${homepage}",
        }
        config = {"url": f"{here.receiver.url}/t", "template": json.dumps(template)}
        wish = {"event": "repo_push", "method": "webhook", "config": config, "eventConfig": {}}
        assert (await here.call("alice", "POST", f"{WEB}/notification/", wish))[0] == 201
        here.quay.push("acme/web", "latest")
        await here.quay.work()
        body = here.receiver.got[0][1].decode().replace(here.quay.url, "http://127.0.0.1:8081")
        assert body == RECORDED["real"]["template"]


def test_a_missing_value_in_a_text_is_none_in_brackets_and_lists_are_joined() -> None:
    data = {"tags": ["a", "b"]}
    assert fill({"${tags[0]}": ["x ${no} ${tags}", 1, None]}, data) == {"a": ["x (none) a, b", 1, None]}


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_filling_a_template_never_fails(template: Any) -> None:
    fill(template, {"tags": ["a"], "n": None})


@pytest.mark.parametrize("removed", [True, False])
async def test_a_deleted_notification_gets_nothing(removed: bool) -> None:
    async with scene() as here:
        uuid = await here.listen("repo_push")
        here.quay.push("acme/web", "latest")
        if removed:
            assert (await here.call("alice", "DELETE", f"{WEB}/notification/{uuid}"))[0] == 204
        assert await here.quay.work() == int(not removed)


async def test_the_loop_polls_by_the_clock_until_it_is_stopped() -> None:
    class Stop(Exception):
        pass

    class Clock(HandClock):
        async def sleep(self, seconds: float) -> None:
            self.pass_by(seconds)
            if self.time.minute != 16:
                raise Stop

    clock = Clock()
    quay = FakeQuay(clock=clock)
    with pytest.raises(Stop):
        await quay.run()
    assert (clock.time.minute, clock.time.second) == (17, 0)


async def test_every_change_is_told_to_whoever_asked() -> None:
    async with scene() as here:
        changes: list[int] = []
        here.quay.on_change = lambda: changes.append(1)
        await here.listen("repo_push")
        here.quay.push("acme/web", "latest")
        await here.quay.work()
        assert len(changes) == 3


async def test_organizations_answer_404_for_unknown_notifications() -> None:
    async with scene() as here:
        path = "/api/v1/organization/acme/notifications"
        uuid = await here.listen("quota_error", where="/api/v1/organization/acme")
        assert (await here.call("alice", "GET", path))[1]["notifications"][0]["uuid"] == uuid
        for method, ending in (("GET", ""), ("DELETE", ""), ("POST", ""), ("POST", "/test")):
            assert (await here.call("alice", method, f"{path}/nope{ending}"))[0] == 404
        assert (await here.call("bob", "GET", path))[0] == 403
        assert (await here.call("alice", "POST", f"{path}/{uuid}"))[0] == 204
