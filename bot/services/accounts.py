"""Whose Quay account is whose: linking a token to a person, and finding it again for every call."""

from dataclasses import dataclass

from bot.domain.errors import NotLinked
from bot.domain.people import Account, Person
from bot.ports import Accounts, Clock, Registry

NOT_LINKED = "I do not know your Quay account yet. Link it once, then try again."
REFUSED = (
    "Quay did not accept this token. It may be mistyped, expired or revoked, or it lacks the scope `user:read`. "
    "Make a new one in Quay and link it."
)


@dataclass(frozen=True, slots=True)
class AccountBook:
    """The one way to a person's account. Nobody ever acts with somebody else's."""

    store: Accounts
    registry: Registry
    clock: Clock

    async def link(self, person: Person, token: str) -> Account:
        """Ask Quay whose token this is and store it for `person`, in place of an earlier one.

        Raises NotLinked (worded for somebody who just gave a token) when Quay refuses it; a token without the scope
        user:read is refused as well, although it is fine otherwise (facts §2.4). Nothing is stored on any error.
        """
        token = token.strip()
        try:
            owner = await self.registry.as_token(token).whoami()
        except NotLinked as error:
            raise NotLinked(REFUSED, detail=str(error)) from error
        account = Account(person=person, username=owner.username, linked_at=self.clock.now(), token=token)
        await self.store.link(account)
        return account

    async def of(self, person: Person) -> Account:
        """The person's account with its token opened. Raises NotLinked if there is none."""
        account = await self.store.of(person)
        if account is None:
            raise NotLinked(NOT_LINKED)
        return account

    async def unlink(self, person: Person) -> bool:
        """Forget the person's token; False if there was none. The token itself stays valid at Quay."""
        return await self.store.forget(person)
