"""Once a day: who has left without anybody telling us? And what lies around is swept up."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.domain.errors import GiveUp, TryLater
from handlers.jobs import sweep_links, tidy_people


@pytest.fixture
def two(office):
    """Alice and Bob have linked their accounts."""
    office.links_bob()
    return office


async def test_whoever_slack_calls_deactivated_is_forgotten(two):
    two.directory.gone = {two.bob.user}
    await tidy_people.run(two.desk)
    assert set(two.accounts.kept) == {two.alice}
    assert two.accounts.forgotten == [two.bob]


async def test_slack_is_asked_once_a_day_and_at_an_easy_pace(two):
    for _ in range(3):
        await tidy_people.run(two.desk)
    assert sorted(two.directory.asked) == [two.alice.user, two.bob.user]
    assert two.clock.now() - two.start >= timedelta(seconds=2)
    two.clock.time += timedelta(days=1)
    await tidy_people.run(two.desk)
    assert len(two.directory.asked) == 4


async def test_whom_slack_does_not_tell_about_is_not_forgotten_and_the_operator_hears_of_it(two):
    two.directory.errors[two.alice.user] = GiveUp("The scope users:read is missing.")
    two.directory.gone = {two.bob.user}
    with capture_logs() as logs:
        await tidy_people.run(two.desk)
    assert set(two.accounts.kept) == {two.alice}
    (entry,) = [entry for entry in logs if entry["event"] == "people_unknown"]
    assert (entry["how_many"], "users:read" in entry["check"]) == (1, True)


async def test_while_slack_is_away_nobody_is_forgotten(two):
    two.directory.errors = {person.user: TryLater("Slack does not answer.") for person in (two.alice, two.bob)}
    with capture_logs() as logs:
        await tidy_people.run(two.desk)
    assert set(two.accounts.kept) == {two.alice, two.bob}
    assert [entry["how_many"] for entry in logs if entry["event"] == "people_not_asked_about"] == [2]


@pytest.mark.parametrize("odd", ["alice", "bob"])
async def test_one_person_of_whom_nothing_is_heard_stops_nobody_elses_turn(two, odd):
    silent, gone = (two.alice, two.bob) if odd == "alice" else (two.bob, two.alice)
    two.directory.errors[silent.user] = TryLater("Slack's answer is incomplete.")
    two.directory.gone = {gone.user}
    await tidy_people.run(two.desk)
    assert set(two.accounts.kept) == {silent}


async def test_whoever_cannot_be_forgotten_now_is_forgotten_the_day_after(two):
    two.directory.gone = {two.bob.user}
    two.audit.error = TryLater("The database is away.")
    await tidy_people.run(two.desk)
    assert two.bob in two.accounts.kept
    two.audit.error = None
    two.clock.time += timedelta(days=1)
    await tidy_people.run(two.desk)
    assert set(two.accounts.kept) == {two.alice}


async def test_each_day_begins_with_somebody_else(two):
    firsts = set()
    for _ in range(2):
        two.directory.asked.clear()
        await tidy_people.run(two.desk)
        firsts.add(two.directory.asked[0])
        two.clock.time += timedelta(days=1)
    assert firsts == {two.alice.user, two.bob.user}


async def test_attempts_that_are_over_and_what_nobody_comes_back_to_are_forgotten(office):
    await sweep_links.run(office.desk)
    assert office.linking.links.swept == [office.start]
    assert office.kept.swept == [office.start - timedelta(minutes=15)]
