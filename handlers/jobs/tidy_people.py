"""Once a day: has anybody with a linked account left Slack? Slack says so at once, but that can get lost."""

import structlog

from bot.domain.errors import GiveUp, TryLater
from bot.domain.people import Person
from handlers import leaving
from handlers.command import Desk, Job

log = structlog.stdlib.get_logger(__name__)

PACE = 1.0  # seconds between two questions: Slack takes a hundred a minute (facts §2), and nobody is in a hurry
_STRIDE = 997  # people by which the beginning moves on from day to day


async def run(desk: Desk) -> None:
    """Ask about everybody, and forget who is gone. Whoever cannot be asked about now is asked about tomorrow.

    Each day begins with somebody else, so that a round that is cut short does not always miss the same people.
    """
    now = desk.clock.now()
    if not await desk.once.first(f"tidy_people:{now:%Y-%m-%d}", now):
        return
    everybody = await desk.people.everybody()
    first = now.toordinal() * _STRIDE % max(len(everybody), 1)
    unknown = missed = 0
    for person in (*everybody[first:], *everybody[:first]):
        try:
            unknown += await _tidied(person, desk) is None
        except TryLater as error:  # of this one person, maybe: the others have nothing to do with it
            missed += 1
            log.warning("person_not_asked_about", user=person.user, why=str(error))
        await desk.clock.sleep(PACE)
    if unknown:
        log.warning("people_unknown", how_many=unknown, check="the scope users:read: print the manifest anew")
    if missed:
        log.warning("people_not_asked_about", how_many=missed, then="they are asked about tomorrow")


async def _tidied(person: Person, desk: Desk) -> bool | None:
    gone = await _gone(person, desk)
    if gone:
        await leaving.forget((person,), desk)
    return gone


async def _gone(person: Person, desk: Desk) -> bool | None:
    try:
        return (await desk.directory.profile(person.user)).deleted
    except GiveUp:  # the scope is missing, or it is a guest whom Slack does not show: no reason to forget anybody
        return None


JOB = Job(name="tidy_people", seconds=3600, run=run)  # it looks each hour whether today's round was made
