"""Whose Quay account is whose: linking a token to a person, and finding it again for every call."""

from dataclasses import dataclass

from bot.domain.errors import BotError, Forbidden, Lacking, NeedsScope, NotLinked
from bot.domain.people import Account, Person, Way
from bot.ports import Accounts, Clock, Registry, Scopes

NOT_LINKED = "I do not know your Quay account yet."
REFUSED = (
    "Quay did not accept this token. It may be mistyped, expired or revoked, or it lacks the scope `user:read`. "
    "Make a new one in Quay and link it."
)
IMPLIED = {"repo:admin": frozenset({"repo:write", "repo:read"}), "repo:write": frozenset({"repo:read"})}
"""What a scope brings with it (facts §2.4)."""


@dataclass(frozen=True, slots=True)
class AccountBook:
    """The one way to a person's account. Nobody ever acts with somebody else's."""

    store: Accounts
    registry: Registry
    clock: Clock

    async def link(
        self, person: Person, token: str, way: Way = Way.PASTED, scopes: frozenset[str] | None = None
    ) -> Account:
        """Ask Quay whose token this is and store it for `person`, in place of an earlier one.

        `scopes` are those that Quay said it granted; None if nobody knows. Raises NotLinked (worded for somebody who
        just gave a token) when Quay refuses it; a token without the scope user:read is refused as well, although it is
        fine otherwise (facts §2.4). Nothing is stored on any error.
        """
        token = token.strip()
        try:
            owner = await self.registry.as_token(token).whoami()
        except NotLinked as error:
            raise NotLinked(REFUSED, detail=str(error)) from error
        account = Account(person, owner.username, self.clock.now(), token, way, scopes)
        await self.store.link(account)
        return account

    async def of(self, person: Person) -> Account:
        """The person's account with its token opened. Raises NotLinked if there is none."""
        account = await self.store.of(person)
        if account is None:
            raise NotLinked(NOT_LINKED)
        return account

    async def also(self, username: str, person: Person) -> tuple[Person, ...]:
        """Everybody else who acts as that Quay account."""
        return tuple(one for one in await self.store.of_username(username) if one != person)

    async def unlink(self, person: Person) -> bool:
        """Forget the person's token; False if there was none. The token itself stays valid at Quay."""
        return await self.store.forget(person)

    async def missing_scope(self, account: Account, error: Lacking) -> NeedsScope | None:
        """What to raise in place of `error`, if another token may mend it.

        Quay's refusal does not tell role from scope (facts §2.4): the scopes that it granted do, or else those that can
        be found out now. None if the token surely has the scope: `error` then says that it is the role. If nobody can
        tell, the words stay as they are and name both; only somebody who does not even see the repository has most
        likely misspelt its name.
        """
        scope = f"repo:{error.needs}"
        known = await self._scopes(account)
        if scope in known.lacks:
            return NeedsScope(without(scope, error), scopes=frozenset({scope}), detail=str(error))
        if scope in known.has:
            error.say = error.role or error.say
            return None
        unseen = error.needs == "read"
        return None if unseen else NeedsScope(error.say, scopes=frozenset({scope}), detail=str(error))

    async def missing_role(self, account: Account, error: NeedsScope) -> Forbidden | None:
        """What to raise in place of `error`, if the token surely has the scopes of that: linking is no cure."""
        if not error.scopes or not error.scopes <= (await self._scopes(account)).has:
            return None
        named = ", ".join(f"`{scope}`" for scope in sorted(error.scopes))
        return Forbidden(
            f"Your account in Quay may not do that: your token has the scope that it takes ({named}), so it is a role "
            "that is missing. Please ask somebody who is an admin there.",
            detail=str(error),
        )

    async def _scopes(self, account: Account) -> Scopes:
        if account.scopes is not None:
            has = account.scopes.union(*(IMPLIED.get(scope, frozenset()) for scope in account.scopes))
            return Scopes(has, frozenset({"repo:read", "repo:write", "repo:admin"}) - has)
        try:
            return await self.registry.as_token(account.token).scopes()
        except BotError:  # the refusal is what matters, not how well it can be explained
            return Scopes()


def without(scope: str, error: Lacking) -> str:
    """That the token lacks a scope, in words."""
    return (
        f"Your token was made without the scope `{scope}`, and it takes that to {error.does} in {error.repository}. "
        "Please link your account again, with that scope."
    )
