"""Approvals: an act that others have to agree to, from the request to the moment when it may run."""

from dataclasses import dataclass, replace

from bot.blocks.approval import Tally, asked
from bot.blocks.approval_whole import UNSEEN, not_shown
from bot.blocks.text import count
from bot.domain.acts import Outcome, Request, Stage, Vote
from bot.domain.errors import BotError, NotLinked, TryLater, UserError
from bot.domain.people import Account, Person
from bot.ports import Approvals, Clock, Quay
from bot.services.audit import AuditBook
from bot.services.gate import Gate, Going
from bot.services.hindrances import Already, Waits, in_short, stranger, unmoved
from bot.services.references import NAME, as_name, new_name
from bot.services.repeating import not_twice
from bot.services.stages import STOPPED, Kind, Stages, must_wait, shown
from bot.services.voting import CHANGED, STRANGER, Electorate, NoApprover, Over, tally_of

_MANY = 1000  # requests of one workspace that wait at the same time
_LISTED = 20  # of those that are looked for


@dataclass(frozen=True, slots=True)
class ApprovalBook:
    """Requests and votes. Who may vote is asked anew at each vote and once more before it runs."""

    store: Approvals
    gate: Gate
    audit: AuditBook
    clock: Clock

    @property
    def stages(self) -> Stages:
        """The way a request moves on."""
        return Stages(self.store, self.audit, self.clock)

    async def ask(self, going: Going, pin: str, kind: Kind) -> Request:
        """A new request for what `going` wants done; its card is queued, and the audit says so at the end.

        Raises UserError if the same waits already, if too much of this person waits, and if the card could not show
        everything that would run.
        """
        now, decision = self.clock.now(), going.decision
        waiting = await self.store.open(_MANY, person=going.person)
        not_twice(going.act, pin, [one for one in waiting if one.expires_at > now])
        request = Request(
            name=await self._free_name(),
            person=going.person,
            username=going.account.username,
            channel=going.channel,
            place=decision.place or going.channel or going.person.user,
            act=going.act,
            pin=pin,
            rule=decision.rule,
            rule_reason=decision.reason,
            approvers=decision.approvers,
            needed=max(1, decision.needed),
            reference=going.reference,
            created_at=now,
            expires_at=now + decision.expires,
        )
        if missing := not_shown(request, kind.says(request.act)):
            raise UserError(f"{missing} {UNSEEN}")
        await self.store.ask(request, shown(kind)(request))
        going.result.outcome, going.result.approval = Outcome.ASKED, request.name
        going.result.detail = f"rule {request.rule}, approvals needed: {request.needed}, bound to: {pin or 'nothing'}"
        return request

    async def find(self, word: str) -> Request:
        """The request of that name, as somebody typed it. Raises UserError if there is none."""
        name = as_name(word)
        request = await self.store.get(name) if NAME.fullmatch(name) else None
        if request is None:
            raise UserError(
                f"I know no request “{word[:40]}”. Its name stands on its card and looks like K7PX4. "
                "`/quay approve` alone lists what waits for you."
            )
        return request

    async def concerning(self, person: Person) -> tuple[Request, ...]:
        """What waits and was asked for by that person, or may be approved by them; the newest first, 20 at most."""
        account = await self.gate.accounts.store.of(person)
        now, found = self.clock.now(), list[Request]()
        may: dict[tuple[str, ...], bool] = {}  # who the approvers are is asked once, however many requests wait
        for request in await self.store.open(_MANY):
            if request.expires_at > now and await self._concerns(request, person, account, may):
                found.append(request)
            if len(found) == _LISTED:
                break
        return tuple(found)

    async def vote(self, request: Request, person: Person, kind: Kind) -> Request:
        """One more yes. Raises UserError that says why it does not count.

        What comes back is RUNNING for exactly one caller, whoever gave the last vote: it has to run it. It may also
        have ended, if there is nothing left to agree to. A press on what is over already is no act: the audit does not
        hear of it, or anybody could fill it.
        """
        must_wait(request, self.clock)
        try:
            vote, tally = await self._checked(request, person, kind)
        except Over as error:
            return await self.stages.end(request, error.stage, error.say, kind)
        except BotError as error:
            await self._uncounted(request, person, f"vote refused: {in_short(error)}")
            raise
        missing = tally.missing(request)
        if missing and any(one.person == person for one in request.votes):
            raise Already(f"You have approved {request.name} already. {count(missing, 'more approval')} needed.")
        await self.stages.note(request, person, vote.username, Outcome.APPROVED)
        try:
            return await self._count(request, vote, tally, kind)
        except BotError as error:
            await self._uncounted(request, person, f"vote refused: {in_short(error)}")
            raise

    async def deny(self, request: Request, person: Person, why: str, kind: Kind) -> Request:
        """A no, which ends the request; of whoever asked, it takes the request back. Raises UserError if it may not."""
        why = why.strip()[:500]
        must_wait(request, self.clock)
        try:
            username = await self._may_deny(request, person)
        except BotError as error:
            await self._uncounted(request, person, f"denial refused: {in_short(error)}")
            raise
        if person == request.person:
            return await self.stages.end(request, Stage.WITHDRAWN, why, kind, by=(person, username))
        said = f"Denied with the Quay account {username}{f': {why}' if why else '.'}"
        return await self.stages.end(request, Stage.REJECTED, said, kind, by=(person, username))

    async def recheck(self, request: Request, kind: Kind) -> tuple[Request, Tally]:
        """Everything once more, before it runs. It comes back RUNNING only if it may run now, with how it was agreed.

        Otherwise it waits again, and the card says why, or it has ended. Nothing has been done in Quay then.
        """
        people = Electorate(self.gate)
        tally = asked(request)
        try:
            quay = await people.requester(request)
            tally = await people.tally(request, quay)
            tally = replace(tally, off=await people.off(request, tally))
        except Over as error:
            return await self.stages.end(request, error.stage, error.say, kind), tally
        except BotError as error:
            return await self.stages.back(request, f"I could not check everything again. {error.say}", kind), tally
        if tally.missing(request):
            return await self.stages.back(request, "", kind, tally), tally
        return request, tally

    async def still(self, request: Request, tally: Tally, going: Going, kind: Kind) -> None:
        """The last look, in the gate, right before it runs. Raises Over or Waits if it may not run after all.

        The policy may have been read anew since `tally` was taken: what it says in the gate is what counts.
        """
        if going.account.username != request.username:
            raise Over(Stage.FAILED, CHANGED)
        now = tally_of(going.decision, request)
        if now != replace(tally, off={}):
            now = replace(now, off=await Electorate(self.gate).off(request, now))
            if now.missing(request):
                raise Waits("The policy has changed at this moment, and approvals are missing.", now)
        await unmoved(request, going.quay, kind)
        newest = await self.store.get(request.name)
        if newest is None or newest.stage is not Stage.RUNNING:
            raise Over(Stage.FAILED, STOPPED)

    async def _checked(self, request: Request, person: Person, kind: Kind) -> tuple[Vote, Tally]:
        """A vote that counts, beside those that count now."""
        if person.user == request.person.user:  # whatever workspace of an organization it comes through
            raise UserError("You have asked for this yourself: somebody else has to approve it.")
        people = Electorate(self.gate)
        account = await self.gate.accounts.of(person)
        quay = self.gate.registry.as_token(account.token)
        await quay.whoami()  # a dead token gets its link button
        # Somebody who can approve nothing of the kind costs whoever asked nothing: it is not even looked at.
        anybody = (*request.approvers, *await self.gate.policies.approvers())
        if await self.gate.policies.is_one_of(person, account.username, quay, anybody) is False:
            raise stranger(request, request.approvers)
        theirs = await people.requester(request)
        tally = await people.tally(request, theirs)
        vote = Vote(person, account.username, self.clock.now())
        if against := await people.against(request, tally, vote):
            if against == STRANGER:
                raise stranger(request, tally.approvers)
            raise UserError(f"Your approval of {request.name} does not count: {against}.")
        await unmoved(request, theirs, kind)
        tally = replace(tally, off=await people.off(request, tally))
        if person in tally.off:
            raise UserError(f"Your earlier approval of {request.name} does not count now: {tally.off[person]}.")
        if any(one.username == vote.username and one.person not in (person, *tally.off) for one in request.votes):
            raise UserError(f"The Quay account {vote.username} has agreed already. Somebody else has to approve, too.")
        return vote, tally

    async def _count(self, request: Request, vote: Vote, tally: Tally, kind: Kind) -> Request:
        """Add the vote, and let it run if that was the last one; all in one transaction."""
        now = self.clock.now()
        async with self.store.turn(request.name, shown(kind, tally), now) as turn:
            if turn is None:
                raise UserError("This request is not there any more.")
            must_wait(turn.request, self.clock)
            turn.vote(vote)
            if tally.missing(turn.request) == 0:
                turn.move(Stage.RUNNING, "", now)
            elif turn.request.reason:
                turn.move(Stage.OPEN, "", now)
            return turn.request

    async def _uncounted(self, request: Request, person: Person, why: str) -> None:
        """A line in the audit about somebody's yes or no that does not count, whose it was in Quay if that is known."""
        try:
            username, outcome = (await self.gate.accounts.of(person)).username, Outcome.REFUSED
        except NotLinked:
            username, outcome = "", Outcome.UNLINKED
        except BotError:  # no key opens their account
            username, outcome = "", Outcome.REFUSED
        await self.stages.note(request, person, username, outcome, why)

    async def _may_deny(self, request: Request, person: Person) -> str:
        """The Quay account by which somebody may say no. Raises UserError if they may not."""
        if person == request.person:
            return request.username
        account = await self.gate.accounts.of(person)
        quay = self.gate.registry.as_token(account.token)
        await quay.whoami()  # a dead token says nothing about anybody
        if not await self._is_approver(request, person, account, quay):
            raise NoApprover(f"Only its approvers, or whoever asked, can deny {request.name}.", request.approvers)
        return account.username

    async def _is_approver(self, request: Request, person: Person, account: Account, quay: Quay) -> bool:
        """By the rule as it was when it was asked: who could have agreed can say no as well."""
        if account.username == request.username:
            return False
        return await self.gate.policies.is_one_of(person, account.username, quay, request.approvers) is True

    async def _concerns(
        self, request: Request, person: Person, account: Account | None, may: dict[tuple[str, ...], bool]
    ) -> bool:
        if person == request.person:
            return True
        if account is None or account.username == request.username:
            return False
        if request.approvers not in may:
            quay = self.gate.registry.as_token(account.token)
            may[request.approvers] = await self._is_approver(request, person, account, quay)
        return may[request.approvers]

    async def _free_name(self) -> str:
        for _ in range(20):
            name = new_name()
            if await self.store.get(name) is None:
                return name
        raise TryLater("I could not find a name for this request. Please try again.")
