"""Which channels are told how a build ended that the bot has followed."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.digests import Rhythm
from bot.domain.events import BuildMoved, Phase
from bot.rules.audiences import Audience, Listener, audience, end_of
from bot.rules.cards.builds import ENDED

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = Rhythm("UTC", quiet="08:00-20:00")


def ended(phase: Phase = Phase.ERROR, tags: tuple[str, ...] = ("v1",)) -> BuildMoved:
    return BuildMoved(
        kind=end_of(phase), namespace="acme", repository="acme/web", at=NOW, build_id="b1", phase=phase, tags=tags
    )


def test_every_end_is_an_event_of_quay_and_nothing_else_is_one() -> None:
    assert {phase for phase in Phase if end_of(phase)} == ENDED | {Phase.INTERNAL_ERROR}
    assert {end_of(phase) for phase in ENDED} == {"build_success", "build_failure", "build_cancelled"}


def test_those_who_want_such_ends_are_told_in_their_layout() -> None:
    wants = [Listener("C1", layout="thread"), Listener("C3")]
    assert audience(ended(), wants, NOW) == Audience({"C1": "thread", "C3": ""}, {})


def test_a_filter_a_pause_and_quiet_hours_keep_it_out_and_are_named() -> None:
    wants = [
        Listener("C1", "tag:release-*"),
        Listener("C2", paused_until=NOW + timedelta(hours=1)),
        Listener("C3", rhythm=DAY),
    ]
    found = audience(ended(), wants, NOW)
    assert found.told == {}
    assert [rule.split()[0] for rule in found.filtered.values()] == ["`tag:release-*`:", "paused", "quiet"]


def test_a_channel_that_listens_twice_is_told_if_one_of_them_lets_it_pass() -> None:
    wants = [Listener("C1", "tag:release-*"), Listener("C1")]
    assert audience(ended(), wants, NOW) == audience(ended(), wants[::-1], NOW) == Audience({"C1": ""}, {})


def test_of_ends_that_quay_tells_itself_what_is_kept_out_is_not_written_down_twice() -> None:
    assert audience(ended(Phase.COMPLETE), [Listener("C1", "tag:x")], NOW) == Audience()


FILTERS = st.sampled_from(["", "tag:v*", "-tag:v*", "tag:x"])
WANTS = st.lists(
    st.builds(Listener, st.sampled_from(["C1", "C2", "C3"]), FILTERS),
    max_size=6,
)


@given(WANTS)
def test_every_channel_that_wants_it_is_either_told_or_filtered(wants: list[Listener]) -> None:
    found = audience(ended(), wants, NOW)
    assert set(found.told) | set(found.filtered) == {one.channel for one in wants}
    assert not set(found.told) & set(found.filtered)
