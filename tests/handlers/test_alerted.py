"""Which channels are told of a restore, as if it had been a push."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.digests import Rhythm
from bot.ports import Channel, Hook
from handlers.alerted import push_channels
from tests.handlers.conftest import START, Office


def hears(office: Office, channel: str, event: str = "repo_push", **facts: Any) -> None:
    number = len(office.trail.urls)
    office.trail.urls.append(Hook(f"H{number}", event, "acme/web", (channel,), START, **facts))


async def test_channels_that_hear_of_pushes_are_told_each_once(office: Office):
    hears(office, "C1")
    hears(office, "C1", subscription="S1")
    hears(office, "C2", "build_failure")
    assert await push_channels("acme/web", "v1", office.desk) == ("C1",)


@pytest.mark.parametrize(
    "facts", [{"silent": True}, {"paused_until": START + timedelta(hours=1)}, {"filters": {"C1": "-tag:v1"}}]
)
async def test_what_is_silent_paused_or_filtered_is_not_told(office: Office, facts: dict[str, Any]):
    hears(office, "C1", **facts)
    assert await push_channels("acme/web", "v1", office.desk) == ()


async def test_quiet_hours_are_kept(office: Office):
    hears(office, "C1")
    office.channels.kept["C1"] = Channel("C1", rhythm=Rhythm("UTC", quiet="08:00-20:00"))
    assert await push_channels("acme/web", "v1", office.desk) == ()


async def test_a_filter_that_asks_who_pushed_lets_a_restore_pass(office: Office):
    hears(office, "C1", filters={"C1": "-by:acme+ci"})
    assert await push_channels("acme/web", "v1", office.desk) == ("C1",)
