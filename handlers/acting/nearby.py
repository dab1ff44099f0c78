"""The repository that somebody meant who misspelt its name: one of those that their own account sees anyway."""

from bot.domain.acts import Act
from bot.domain.errors import BotError, Lacking, Unseen
from bot.domain.people import Person
from bot.rules.policy import Effect
from handlers.command import Desk
from handlers.grammar import closest

_LISTING = "repos"  # the act by which they could look themselves: the policy is asked about it


async def hinted(error: Unseen | Lacking, person: Person, channel: str, desk: Desk) -> None:
    """Say in the error which repository of the same namespace is called nearly so, if they see one. Raises nothing.

    Quay is asked once, with the person's own account.
    """
    if isinstance(error, Lacking) and error.needs != "read":  # they do see it
        return
    namespace, _, name = error.repository.partition("/")
    try:
        account = await desk.accounts.of(person)
        quay = desk.registry.as_token(account.token)
        decision = await desk.gate.decide(Act(_LISTING, namespace), person, account.username, quay, channel)
        if decision.effect is not Effect.ALLOW or decision.unsure:
            return
        names = [one.name.partition("/")[2] for one in (await quay.repositories.page(namespace)).rows]
    except BotError:  # it only would have been said better
        return
    if guess := closest(name, [one for one in names if one != name]):
        error.say = f"{error.say} Did you mean `{namespace}/{guess}`?"
