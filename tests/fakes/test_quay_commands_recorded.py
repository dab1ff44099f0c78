"""The fake goes through what was recorded about tags, robots, roles, messages, search: the same way, step by step."""

import json
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from bot.fakes.quay.images import Finding, Layer
from tests.fakes.quay_replay import Replay
from tests.fakes.quay_scene import ALL_SCOPES, WEB, Scene, scene

_DATA: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data" / "quay_flows_commands.json").read_text())
_NETWORK = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:"
_SITE = "https://access.redhat.com/security/cve/"
_OPENSSL = {"package": "openssl-libs", "version": "1:3.0.7-24.el9", "fixed_by": ""}
FINDINGS = (
    Finding(
        "CVE-2024-3094",
        "Critical",
        "xz-libs",
        "5.6.0-1.el9",
        "0:5.4.6-2.el9",
        "Malicious code was discovered in the upstream tarballs of xz.",
        link=f"{_SITE}CVE-2024-3094 https://nvd.nist.gov/vuln/detail/CVE-2024-3094",
        score=10.0,
        vector=f"{_NETWORK}C/C:H/I:H/A:H",
    ),
    Finding(
        "CVE-2023-44487",
        "High",
        "libnghttp2",
        "1.43.0-5.el9",
        "0:1.43.0-5.el9_2.1",
        "HTTP/2 rapid reset.",
        link=f"{_SITE}CVE-2023-44487",
        score=7.5,
        vector=f"{_NETWORK}U/C:N/I:N/A:H",
    ),
    Finding(
        "CVE-2022-0001", "Medium", **_OPENSSL, description="A medium flaw without fix.", link=f"{_SITE}CVE-2022-0001"
    ),
    Finding("CVE-2021-0002", "Low", **_OPENSSL, description="A low flaw without fix.", link=f"{_SITE}CVE-2021-0002"),
)


def _push(here: Scene, one: dict[str, Any]) -> None:
    """A push before the recorded calls, or between them."""
    quay, digest = here.quay, one["digest"]
    layer = Layer(one.get("layer", f"sha256:{one['tag']}"), one["size"] or 0, one.get("command", ""))
    more: dict[str, Any] = {"findings": FINDINGS if "scanned" in one else ()}
    more["scan"] = "scanned" if "scanned" in one else "queued"
    children = one.get("children", {})
    quay.push(
        "acme/web",
        one["tag"],
        digest=digest,
        layers=[layer],
        labels=one.get("labels"),
        architectures=[*children],
        **more,
    )
    shelf = quay.repositories["acme/web"]
    for name, theirs in children.items():
        child = shelf.images.pop(shelf.images[digest].children[name])
        child.digest = shelf.images[digest].children[name] = theirs
        shelf.images[theirs] = child


def _people(here: Scene) -> Replay:
    """The recorded people and their tokens, of an application that acme has."""
    quay = here.quay
    quay.add_user("quayadmin", superuser=True)
    for name in ("bob", "carol", "dave"):
        quay.add_user(name)
    client, _ = quay.add_application("acme", "chatops-bot")
    replay = Replay(here, AsyncExitStack())
    everything = ALL_SCOPES.replace(" super:user", "")
    for name, scopes in {"alice": everything, "bob": everything, "carol": "repo:read user:read"}.items():
        replay.tokens[name] = quay.token(name, scopes, application=client)
    replay.tokens["superuser"] = quay.token("quayadmin", ALL_SCOPES, application=client)
    replay.known["CLIENT"] = client
    return replay


def _only(here: Scene, **repositories: str) -> None:
    """No repositories of acme but these, with their descriptions; "pub" is public."""
    here.quay.repositories.clear()
    for name, words in repositories.items():
        made = here.quay.add_repository(f"acme/{name.replace('__', '/')}", public=name in {"pub", "upstream"})
        made.description = words


def _tags(here: Scene) -> None:
    for one in _DATA["pushed"]:
        _push(here, one)


def _robots(here: Scene) -> None:
    here.quay.robots.clear()


def _roles(here: Scene) -> None:
    for one in _DATA["pushed"]:
        _push(here, one)
    for name in ("acme+deploy", "acme+mirror"):
        here.quay.add_robot(name)
    here.quay.add_team("acme", "devs", members=["bob", "acme+ci"])
    here.quay.grant("alice", "acme/web", "admin")
    here.quay.grant("acme+ci", "acme/web", "write")


