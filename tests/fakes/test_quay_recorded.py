"""The fake answers what the real server answered: recorded pairs, with ids and addresses made alike."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.quay_scene import WEB, scene

_DATA = Path(__file__).parents[1] / "data"
PAIRS: list[dict[str, Any]] = json.loads((_DATA / "quay_pairs.json").read_text())
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_DATE = re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d -0000")
_FIRST = "31771732-f012-49e9-a695-baa20ac2a2c2"
_NOBODY = "00000000-0000-0000-0000-000000000000"


def _alike(answer: Any, url: str) -> str:
    """An answer without what differs from server to server."""
    if isinstance(answer, str) and answer.startswith("{"):
        answer = json.loads(answer)  # JSON that is sent as a page
    text = json.dumps(answer).replace(url, "QUAY")
    text = _DATE.sub("DATE", _ID.sub("ID", text))
    return re.sub(r'"description": "[^"]*"', '"description": ""', text)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair['method']} {pair['name']}")
async def test_an_answer_is_the_recorded_one(pair: dict[str, Any]) -> None:
    async with scene() as here:
        quay, path = here.quay, pair["path"]
        for old in set(_ID.findall(path)) - {_NOBODY}:
            if "/build/" in path:
                path = path.replace(old, await here.build(subdirectory="app", pull_robot="acme+ci"))
            else:
                wish = {"title": "bot repo_push", "event": "repo_push", "method": "webhook", "eventConfig": {}}
                wish["config"] = {"url": "http://127.0.0.2:9099/hook/repo_push"}
                path = path.replace(old, (await here.call("alice", "POST", f"{WEB}/notification/", wish))[1]["uuid"])
        if pair["name"] in {"cancel again", "get cancelled"}:
            await here.call("alice", "DELETE", path)
        status, body, answer = await here.call(pair["actor"], pair["method"], path, pair["body"], **pair["query"])
        kind = answer.headers.get("Content-Type")
        assert (status, kind) == (pair["status"], pair["content_type"])
        assert _alike(body, quay.url) == _alike(pair["answer"], "http://127.0.0.1:8081")
        location = pair["location"] and _alike(pair["location"], "http://127.0.0.1:8081")
        assert _alike(answer.headers.get("Location"), quay.url) == (location or "null")


async def test_a_body_without_event_config_is_refused_with_a_dump_of_the_schema() -> None:
    async with scene() as here:
        wish = {"event": "repo_push", "method": "webhook", "config": {"url": "http://127.0.0.2:9099/hook/x"}}
        status, body, _ = await here.call("alice", "POST", f"{WEB}/notification/", wish)
        lines = body["detail"].splitlines()
        assert (status, body["error_type"]) == (400, "invalid_request")
        assert lines[0] == "'eventConfig' is a required property"
        assert lines[2] == "Failed validating 'required' in schema:"
        assert lines[-4:] == [
            "On instance:",
            "    {'config': {'url': 'http://127.0.0.2:9099/hook/x'},",
            "     'event': 'repo_push',",
            "     'method': 'webhook'}",
        ]


async def test_empty_tags_of_a_build_are_refused_with_a_dump() -> None:
    async with scene() as here:
        wish = {"archive_url": "https://example.com/x", "docker_tags": []}
        status, body, _ = await here.call("alice", "POST", f"{WEB}/build/", wish)
        assert status == 400
        head, _, rest = body["detail"].partition("\n\n")
        assert head == "[] is too short"
        assert rest.startswith("Failed validating 'minItems' in schema['properties']['docker_tags']:\n    {")
        assert rest.endswith("On instance['docker_tags']:\n    []")


async def test_json_answers_end_with_a_line_feed_as_recorded() -> None:
    async with scene() as here:
        _, _, answer = await here.call("alice", "GET", f"{WEB}/trigger/")
        assert answer.headers["Content-Length"] == str(len('{"triggers": []}') + 1)
