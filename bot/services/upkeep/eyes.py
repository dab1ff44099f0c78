"""The bot's own look at Quay between commands, with the account of whoever looks after a subscription.

It reads, and lets Quay send its test call: nothing else. What is changed goes through the gate.
"""

from bot.domain.people import Person
from bot.ports import Quay, Registry
from bot.services.accounts import AccountBook


async def eyes(person: Person, accounts: AccountBook, registry: Registry) -> Quay:
    """Quay as that person sees it. Raises NotLinked."""
    return registry.as_token((await accounts.of(person)).token)
