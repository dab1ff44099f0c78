"""The fake goes through what was recorded at the real server, step by step: OAuth, organizations, teams, accounts."""

import json
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.fakes.quay_replay import Replay
from tests.fakes.quay_scene import ALL_SCOPES, Scene, scene

_DATA = json.loads((Path(__file__).parents[1] / "data" / "quay_flows.json").read_text())


@pytest.mark.parametrize("flow", ["oauth", "people"])
async def test_a_recorded_flow_goes_the_same_way_here(flow: str) -> None:
    async with scene() as here, AsyncExitStack() as stack:
        for name in ("bob", "carol", "dave"):
            here.quay.add_user(name)
        replay = Replay(here, stack)
        if flow == "oauth":
            here.quay.organizations.clear()
            here.quay.tokens.clear()
        else:
            _settle(here, replay)
        await replay.take_all(_DATA[flow])


def _settle(here: Scene, replay: Replay) -> None:
    """What the people of the second recording had before it began."""
    here.quay.add_user("quayadmin", superuser=True)
    here.quay.users = {name: here.quay.users[name] for name in ("quayadmin", "alice", "bob", "carol", "dave")}
    client, _ = here.quay.add_application("acme", "chatops-bot")
    everything = ALL_SCOPES.replace(" super:user", "")
    for name, scopes in {"alice": everything, "bob": everything, "carol": "repo:read user:read"}.items():
        replay.tokens[name] = here.quay.token(name, scopes, application=client)
    replay.tokens["superuser"] = here.quay.token("quayadmin", ALL_SCOPES, application=client)


async def test_rows_of_the_usage_log_look_as_recorded() -> None:
    async with scene() as here:
        quay = here.quay
        client, _ = quay.add_application("acme", "chatops-bot")
        quay.grant("bob", "acme/web", "write")
        alice = quay.token("alice", ALL_SCOPES, application=client)
        trigger = quay.add_trigger("acme/web", source="git@127.0.0.1:acme/web.git")
        path = "/api/v1/repository/acme/web"
        wish = {"event": "vulnerability_found", "method": "webhook", "eventConfig": {}}
        await here.call(alice, "POST", f"{path}/trigger/{trigger}/start", {"commit_sha": "a" * 40})
        hook = wish | {"config": {"url": "http://127.0.0.2:1/x"}}
        await here.call(alice, "POST", f"{path}/notification/", hook)
        build = await here.build(quay.token("bob", ALL_SCOPES, application=client))
        await here.call(alice, "DELETE", f"{path}/build/{build}")
        status, body, _ = await here.call(alice, "GET", f"{path}/logs")
        replay = Replay(here, AsyncExitStack())
        replay.known["CLIENT"] = client
        assert status == 200
        assert [replay.alike(row) for row in body["logs"]] == [replay.alike(row) for row in _DATA["log_rows"]]
        assert list(body) == ["start_time", "end_time", "logs"]
        assert list(_DATA["log_page"]) == ["start_time", "end_time", "next_page"]
