"""However much a body holds, an event has no more of it than somebody reads."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.events import BuildMoved, Event, MirrorSynced, Pushed, TagsExpiring, VulnerabilityFound
from webhooks.kinds import KINDS
from webhooks.reading import Unreadable, read
from webhooks.sample import sample

AT = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def event(kind: str, target: str = "", **changes: Any) -> Any:
    found = read(kind, target, json.dumps(json.loads(sample(kind)) | changes).encode(), AT)
    assert not isinstance(found, Unreadable), found
    return found


LISTS = {"repo_push": "updated_tags", "repo_image_expiry": "tags", "build_success": "docker_tags",
         "vulnerability_found": "tags"}  # fmt: skip


@pytest.mark.parametrize(("kind", "key"), LISTS.items())
def test_a_thousand_tags_are_listed_and_the_others_counted(kind: str, key: str) -> None:
    tags = [f"t{number}" for number in range(4000)]
    told: Pushed | TagsExpiring | BuildMoved | VulnerabilityFound = event(kind, **{key: tags})
    assert told.tags == tuple(tags[:1000])
    assert told.note == "and 3,000 more tags that are not listed"
    assert event(kind, **{key: tags[:1001]}).note == "and 1 more tag that is not listed"
    assert event(kind, **{key: tags[:1000]}).note == ""


def test_both_notes_are_told() -> None:
    told = event("repo_push", "acme/api", updated_tags=[str(number) for number in range(1002)])
    assert told.note == "and 2 more tags that are not listed; sent to the webhook URL of acme/api"


def test_a_tag_that_is_none_is_cut() -> None:
    assert event("repo_push", updated_tags=["x" * 1_000_000, "y" * 128]).tags == ("x" * 127 + "…", "y" * 128)


def test_the_middle_of_a_long_output_is_left_out() -> None:
    told: MirrorSynced = event("repo_mirror_sync_failed", message="begin" + "x" * 1_000_000 + "end")
    assert len(told.message) == 20_000
    assert (told.message[:6], told.message[-4:]) == ("beginx", "xend")


def test_addresses_that_nothing_can_open_are_left_out_and_many_are_few() -> None:
    finding = json.loads(sample("vulnerability_found"))["vulnerability"]
    short = [f"https://a.example/{number}" for number in range(30)]
    told = event("vulnerability_found", vulnerability=finding | {"link": " ".join(["https://b/" + "x" * 2000, *short])})
    assert told.links == tuple(short[:20])


LONG = st.integers(0, 3).map(lambda power: "z" * 10 ** (2 * power))


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_no_event_is_large(kind: str, data: st.DataObject) -> None:
    body = json.loads(sample(kind))
    for key in body.keys() - {"repository", "namespace", "name", "build_id", "vulnerability", "trigger_metadata"}:
        if isinstance(body[key], str | list):
            body[key] = data.draw(LONG | st.just([f"{key}{number}" for number in range(3000)]) | st.just(body[key]))
    found = read(kind, "", json.dumps(body).encode(), AT)
    if isinstance(found, Event):
        assert len(found.model_dump_json()) < 200_000
