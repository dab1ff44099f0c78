"""A request for approval as a row and back, and the turn of whoever changes it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.adapters.store.columns import clean
from bot.adapters.store.owners import key_of, owner, packed, unpacked
from bot.adapters.store.vault import Vault, needed, of_hidden
from bot.domain.acts import Act, Request, Stage, Vote
from bot.domain.errors import GiveUp

NO_KEYS = (
    "This cannot wait for an approval: it holds a secret that has to be stored meanwhile. "
    "The operator of this bot has to set SECRET_KEYS first."
)
CANNOT_OPEN = (
    "The vault cannot be opened: what {name} would do was sealed with a key that is not in SECRET_KEYS any more, "
    "or it was changed. Ask for it anew, or ask the operator to put the old key back at the end of SECRET_KEYS."
)


class Hidden(Mapping[str, str]):
    """Sealed parameters: opened whenever they are read, and not kept. Reading raises GiveUp if they do not open."""

    def __init__(self, vault: Vault | None, row: Any) -> None:
        self._vault, self._name, self._sealed = vault, row.name, row.hidden
        self._binding = of_hidden(row.name, owner(row), row.act, row.target)

    def __getitem__(self, name: str) -> str:
        return self._opened()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._opened())

    def __len__(self) -> int:
        return len(self._opened())

    def _opened(self) -> dict[str, str]:
        try:
            return unpacked(needed(self._vault, NO_KEYS).open(self._sealed, self._binding))
        except GiveUp as error:
            raise GiveUp(CANNOT_OPEN.format(name=self._name), detail=str(error)) from error


class Turn:
    """Implements ports.ApprovalTurn: remembers what has to be stored."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.new: list[Vote] = []
        self.moved_at: datetime | None = None

    @property
    def changed(self) -> bool:
        """Whether there is anything to store."""
        return bool(self.new) or self.moved_at is not None

    def vote(self, vote: Vote) -> None:
        """Add a vote; a second one of the same person changes nothing."""
        if vote.person not in {earlier.person for earlier in self.request.votes}:
            self.new.append(vote)
            self.request = replace(self.request, votes=(*self.request.votes, vote))

    def move(self, stage: Stage, reason: str, now: datetime) -> None:
        """Go on to another stage."""
        self.request = replace(self.request, stage=stage, reason=reason)
        self.moved_at = now


def row_of(request: Request, vault: Vault | None) -> dict[str, Any]:
    """The row of a new request. Raises UserError when it has hidden parameters and there is no key to seal them."""
    act, sealed = request.act, None
    if act.hidden:
        binding = of_hidden(request.name, request.person, act.name, act.target)
        sealed = needed(vault, NO_KEYS).seal(packed(act.hidden), binding)
    what = {"act": act.name, "target": act.target, "parameters": packed(act.parameters), "hidden": sealed}
    named = {"rule": request.rule, "rule_reason": request.rule_reason}
    rule = named | {"approvers": json.dumps([clean(word) for word in request.approvers])}
    same = ("name", "username", "channel", "place", "pin", "needed", "reference", "reason", "created_at", "expires_at")
    copied = {name: getattr(request, name) for name in same}
    state = {"stage": request.stage.value, "moved_at": request.created_at}
    return key_of(request.person) | what | rule | copied | state


def request_of(row: Any, votes: Sequence[Any], vault: Vault | None) -> Request:
    """The request that a row and its votes tell."""
    hidden: Mapping[str, str] = {} if row.hidden is None else Hidden(vault, row)
    return Request(
        name=row.name,
        person=owner(row),
        username=row.username,
        channel=row.channel,
        place=row.place,
        act=Act(row.act, row.target, unpacked(row.parameters), hidden),
        pin=row.pin,
        rule=row.rule,
        rule_reason=row.rule_reason,
        approvers=tuple(json.loads(row.approvers)),
        needed=row.needed,
        reference=row.reference,
        created_at=row.created_at,
        expires_at=row.expires_at,
        stage=Stage(row.stage),
        reason=row.reason,
        votes=tuple(Vote(owner(vote), vote.username, vote.at) for vote in votes),
    )


def opened(request: Request) -> Request:
    """The request with its hidden parameters opened. Raises GiveUp when they cannot be."""
    return replace(request, act=replace(request.act, hidden=dict(request.act.hidden)))


def vote_row(name: str, vote: Vote) -> dict[str, Any]:
    """The row of a vote."""
    return {"approval": name, **key_of(vote.person), "username": vote.username, "at": vote.at}
