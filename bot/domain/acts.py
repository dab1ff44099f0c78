"""What somebody wants done in Quay, exact to the last parameter; and what came of it, for the audit."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.people import Person


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do.

    `name` is what policies and the audit call it: the words of the command ("build", "build cancel"). `target` is what
    it is done to: "ns/repo", "ns/repo:tag", "ns", "ns+robot", or "" for the registry as a whole. `parameters` decide,
    with `hidden`, what exactly happens; those in `hidden` may hold a secret (an archive's address) and are neither
    shown nor stored in clear. `reach` is what it is done to besides its target, as far as that has to be looked up: it
    is for the policy alone, and no part of what the act is.
    """

    name: str
    target: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    hidden: Mapping[str, str] = field(default_factory=dict, repr=False)
    reach: tuple[str, ...] = field(default=(), repr=False, compare=False)

    @classmethod
    def of(cls, name: str, target: str, parameters: Mapping[str, str]) -> "Act":
        """An act with those of the parameters that say something: one that is empty is as good as none."""
        return cls(name, target, {key: value for key, value in parameters.items() if value})

    def shown(self) -> str:
        """Name, target and parameters that may be shown, as stable JSON."""
        return json.dumps([self.name, self.target, dict(sorted(self.parameters.items()))], separators=(",", ":"))

    @property
    def repository(self) -> str:
        """The repository that it concerns, "" if it concerns none."""
        path = self.target.partition(":")[0]
        return path if "/" in path else ""

    @property
    def tag(self) -> str:
        """The tag that it is done to, "" if it is none."""
        return self.target.partition(":")[2]

    @property
    def log(self) -> str:
        """Whose usage log in Quay tells of it: the repository's, that of a robot's namespace, "" for none."""
        return self.repository or self.target.partition("+")[0]

    @property
    def targets(self) -> tuple[str, ...]:
        """What it is done to, one by one: "ns/repo:tag" for each of the tags (parameter "tags", between blanks)."""
        tags = self.parameters.get("tags", "").split()
        own = tuple(f"{self.repository}:{tag}" for tag in tags) if self.repository and tags else (self.target,)
        return own + self.reach


class Outcome(StrEnum):
    """What came of an act, or of a step towards it."""

    SHOWN = "shown"  # what would happen was shown; nothing is done until the person says yes
    TRIED = "tried"  # begun: if nothing follows, the process died meanwhile and it may have happened
    DONE = "done"
    REFUSED = "refused"  # Quay, or the bot on looking closer, said no
    FAILED = "failed"  # something broke: it may have happened if the detail says so
    DENIED = "denied"  # a policy said no
    UNLINKED = "unlinked"  # there was no account to act with
    ASKED = "asked"  # waits for approvals
    APPROVED = "approved"  # one vote
    REJECTED = "rejected"  # one vote, which ends the request
    WITHDRAWN = "withdrawn"  # whoever asked took it back
    EXPIRED = "expired"
    VOID = "void"  # what it was asked about has moved


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the audit, as it is written. `username` is the Quay account, "" for none. `detail` holds no secret.

    `quay_log` is the kind of entry that Quay's own usage log has for it, "" for none (facts §3); where it is one of
    several, with blanks between them.
    """

    at: datetime
    reference: str
    person: Person
    username: str
    channel: str
    act: Act
    outcome: Outcome
    detail: str = ""
    approval: str = ""
    quay_log: str = ""


class Stage(StrEnum):
    """Where a request for approval is."""

    OPEN = "open"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Vote:
    """One approver's yes, with the Quay account that they had then."""

    person: Person
    username: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """An act that waits for approvals.

    `name` is what people type ("K7PX4"). `pin` is the state of the target that was looked at, such as a tag's digest:
    if it has changed, the votes are void. `approvers` are who-words of the policy, `needed` is how many of them.
    `channel` is where it was asked, `place` where its card hangs. `reason` is why it is at its stage, `rule_reason` why
    the rule asks for approvals, in the policy's words.
    """

    name: str
    person: Person
    username: str
    channel: str
    place: str
    act: Act
    pin: str
    rule: str
    approvers: tuple[str, ...]
    needed: int
    reference: str
    created_at: datetime
    expires_at: datetime
    stage: Stage = Stage.OPEN
    reason: str = ""
    votes: tuple[Vote, ...] = ()
    rule_reason: str = ""
