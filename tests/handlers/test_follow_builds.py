"""Following the builds that people requested."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.acts import Act, Outcome
from bot.domain.errors import GiveUp, NotLinked, TryLater, UserError
from bot.domain.events import Phase, Progress
from bot.ports import LogLine
from bot.rules.policy import NOBODY_ASKED, Decision, Effect
from handlers.jobs.follow_builds import Follower, pause
from tests.handlers.council import Rulings


@pytest.fixture
def follower():
    return Follower()


async def followed(office, phase: Phase = Phase.BUILDING, **facts):
    office.has_build(phase, **facts)
    await office.watches.add("acme/web", office.build_id, office.alice, office.clock.now())


def due(office) -> timedelta:
    return office.watches.due[office.build_id][1] - office.clock.now()


async def test_a_running_build_is_told_with_its_progress_and_looked_at_again(office, follower):
    await followed(office, progress=Progress(step=3, steps=9))
    await follower.run(office.desk)
    [(event, channels, asker)] = office.board.told
    assert (event.kind, event.phase, event.polled, event.progress) == (
        "build_polled",
        Phase.BUILDING,
        True,
        Progress(step=3, steps=9),
    )
    assert (channels, asker) == ((), None)
    assert due(office) == timedelta(seconds=2)


async def test_the_account_of_the_person_who_asked_is_used(office, follower):
    office.links_bob()
    office.has_build()
    await office.watches.add("acme/web", office.build_id, office.bob, office.clock.now())
    await follower.run(office.desk)
    assert {call[0] for call in office.quay.calls} == {"token-bob"}


@pytest.mark.parametrize("phase", [Phase.COMPLETE, Phase.ERROR, Phase.CANCELLED, Phase.EXPIRED])
async def test_a_finished_build_is_told_once_and_followed_no_longer(office, follower, phase):
    await followed(office, phase)
    await follower.run(office.desk)
    assert [event.phase for event, *_ in office.board.told] == [phase]
    assert office.watches.due == {}


async def test_a_failed_build_is_told_with_the_end_of_the_failing_step(office, follower):
    await followed(office, Phase.ERROR)
    office.quay.logs[office.build_id] = (
        LogLine("Step 2/2 : RUN make", "command"),
        LogLine("cc: not found"),
        LogLine("returned 2", "error"),
    )
    await follower.run(office.desk)
    event = office.board.told[0][0]
    assert (event.error, event.log_tail) == ("returned 2", ("Step 2/2 : RUN make", "cc: not found", "returned 2"))


@pytest.mark.parametrize("error", [UserError("Readers may not."), TryLater("away"), GiveUp("odd")])
async def test_a_failed_build_is_told_even_when_its_log_cannot_be_read(office, follower, error):
    await followed(office, Phase.ERROR, error="It broke.")
    office.quay.errors["build_log"] = error
    await follower.run(office.desk)
    event = office.board.told[0][0]
    assert (event.error, event.log_tail) == ("It broke.", ())
    assert office.watches.due == {}


async def test_what_is_told_already_is_not_told_again_for_a_minute(office, follower):
    await followed(office)
    for _ in range(10):
        await follower.run(office.desk)
        await office.clock.sleep(5)
    assert len(office.board.told) == 1
    await office.clock.sleep(15)
    await follower.run(office.desk)
    assert len(office.board.told) == 2


async def test_an_internal_error_is_followed_while_quay_may_start_it_again(office, follower):
    await followed(office, Phase.INTERNAL_ERROR)
    await follower.run(office.desk)
    await office.clock.sleep(300)
    office.has_build(Phase.WAITING)
    await follower.run(office.desk)
    assert [event.phase for event, *_ in office.board.told] == [Phase.INTERNAL_ERROR, Phase.WAITING]
    assert office.build_id in office.watches.due


async def test_an_internal_error_of_ten_minutes_is_the_end(office, follower):
    await followed(office, Phase.INTERNAL_ERROR)
    await follower.run(office.desk)
    await office.clock.sleep(599)
    await follower.run(office.desk)
    assert office.build_id in office.watches.due
    await office.clock.sleep(60)
    await follower.run(office.desk)
    assert office.watches.due == {}


async def test_a_late_internal_error_gets_its_ten_minutes_too(office, follower):
    await followed(office)
    await office.clock.sleep(3600)
    office.has_build(Phase.INTERNAL_ERROR)
    await follower.run(office.desk)
    assert office.build_id in office.watches.due


def test_the_longer_it_runs_the_rarer_it_is_looked_at():
    ages = (0, 59, 60, 299, 300, 1799, 1800, 80_000)
    assert [pause(timedelta(seconds=age)).seconds for age in ages] == [2, 2, 5, 5, 15, 15, 60, 60]


async def test_a_build_is_given_up_after_a_day(office, follower):
    await followed(office)
    await office.clock.sleep(24 * 3600 + 1)
    await follower.run(office.desk)
    assert (office.watches.due, office.quay.calls, office.board.told) == ({}, [], [])


@pytest.mark.parametrize("error", [NotLinked("dead"), UserError("You may not.")])
async def test_who_may_not_look_any_more_follows_no_longer(office, follower, error):
    await followed(office)
    office.quay.errors["build"] = error
    await follower.run(office.desk)
    assert office.watches.due == {}
    [(event, channels, _)] = office.board.told
    assert event.note.startswith("quaybot no longer follows this build")
    assert (event.phase, event.polled, channels) == (Phase.WAITING, False, ())  # no word about how the build is


async def test_an_unlinked_account_ends_the_following(office, follower):
    await followed(office)
    await office.accounts.forget(office.alice)
    await follower.run(office.desk)
    assert office.watches.due == {}
    assert [event.note[:25] for event, *_ in office.board.told] == ["quaybot no longer follows"]


@pytest.mark.parametrize(
    ("error", "seconds"), [(TryLater("away"), 5), (TryLater("away", after=60), 5), (GiveUp("odd"), 60)]
)
async def test_trouble_at_quay_is_waited_out(office, follower, error, seconds):
    await followed(office)
    office.quay.errors["build"] = error
    await follower.run(office.desk)
    assert due(office) == timedelta(seconds=seconds)


async def test_one_broken_watch_does_not_stop_the_others(office, follower):
    await followed(office)
    await office.watches.add("acme/web", "gone", office.bob, office.clock.now())
    office.links_bob()
    office.accounts.kept.pop(office.alice)
    del office.quay.users["token-bob"]
    office.quay.builds["gone"] = office.quay.builds.pop(office.build_id)
    await follower.run(office.desk)
    assert sorted(bool(event.note) for event, *_ in office.board.told) == [False, True]  # the good one, the broken one


async def test_an_unexpected_error_with_one_build_leaves_the_others_alone(office, follower):
    class Picky(dict):
        def __contains__(self, build):
            if build == "bad":
                raise ZeroDivisionError
            return super().__contains__(build)

    office.quay.builds = Picky()
    await office.watches.add("acme/web", "bad", office.alice, office.clock.now())
    await followed(office)
    await follower.run(office.desk)
    assert len(office.board.told) == 1
    assert office.watches.due["bad"][1] == office.clock.now() + timedelta(seconds=60)


def judged(office, **decision):
    rulings = Rulings(Decision(**decision))
    office.desk = replace(office.desk, gate=replace(office.desk.gate, policies=rulings))
    return rulings


def log_lines(office) -> list[Outcome]:
    return [line.deed.outcome for line in office.audit.lines if line.deed.act.name == "build logs"]


@pytest.mark.parametrize(
    ("effect", "outcomes"),
    [(Effect.DENY, [Outcome.DENIED]), (Effect.APPROVE, [Outcome.TRIED, Outcome.REFUSED])],
)
async def test_a_card_shows_no_end_of_a_log_that_its_asker_may_not_read(office, follower, effect, outcomes):
    rulings = judged(office, effect=effect, rule="no logs")
    await followed(office, Phase.ERROR)
    office.quay.logs[office.build_id] = (LogLine("secret", "error"),)
    await follower.run(office.desk)
    event = office.board.told[0][0]
    assert (event.phase, event.error, event.log_tail) == (Phase.ERROR, "", ())
    assert rulings.asked == [Act("build logs", "acme/web", {"build": office.build_id})]
    assert log_lines(office) == outcomes
    assert office.watches.due == {}


async def test_every_channel_where_the_card_hangs_has_to_allow_it(office, follower):
    class Lounge(Rulings):
        async def decide(self, person, username, quay, act, channel):
            return Decision(Effect.DENY, "lounge") if channel == "C2" else NOBODY_ASKED

    office.desk = replace(office.desk, gate=replace(office.desk.gate, policies=Lounge()))
    office.board.hangs = ("C1", "C2")
    await followed(office, Phase.ERROR)
    office.quay.logs[office.build_id] = (LogLine("secret", "error"),)
    await follower.run(office.desk)
    assert office.board.told[0][0].log_tail == ()
    assert log_lines(office) == [Outcome.DENIED]


async def test_the_log_of_a_failure_is_read_once_and_stands_in_the_audit_once(office, follower):
    await followed(office, Phase.INTERNAL_ERROR)
    office.quay.logs[office.build_id] = (LogLine("Step 1/1", "command"), LogLine("it broke", "error"))
    for _ in range(3):
        await follower.run(office.desk)
        await office.clock.sleep(61)
    assert [event.error for event, *_ in office.board.told] == ["it broke"] * 3
    assert log_lines(office) == [Outcome.TRIED, Outcome.DONE]
    assert {line.deed.person for line in office.audit.lines} == {office.alice}


async def test_after_a_new_start_the_log_is_read_again(office, follower):
    await followed(office, Phase.INTERNAL_ERROR)
    for phase in (Phase.INTERNAL_ERROR, Phase.BUILDING, Phase.INTERNAL_ERROR):
        office.has_build(phase)
        await follower.run(office.desk)
        await office.clock.sleep(61)
    assert log_lines(office) == [Outcome.TRIED, Outcome.DONE] * 2
