"""Whether a request for approval may still go on, and whose votes count for it now. Nothing here changes anything."""

from dataclasses import dataclass

from bot.blocks.approval import Agreed, Tally
from bot.domain.acts import Act, Request, Stage, Vote
from bot.domain.errors import Denied, GiveUp, NotLinked, TryLater, UserError
from bot.domain.people import Person
from bot.ports import Quay
from bot.rules.policy import Decision, Effect
from bot.services.gate import Gate

UNLINKED = "Whoever asked for this has no working Quay account linked any more. They can link one and ask again."
CHANGED = "Whoever asked for this uses another Quay account now. They can ask again with that one."
STRANGER = "not an approver"
UNSURE = "I cannot find out now who its approvers are"


class NoApprover(UserError):
    """Somebody whose yes or no does not count. `approvers` are the who-words of those whose does."""

    def __init__(self, say: str, approvers: tuple[str, ...]) -> None:
        super().__init__(say)
        self.approvers = approvers


class Over(UserError):
    """The request ends: it can never run any more. `stage` is how."""

    def __init__(self, stage: Stage, say: str, *, detail: str = "") -> None:
        super().__init__(say, detail=detail)
        self.stage = stage


@dataclass(frozen=True, slots=True)
class Electorate:
    """Asks about people anew each time: what was true when somebody asked or voted may not be true any more."""

    gate: Gate

    async def requester(self, request: Request) -> Quay:
        """Quay as whoever asked sees it, with a token that works. Raises Over if it is not theirs any more."""
        try:
            account = await self.gate.accounts.of(request.person)
            quay = self.gate.registry.as_token(account.token)
            owner = await quay.whoami()
        except NotLinked as error:
            raise Over(Stage.FAILED, UNLINKED, detail=str(error)) from error
        if {account.username, owner.username} != {request.username}:
            raise Over(Stage.FAILED, CHANGED)
        return quay

    async def tally(self, request: Request, quay: Quay) -> Tally:
        """What the policy asks for now. Raises Over if it does not allow the act any more, TryLater if nobody knows.

        What cannot be found out for a moment must not end what others have agreed to. If no rule asks for approvals any
        more, what was asked for at first still holds.
        """
        try:
            decision = await self.gate.decide(request.act, request.person, request.username, quay, request.channel)
        except Denied as error:
            if error.unsure:
                raise TryLater(error.say, detail=str(error)) from error
            raise Over(Stage.FAILED, error.say, detail=str(error)) from error
        return tally_of(decision, request)

    async def approvers(self, act: Act, person: Person, username: str, channel: str) -> tuple[str, ...]:
        """Whom the policy asks now when that person wants this, as who-words; none if it asks nobody, or says no.

        If nobody has the key to their account, what the policy asks Quay about them counts against them.
        """
        try:
            quay = self.gate.registry.as_token((await self.gate.accounts.of(person)).token)
        except (NotLinked, GiveUp):
            quay = None
        act = await self.gate.reaching(act)
        return (await self.gate.policies.decide(person, username, quay, act, channel)).approvers

    async def off(self, request: Agreed, tally: Tally) -> dict[Person, str]:
        """Whose votes do not count now, and why."""
        found = {vote.person: await self.against(request, tally, vote) for vote in request.votes}
        return {person: why for person, why in found.items() if why}

    async def against(self, request: Agreed, tally: Tally, vote: Vote) -> str:
        """Why this vote does not count now; "" if it does. Raises TryLater or GiveUp if that cannot be found out."""
        if vote.person.user == request.person.user:
            return "nobody can approve what they have asked for"
        try:
            account = await self.gate.accounts.of(vote.person)
            quay = self.gate.registry.as_token(account.token)
            owner = await quay.whoami()
        except NotLinked:
            return "there is no working Quay account linked any more"
        if request.username in (owner.username, account.username):
            return "this is the Quay account of whoever asked"
        if vote.username != account.username or owner.username != account.username:
            return "another Quay account is linked now"
        holds = await self.gate.policies.is_one_of(vote.person, account.username, quay, tally.approvers)
        if holds is None:
            return UNSURE
        return "" if holds else STRANGER


def tally_of(decision: Decision, request: Request) -> Tally:
    """How many, whose and by which rule, as the policy says now."""
    if decision.effect is Effect.APPROVE:
        return Tally(max(1, decision.needed), decision.approvers, decision.rule)
    return Tally(request.needed, request.approvers, request.rule)
