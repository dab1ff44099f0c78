"""The gate: the one way by which anything is done in Quay for a person.

Whose account, what the policy says, and a line in the audit before and after: nobody goes around it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import structlog

from bot.domain.acts import Act, Outcome
from bot.domain.errors import Denied, Lacking, NeedsScope, NotLinked
from bot.domain.people import Account, Person
from bot.ports import Clock, Quay, Registry
from bot.rules.policy import Decision, Effect
from bot.services.accounts import AccountBook
from bot.services.audit import AuditBook
from bot.services.noting import Lines, Result
from bot.services.policies import Policies
from bot.services.references import new_reference
from bot.services.verdicts import denial, strictest

log = structlog.stdlib.get_logger(__name__)

Resolve = Callable[[Act, Quay], Awaitable[Act]]
Reach = Callable[[Act], Awaitable[tuple[str, ...]]]

RENAMED = "Your Quay account is called `{now}` now, and I know it as `{then}`. Please link it again, then try again."


@dataclass(frozen=True, slots=True)
class Going:
    """Somebody who is through the gate: with their own account, for this act only."""

    person: Person
    channel: str
    act: Act
    account: Account = field(repr=False)
    quay: Quay = field(repr=False)
    reference: str
    decision: Decision
    approval: str = ""
    result: Result = field(default_factory=Result, compare=False)


async def nothing_more(_act: Act) -> tuple[str, ...]:
    """The reach of acts that are done to their target alone."""
    return ()


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets people through, and writes down who went and what came of it.

    `reach` finds what else an act is done to (Act.reach), for the policy.
    """

    accounts: AccountBook
    registry: Registry
    policies: Policies
    audit: AuditBook
    clock: Clock
    reach: Reach = nothing_more

    @asynccontextmanager
    async def entering(  # noqa: PLR0913 - whoever goes through says what is special about it
        self,
        act: Act,
        person: Person,
        channel: str,
        *,
        quay_log: str = "",
        approval: str = "",
        reference: str = "",
        resolve: Resolve | None = None,
        also: Sequence[str] = (),
    ) -> AsyncIterator[Going]:
        """Through the gate for one act; what the block raises (or not) is what came of it.

        Raises NotLinked without an account, Denied when the policy says no, and TryLater when the audit cannot be
        written: then nothing is done. In the block the policy may still ask for approvals: see `Going.decision`.
        `resolve` only reads, with the person's own account, and fills in what the words left open: policy and audit
        are about exactly what will be done. `also` are more channels that see what comes of it: the policy has to agree
        to each. Every error leaves with the attribute `reference`, by which its lines are found.
        """
        lines = Lines(self.audit, act, person, channel, quay_log=quay_log, result=Result(approval=approval))
        lines.reference = reference or lines.reference
        account: Account | None = None
        try:
            account = await self.accounts.of(person)
            lines.username = account.username
            quay = self.registry.as_token(account.token)
            await self._same_name(account, quay)
            if resolve is not None:
                lines.act = await resolve(act, quay)
            decision = await self.decide(lines.act, person, account.username, quay, channel, *also)
            await lines.begin()
            yield Going(person, channel, lines.act, account, quay, lines.reference, decision, approval, lines.result)
        except (Exception, asyncio.CancelledError) as error:
            told = await self._told(error, account)
            nobody = account is None and isinstance(told, NotLinked)
            await lines.failed(told, Outcome.UNLINKED if nobody else None)
            if told is not error:
                raise told from error
            raise
        else:
            await lines.done()

    async def linked(self, act: Act, person: Person, channel: str) -> None:
        """Nothing, if the person has an account; else the attempt is written down. Raises NotLinked then."""
        try:
            await self.accounts.of(person)
        except NotLinked as error:
            await self.audit.note(new_reference(), person, "", channel, act, Outcome.UNLINKED, detail=error.say)
            raise

    async def decide(self, act: Act, person: Person, username: str, quay: Quay, *channels: str) -> Decision:
        """What the policy says about everything that the act is done to, in all of these channels.

        Raises Denied if it says no to any of it.
        """
        act = await self.reaching(act)
        decision = strictest([await self.policies.decide(person, username, quay, act, one) for one in channels])
        if decision.effect is Effect.DENY:
            raise Denied(denial(decision, act), rule=decision.rule, unsure=bool(decision.unsure))
        return decision

    async def reaching(self, act: Act) -> Act:
        """The act with all that it is done to, as the policy has to see it."""
        return replace(act, reach=await self.reach(act)) if not act.reach else act

    async def _same_name(self, account: Account, quay: Quay) -> None:
        """Raises NotLinked if the account was renamed in Quay and the policy goes by names: its rules would miss."""
        if not await self.policies.asks_about_quay_names():
            return
        now = (await quay.whoami()).username
        if now != account.username:
            raise NotLinked(RENAMED.format(now=now, then=account.username))

    async def _told(self, error: BaseException, account: Account | None) -> BaseException:
        """The error, or a better one: linking anew mends a token without a scope, but no missing role."""
        if not isinstance(error, Lacking | NeedsScope) or account is None:
            return error
        try:
            if isinstance(error, NeedsScope):
                return await self.accounts.missing_role(account, error) or error
            return await self.accounts.missing_scope(account, error) or error
        except Exception:  # it only would have been worded better
            log.exception("scope_unknown", user=account.person.user)
            return error
