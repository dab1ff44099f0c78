"""Counting what a robot did: its own pulls and pushes, and nothing that others did to it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.repositories import MOST_ENTRIES, LogEntry
from bot.rules.robot_use import used

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ENTRIES = st.lists(
    st.builds(
        LogEntry,
        st.sampled_from(["pull_repo", "push_repo", "regenerate_robot_token", "delete_tag"]),
        st.integers(0, 10_000).map(lambda minutes: NOW - timedelta(minutes=minutes)),
        st.sampled_from(["acme+ci", "acme+other", "alice", ""]),
    ),
    max_size=150,
)


@given(ENTRIES)
def test_it_counts_each_pull_and_push_of_that_robot_once(entries: list[LogEntry]) -> None:
    use = used("acme+ci", entries)
    mine = [one for one in entries if one.performer == "acme+ci"]
    assert use.pulls == [one.kind for one in mine].count("pull_repo")
    assert use.pushes == [one.kind for one in mine].count("push_repo")
    assert (use.newest is None) == (use.pulls + use.pushes == 0)
    assert use.newest is None or use.newest <= NOW


@given(ENTRIES)
def test_it_says_how_far_it_looked_exactly_when_there_may_be_more(entries: list[LogEntry]) -> None:
    assert (used("acme+ci", entries).back_to is None) == (len(entries) < MOST_ENTRIES)
