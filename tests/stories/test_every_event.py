"""Every event of Quay becomes a card in the channel it was meant for, whatever its words are."""

import json
from typing import Any

import pytest
from inline_snapshot import snapshot

from tests.stories.world import DEV, OPS, World, body_of, words
from webhooks.kinds import KINDS
from webhooks.sample import sample

HEADLINES = snapshot({'vulnerability_found': 'Critical vulnerability: CVE-2024-3094 in acme/web:latest (+1 more). A fix is available.', 'build_success': 'Build succeeded: acme/web:latest (+1 more), build 916b9d1.', 'build_queued': 'Build queued: acme/web:latest (+1 more), build dbf23442, requested by alice.', 'quota_warning': 'Storage is running out: acme uses 8.02 KB of 15.62 KB (51 %).', 'repo_mirror_sync_success': "Mirror sync finished: acme/mirrored. 'quay.example.com/acme/upstream' with tag pattern '*'", 'repo_push': 'Pushed acme/web:latest.', 'repo_image_expiry': 'Tags expire soon in acme/web, within 5 days: newtag, labelled.', 'build_start': 'Build running: acme/web:latest (+1 more), build 916b9d1, building.', 'repo_mirror_sync_started': "Mirror sync running: acme/mirrored. 'quay.example.com/acme/upstream' with tag pattern '*'", 'repo_mirror_sync_failed': 'Mirror sync failed: acme/mirrored. \'quay.example.com/acme/nonexist\' with tag pattern \'*\': (\'skopeo list-tags failed: See output\', \'\', \'time="2026-11-23T11:26:56Z" level=fatal msg="Error listing repository tags: unable to retrieve auth…', 'quota_error': 'Storage is full, pushes are refused: acme uses 8.02 KB of 2.93 KB (273 %).', 'build_failure': 'Build failed: acme/web:aaaaaaa, build aaaaaaa.', 'build_cancelled': 'Build cancelled: acme/web:latest, build 916b9d1.'})


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
    assert await world.app.store.inbox.aside() == ()
