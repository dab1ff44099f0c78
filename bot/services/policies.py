"""Applies the policy: reads the file when it changes, and finds out about people what its rules ask for."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import structlog

from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.domain.people import Person
from bot.ports import Clock, Directory, Quay
from bot.rules.act_names import Names
from bot.rules.policy import NOBODY_ASKED, Decision, Effect, Policy, decide, wanted
from bot.rules.policy_file import PolicyError, read
from bot.rules.who import Known, one_holds, split
from bot.services.knowing import Asking, known_of
from bot.services.verdicts import strictest

log = structlog.stdlib.get_logger(__name__)

_EVERY = 1.0  # seconds between two looks at the file
_NO_POLICY = "what the policy says, since its file cannot be read"


class PolicySource(Protocol):
    """Where the policy comes from."""

    @property
    def name(self) -> str:
        """What people call it."""

    def changed(self) -> str | None:
        """Its text, if it has changed since the last call; None otherwise. May block.

        Raises OSError when it cannot be read.
        """


@dataclass(slots=True)
class Policies:
    """What applies to whom. Without a source everything is allowed that Quay allows."""

    source: PolicySource | None
    directory: Directory
    clock: Clock
    names: Names = field(default_factory=Names)  # what acts are called
    trouble: str = ""  # why the file as it is now is not used; "" while it is
    _policy: Policy | None = field(default=None, init=False)
    _broken: str = field(default="", init=False)  # what is wrong with the text that was read last
    _looked: datetime | None = field(default=None, init=False)
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    async def load(self) -> None:
        """Read the policy for the first time. Raises UserError with everything that is wrong with it."""
        if self.source is not None and await self.current() is None:
            raise UserError(f"The policy file (POLICY_FILE) cannot be used:\n{self.trouble}")

    async def decide(self, person: Person, username: str, quay: Quay | None, act: Act, channel: str) -> Decision:
        """What the policy says about this act, on everything that it is done to; the strictest answer counts.

        Never guesses in favour of the person: see `Decision.unsure`. What is asked of Slack and Quay is asked once.
        `username` may be "" and `quay` None for somebody who has no account linked: what they decide is unknown then.
        """
        if self.source is None:
            return NOBODY_ASKED
        policy = await self.current()
        if policy is None:
            return Decision(Effect.DENY, unsure=_NO_POLICY)
        also, name = self.names.more(act), act.name
        words = frozenset[str]().union(*(wanted(policy, name, one, channel, also=also) for one in act.targets))
        known = await self._known(words, Asking(person, username, quay))
        return strictest([decide(policy, name, one, channel, known, also=also) for one in act.targets])

    async def is_one_of(self, person: Person, username: str, quay: Quay | None, who: Sequence[str]) -> bool | None:
        """Does one of these who-words hold for the person? None: it cannot be found out now."""
        return one_holds(who, await self._known(who, Asking(person, username, quay)))

    async def is_auditor(self, person: Person, username: str, quay: Quay | None) -> bool:
        """May they read everybody's audit?"""
        policy = await self.current()
        return policy is not None and await self.is_one_of(person, username, quay, policy.auditors) is True

    async def approvers(self) -> tuple[str, ...]:
        """The who-words of everybody who may approve anything now."""
        policy = await self.current()
        return tuple(dict.fromkeys(word for rule in policy.rules for word in rule.approvers)) if policy else ()

    async def may_approve(self, person: Person, username: str, quay: Quay | None) -> bool:
        """Is the person surely one of those who may approve anything now?"""
        return await self.is_one_of(person, username, quay, await self.approvers()) is True

    async def asks_about_quay_names(self) -> bool:
        """Does any rule go by how somebody is called in Quay?"""
        policy = await self.current()
        words = [word for rule in policy.rules for word in (*rule.who, *rule.unless)] if policy else []
        return any(split(word)[0] == "quay" for word in words)

    async def checked(self) -> str:
        """Look at the file, if it is time to; why it is not used as it is now, "" if it is."""
        await self.current()
        return self.trouble

    async def current(self) -> Policy | None:
        """The policy in force; None as long as there has never been one that could be read."""
        if self.source is None:
            return Policy()
        if self._policy is not None and (self._looking.locked() or not self._due()):
            return self._policy
        async with self._looking:
            if self._due():
                self._looked = self.clock.now()
                await self._look(self.source)
        return self._policy

    def _due(self) -> bool:
        return self._looked is None or abs((self.clock.now() - self._looked).total_seconds()) >= _EVERY

    async def _look(self, source: PolicySource) -> None:
        """Take what is in the file now; whatever is wrong with it, what was in force before stays in force."""
        try:
            text = await asyncio.to_thread(source.changed)
        except OSError as error:
            self._say(f"{source.name} cannot be read: {error.strerror or error}")
            return
        if text is not None:
            try:
                self._policy, self._broken = read(text, source.name), ""
                log.info("policy_read", rules=len(self._policy.rules), default=str(self._policy.default))
                for rule, pattern in self.names.idle(self._policy):
                    log.warning("rule_fits_no_command", rule=rule.name, pattern=pattern, then="quaybot policy check")
            except PolicyError as error:
                self._broken = str(error)
        self._say(self._broken)

    def _say(self, trouble: str) -> None:
        if trouble and trouble != self.trouble and self._policy is not None:
            log.error("policy_not_used", why=trouble, in_force="the one before")
        elif self.trouble and not trouble:
            log.info("policy_used_again")
        self.trouble = trouble

    async def _known(self, words: Iterable[str], asking: Asking) -> Known:
        return await known_of(words, asking, self.directory)
