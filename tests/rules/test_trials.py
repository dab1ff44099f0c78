"""Which notifications are tried: one for each kind of event."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.subscriptions import Part
from bot.rules.event_groups import EVENTS, GROUPS
from bot.rules.trials import tried

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def part(event: str, target: str = "acme/web", *, uuid: str = "u", silent: bool = False) -> Part:
    return Part(f"{target} {event} {silent}", "S7PX4", target, event, silent, "{}", NOW, uuid=uuid)


def test_one_of_each_kind_in_the_order_of_the_kinds():
    found = tried([part("vulnerability_found"), part("build_failure"), part("build_queued"), part("repo_push")])
    assert [one.event for one in found] == ["repo_push", "build_queued", "vulnerability_found"]


def test_what_is_for_the_bot_alone_or_not_there_is_not_tried():
    assert tried([part("repo_push", silent=True), part("build_failure", uuid="")]) == ()


def test_of_several_repositories_the_first_one_is_tried():
    found = tried([part("repo_push", "acme/web"), part("repo_push", "acme/api")])
    assert [one.target for one in found] == ["acme/api"]


PARTS = st.lists(
    st.builds(
        part,
        st.sampled_from(EVENTS),
        st.sampled_from(["acme/a", "acme/b"]),
        uuid=st.sampled_from(["", "u"]),
        silent=st.booleans(),
    )
)


@given(PARTS)
def test_whatever_there_is_each_kind_is_tried_at_most_once_and_never_missed(parts: list[Part]):
    found = tried(parts)
    assert set(found) <= set(parts)
    for events in GROUPS.values():
        there = any(one.event in events and one.uuid and not one.silent for one in parts)
        assert sum(one.event in events for one in found) == there
