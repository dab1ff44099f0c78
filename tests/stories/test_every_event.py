"""Every event of Quay becomes a card in the channel it was meant for, whatever its words are."""

# ruff: noqa: E501 - what people read stands on one line

import re
from collections.abc import Callable
from typing import Any

import pytest
from inline_snapshot import snapshot

from tests.stories.reading import read, words
from tests.stories.scenery import DEV, OPS
from tests.stories.world import World, body_of
from webhooks.kinds import KINDS
from webhooks.sample import sample

HEADLINES = snapshot(
    {
        "vulnerability_found": "Critical vulnerability: CVE-2024-3094 in acme/web:latest (and v2). A fix is available.",
        "build_success": "Build succeeded: acme/web:latest (and build-1), build dbf23442.",
        "build_queued": "Build queued: acme/web:latest (and build-1), build dbf23442, requested by alice.",
        "quota_warning": "Storage is running out: acme uses 8.02 KB of 15.62 KB (51 %).",
        "repo_mirror_sync_success": "Mirror sync finished: acme/mirrored. 'quay.example.com/acme/upstream' with tag pattern '∗'",
        "repo_push": "Pushed acme/web:latest.",
        "repo_image_expiry": "Tags expire soon in acme/web, within 5 days: newtag, labelled.",
        "build_start": "Build running: acme/web:latest (and build-1), build dbf23442, building.",
        "repo_mirror_sync_started": "Mirror sync running: acme/mirrored. 'quay.example.com/acme/upstream' with tag pattern '∗'",
        "repo_mirror_sync_failed": "Mirror sync failed: acme/mirrored. 'quay.example.com/acme/nonexist' with tag pattern '∗': level=fatal msg=\"Error listing repository tags: unable to retrieve auth token: invalid username/password: unauthorized: access to the requested resource is not authorized\"",
        "quota_error": "Storage limit reached, pushes are refused: acme uses 8.02 KB of 2.93 KB (273 %).",
        "build_failure": "Build failed: acme/web:aaaaaaa, build 0459b6a2 from aaaaaaa.",
        "build_cancelled": "Build cancelled: acme/web:latest, build 2e618f59.",
    }
)


def _target(event: str) -> str:
    return "acme" if KINDS[event].namespace else str(body_of(event)["repository"])


@pytest.mark.parametrize("event", KINDS)
async def test_a_real_body_becomes_one_card_in_its_channel(world: World, event: str) -> None:
    url = await world.hook(event, _target(event), OPS)
    assert await world.deliver(url, sample(event)) == 200
    card = await world.card(OPS)
    assert card["text"] == HEADLINES[event]
    await world.settled()
    assert len(world.slack.messages(OPS)) == 1
    assert world.slack.messages(DEV) == []
    assert [call.error for call in world.slack.calls if call.error] == []
    assert await world.app.store.dead.all() == ()


@pytest.mark.parametrize("event", KINDS)
async def test_the_test_button_makes_a_card_that_says_so(world: World, event: str) -> None:
    url = await world.hook(event, "acme" if KINDS[event].namespace else "acme/web", OPS)
    assert await world.deliver(url, sample(event, "test")) == 200
    card = await world.card(OPS)
    assert read(card).startswith("🧪 *Test notification* for acme")
    assert "nothing has happened" in read(card)


NASTY = "<!channel> <@U0ALICE> <!here|x> *bold* `code` ```fence``` ~x~ &lt;!channel&gt; <https://evil.example|Quay> \u202emoc.live"
LONG = "x" * 40_000
_HARMLESS = re.compile(r"<!date\^\d+\^\{date_short_pretty\} \{time\}\|[^<>|]*>")
_LINK = re.compile(r"<https?://[^<>|]+\|[^<>|]*>")


def _spoiled(value: Any, spoil: Callable[[str], str], key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _spoiled(part, spoil, name) for name, part in value.items()}
    if isinstance(value, list):
        return [_spoiled(part, spoil, key) for part in value]
    return spoil(value) if isinstance(value, str) else value


def _inert(world: World, text: str) -> None:
    """No mention, no foreign link, no trick with the direction of writing; nothing too long for a person to read."""
    rest = _HARMLESS.sub("", text)
    for found in _LINK.findall(rest):
        assert found.startswith(f"<{world.quay.url}/")
    rest = _LINK.sub("", rest)
    assert "<" not in rest
    assert not {"\u202e", "\u202d", "\u2066", "\u2067"} & set(text)
    assert len(text) < 12_000


@pytest.mark.parametrize("event", KINDS)
async def test_foreign_words_are_shown_inert(world: World, event: str) -> None:
    url = await world.hook(event, "acme" if KINDS[event].namespace else "acme/web", OPS)
    assert await world.deliver(url, _spoiled(body_of(event), lambda old: NASTY)) == 200
    await world.settled()
    if world.slack.messages(OPS):
        card = await world.card(OPS)
        _inert(world, words(card))
        assert "```fence```" not in words(card)
        _inert(world, card["text"])
    else:
        assert await world.app.store.inbox.aside()
    assert [call.error for call in world.slack.calls if call.error] == []
    assert "invalid_message" not in "\n".join(world.log.lines)


@pytest.mark.parametrize("event", KINDS)
async def test_foreign_words_of_any_length_fit(world: World, event: str) -> None:
    """Names of repositories have an end in Quay's database; tags, messages and descriptions have none here."""
    names = {"repository", "namespace", "name", "docker_url", "homepage", "build_id", "priority"}
    body = {key: value if key in names else _spoiled(value, lambda old: LONG) for key, value in body_of(event).items()}
    if "vulnerability" in body:
        body["vulnerability"] |= {"id": "CVE-2026-1", "priority": "High"}
    url = await world.hook(event, "acme" if KINDS[event].namespace else "acme/web", OPS)
    assert await world.deliver(url, body) == 200
    card = await world.card(OPS)
    _inert(world, words(card))
    assert "invalid_message" not in "\n".join(world.log.lines)
