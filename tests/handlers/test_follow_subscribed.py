"""Following builds for those who subscribed to them: Quay does not tell every failure."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.acts import Act
from bot.domain.digests import Rhythm
from bot.domain.errors import TryLater
from bot.domain.events import Phase
from bot.domain.people import Person
from bot.ports import Channel, Hook, LogLine
from bot.rules.policy import Decision, Effect
from handlers.jobs.follow_builds import Follower
from tests.handlers.conftest import START, Office
from tests.handlers.council import Rulings


@pytest.fixture
def follower() -> Follower:
    return Follower()


def subscribed(office: Office, channel: str = "C5", event: str = "build_failure", **facts: object) -> None:
    filter_ = facts.pop("filter", "")
    known = {"subscription": "S1", "person": office.alice, "filters": {channel: filter_} if filter_ else {}, **facts}
    number = len(office.trail.urls)
    office.trail.urls.append(Hook(f"H{number}", event, "acme/web", (channel,), START, **known))  # type: ignore[arg-type]


async def followed(office: Office, phase: Phase, **facts: object) -> None:
    office.has_build(phase, **facts)
    await office.watches.add("acme/web", office.build_id, office.alice, office.clock.now())


def told(office: Office) -> list[tuple[str, tuple[str, ...]]]:
    return [(event.kind, channels) for event, channels, _ in office.board.told]


async def test_a_failure_is_told_to_the_channels_that_subscribed_to_failures(office: Office, follower: Follower):
    subscribed(office)
    subscribed(office, "C6", "build_success")
    await followed(office, Phase.ERROR)
    await follower.run(office.desk)
    assert told(office) == [("build_failure", ("C5",))]
    assert office.watches.due == {}


@pytest.mark.parametrize(
    ("away", "note"), [(59, ""), (60, ""), (61, "recovered, 1 min late"), (180, "recovered, 3 min late")]
)
async def test_an_end_that_came_while_the_bot_was_away_says_how_late_it_is(
    office: Office, follower: Follower, away: int, note: str
):
    subscribed(office, "C5", "build_success")
    await followed(office, Phase.COMPLETE)
    office.clock.time += timedelta(seconds=away)
    await follower.run(office.desk)
    [(event, channels, _)] = office.board.told
    assert (event.note, event.recovered, channels) == (note, bool(note), ("C5",))


@pytest.mark.parametrize(
    ("phase", "event"),
    [
        (Phase.EXPIRED, "build_failure"),
        (Phase.COMPLETE, "build_success"),
        (Phase.CANCELLED, "build_cancelled"),
    ],
)
async def test_other_ends_are_told_as_what_quay_calls_them(
    office: Office, follower: Follower, phase: Phase, event: str
):
    subscribed(office, event=event)
    await followed(office, phase)
    await follower.run(office.desk)
    assert told(office) == [(event, ("C5",))]


async def test_a_running_build_is_told_to_nobody_who_does_not_see_it_already(office: Office, follower: Follower):
    subscribed(office)
    await followed(office, Phase.BUILDING)
    await follower.run(office.desk)
    assert told(office) == [("build_polled", ())]


async def test_an_internal_error_is_a_failure_only_when_it_is_final(office: Office, follower: Follower):
    subscribed(office)
    await followed(office, Phase.INTERNAL_ERROR)
    await follower.run(office.desk)
    await office.clock.sleep(601)
    await follower.run(office.desk)
    assert told(office) == [("build_polled", ()), ("build_failure", ("C5",))]


async def test_what_a_filter_a_pause_or_quiet_hours_keep_out_goes_to_the_trail(office: Office, follower: Follower):
    subscribed(office, "C5", filter="tag:release-*")
    subscribed(office, "C6", paused_until=START + timedelta(hours=1))
    subscribed(office, "C7")
    office.channels.kept["C7"] = Channel("C7", rhythm=Rhythm("UTC", quiet="08:00-20:00"))
    await followed(office, Phase.ERROR, tags=("v1",))
    await follower.run(office.desk)
    [telling] = office.board.released
    assert telling.channels == ()
    assert sorted(telling.filtered) == ["C5", "C6", "C7"]


async def test_each_channel_gets_its_layout_and_telling_it_again_makes_no_second_message(
    office: Office, follower: Follower
):
    subscribed(office, "C5", layout="thread")
    subscribed(office, "C6")
    subscribed(office, "C7", layout="thread")
    await followed(office, Phase.ERROR)
    await follower.run(office.desk)
    assert [(one.channels, one.layout) for one in office.board.released] == [(("C6",), ""), (("C5", "C7"), "thread")]
    assert {one.name for one in office.board.released} == {f"followed:{office.build_id}:build_failure"}


async def test_urls_for_the_bot_alone_and_those_of_no_subscription_are_told_nothing_more(
    office: Office, follower: Follower
):
    subscribed(office, "C5", silent=True)
    subscribed(office, "C6", subscription="")
    await followed(office, Phase.ERROR)
    await follower.run(office.desk)
    assert told(office) == [("build_failure", ())]


async def test_a_store_that_is_away_loses_no_failure(office: Office, follower: Follower, monkeypatch):
    subscribed(office)
    await followed(office, Phase.ERROR)

    async def away(subject: str, *, channel: str = "") -> tuple[Hook, ...]:
        raise TryLater("The database is away.")

    with monkeypatch.context() as patch:
        patch.setattr(office.trail, "hooks", away)
        await follower.run(office.desk)
    assert told(office) == []
    await office.clock.sleep(5)
    await follower.run(office.desk)
    assert told(office) == [("build_failure", ("C5",))]


class ClosedRoom(Rulings):
    """Nobody may show anything in C5."""

    async def decide(self, person: Person, username: str, quay: object, act: Act, channel: str) -> Decision:
        return Decision(Effect.DENY, "no") if channel == "C5" else self.decision


@pytest.mark.parametrize(("channel", "error"), [("C6", "returned 2"), ("C5", "")])
async def test_the_end_of_the_log_is_shown_only_if_the_policy_lets_every_channel_see_it(
    office: Office, follower: Follower, channel: str, error: str
):
    office.quay.logs[office.build_id] = (LogLine("cc: not found"), LogLine("returned 2", "error"))
    desk = replace(office.desk, gate=replace(office.desk.gate, policies=ClosedRoom()))
    subscribed(office, channel)
    await followed(office, Phase.ERROR)
    await follower.run(desk)
    [(event, channels, _)] = office.board.told
    assert (event.error, channels) == (error, (channel,))


async def test_nobody_reads_the_log_of_a_failure_that_nobody_sees(office: Office, follower: Follower):
    office.board.hangs = ()
    await followed(office, Phase.ERROR)
    await follower.run(office.desk)
    assert [call for call in office.quay.calls if call[1] == "build_log"] == []
    assert office.audit.lines == []