def _search(here: Scene) -> None:
    _only(here, web="new *markdown* description", pub="public one", team__api="nested name", upstream="", mirrored="")
    here.quay.add_repository("alice/flaky")
    here.quay.organizations["acme"].email = "acme-new@example.com"
    here.quay.push("acme/web", "latest")


def _repositories(here: Scene) -> None:
    _only(here, web="the *web* app", pub="public one", team__api="nested name")


def _nothing(here: Scene) -> None:
    assert here.quay.messages == []


_BEFORE = {
    "tags": _tags,
    "robots": _robots,
    "roles": _roles,
    "messages": _nothing,
    "search": _search,
    "repositories": _repositories,
}


@pytest.mark.parametrize("flow", _BEFORE)
async def test_recorded_calls_go_the_same_way_here(flow: str) -> None:
    async with scene() as here, AsyncExitStack() as stack:
        replay = _people(here)
        replay.stack = stack
        _BEFORE[flow](here)
        steps = _DATA["flows"][flow]
        assert len(steps) > 10
        for number, step in enumerate(steps):
            if "pushed" in step:
                _push(here, step["pushed"])
                continue
            try:
                await replay.take(step)
            except AssertionError as error:
                error.add_note(f"step {number}: {step['name']} ({step['actor']})")
                raise


async def _everything_that_is_logged(here: Scene, replay: Replay) -> None:
    alice, bob = replay.tokens["alice"], replay.tokens["bob"]
    rows = _DATA["log_rows"]
    moved, old = rows["move_tag"]["metadata"], rows["create_tag"]["metadata"]["manifest_digest"]
    label = rows["manifest_label_add"]["metadata"]
    quay = here.quay
    quay.add_team("acme", "devs")
    quay.grant("bob", "acme/web", "write")
    quay.grant_team("devs", "acme/web", "write")
    trigger = quay.add_trigger("acme/web")
    quay.push("acme/web", "stable", digest=old)
    quay.push("acme/web", "new", digest=moved["manifest_digest"])
    quay.push("acme/web", "labelled", digest=label["manifest_digest"])
    quay.push("acme/web", rows["push_repo"]["metadata"]["tag"], by="acme+ci")
    labels = f"{WEB}/manifest/{label['manifest_digest']}/labels"
    add = {"key": label["key"], "value": label["value"], "media_type": "text/plain"}
    removed = rows["manifest_label_delete"]["metadata"]
    _, made, _ = await here.call(alice, "POST", labels, add | {"value": removed["value"]})
    await here.call(alice, "DELETE", f"{labels}/{made['label']['id']}")
    for who, method, path, body in (
        (alice, "POST", f"{WEB}/tag/bad tag/restore", {"manifest_digest": old}),
        (alice, "DELETE", f"{WEB}/tag/bad tag", None),
        (bob, "POST", f"{WEB}/tag/stable/restore", {"manifest_digest": old}),
        (alice, "PUT", f"{WEB}/tag/newtag", {"manifest_digest": old}),
        (alice, "PUT", f"{WEB}/tag/newtag", {"manifest_digest": moved["manifest_digest"]}),
        (alice, "PUT", f"{WEB}/tag/newtag", {"expiration": 1795605240}),
        (alice, "POST", labels, add),
        (alice, "PUT", f"{WEB}/trigger/{trigger}", {"enabled": rows["toggle_repo_trigger"]["metadata"]["enabled"]}),
        (alice, "PUT", f"{WEB}/permissions/user/carol", {"role": "read"}),
        (alice, "DELETE", f"{WEB}/permissions/team/devs", None),
        (alice, "PUT", "/api/v1/user/robots/mine", {"description": "my robot"}),
        (alice, "POST", "/api/v1/user/robots/mine/regenerate", None),
        (alice, "DELETE", "/api/v1/user/robots/mine", None),
    ):
        assert (await here.call(who, method, path, body))[0] in {200, 201, 204}, path


async def test_rows_of_the_usage_log_are_the_recorded_ones() -> None:
    async with scene() as here:
        replay = _people(here)
        await _everything_that_is_logged(here, replay)
        found: dict[str, Any] = {}
        alice = replay.tokens["alice"]
        for place in ("organization/acme", "user"):
            token = ""
            while token is not None:
                more = {"next_page": token} if token else {}
                _, body, _ = await here.call(alice, "GET", f"/api/v1/{place}/logs", **more)
                for row in body["logs"]:
                    found.setdefault(row["kind"], row)
                token = body.get("next_page")
        for kind, row in _DATA["log_rows"].items():
            assert replay.alike(found[kind]) == replay.alike(row)
