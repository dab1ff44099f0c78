"""Somebody has left Slack, or the bot was thrown out: what belongs to them is forgotten."""

from collections.abc import Iterable

import structlog

from bot.domain.acts import Act, Outcome
from bot.domain.errors import BotError, GiveUp
from bot.domain.people import Person
from bot.services.references import new_reference
from handlers.banner_leaving import call_off
from handlers.command import Desk
from handlers.deciding import withdraw

log = structlog.stdlib.get_logger(__name__)


async def forget(people: Iterable[Person], desk: Desk) -> None:
    """Forget everything that belongs to these people; again is no harm.

    Raises BotError if the store is away. Whose account cannot be noted in the audit first is not forgotten.
    """
    for person in people:
        await _noted(person, desk)
        await withdraw(person, "Whoever asked for it has left.", desk)
        await call_off(person, "Whoever scheduled it has left.", desk)
        await let_go(person, desk)
        log.info("person_forgotten", team=person.team, user=person.user)


async def let_go(person: Person, desk: Desk) -> None:
    """Forget what is stored of them; of their subscriptions, the channels hear that nobody looks after them any more.

    Raises BotError if the store is away.
    """
    theirs = [one.name for one in await desk.subscriptions.all(person=person)]
    await desk.people.forget_all_of(person)
    if theirs:  # the look at each of them tells its channel
        await desk.subscriptions.hurry(theirs, desk.clock.now())


async def uninstalled(teams: Iterable[str], desk: Desk) -> None:
    """Forget everybody of these workspaces or organizations. Raises as `forget`.

    If that is where we live, then guests from elsewhere as well: nobody is left whom they could ask for something. No
    card can be changed any more, so requests are only withdrawn in the store.
    """
    leavers, everybody = {*teams}, await desk.people.everybody()
    if leavers & await _home(desk):
        for person in everybody:
            await _noted(person, desk)
        await desk.people.forget_everybody()  # whoever has only asked for something, or begun to link, as well
        log.info("everybody_forgotten", teams=sorted(leavers))
        return
    for team in sorted(leavers):
        for person in everybody:
            if person.team == team:
                await _noted(person, desk)
        await desk.people.forget_team(team)
        log.info("team_forgotten", team=team)


async def _noted(person: Person, desk: Desk) -> None:
    """A line in the audit, before the account is gone; whoever has none has nothing that acts."""
    try:
        account = await desk.people.of(person)
    except GiveUp:  # there is one that nobody can open
        username = ""
    else:
        if account is None:
            return
        username = account.username
    await desk.gate.audit.note(new_reference(), person, username, "", Act("forget", ""), Outcome.DONE)


async def _home(desk: Desk) -> frozenset[str]:
    """Our own workspace and organization, if that is still known: Slack tells it only as long as we are installed."""
    try:
        home = await desk.directory.home()
    except BotError as error:
        log.warning("home_unknown", why=str(error))
        return frozenset()
    return frozenset(filter(None, (home.team, home.enterprise)))
