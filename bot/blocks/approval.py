"""How a request for approval looks, from the question to the outcome. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.blocks import layout
from bot.blocks.approval_words import explained, people, pinned, who_words
from bot.blocks.parts import Mark, facts, headline
from bot.blocks.spoken import spoken
from bot.blocks.text import bare, code, count, plain, when
from bot.domain.acts import Request, Stage, Vote
from bot.domain.messages import Block, Message
from bot.domain.people import Person

MARKS: Mapping[Stage, Mark] = {
    Stage.OPEN: Mark("⏳", "Approval needed", layout.COLORS["warning"]),
    Stage.RUNNING: Mark("🔵", "Approved, running", layout.COLORS["running"]),
    Stage.DONE: Mark("🟢", "Approved and done", layout.COLORS["good"]),
    Stage.FAILED: Mark("🔴", "Not done", layout.COLORS["danger"]),
    Stage.REJECTED: Mark("🔴", "Denied", layout.COLORS["danger"]),
    Stage.WITHDRAWN: Mark("⚪", "Withdrawn", layout.COLORS["neutral"]),
    Stage.EXPIRED: Mark("⚪", "Expired", layout.COLORS["neutral"]),
    Stage.VOID: Mark("🟠", "Void", layout.COLORS["warning"]),
}
_WAITS = frozenset({Stage.OPEN, Stage.RUNNING})


class Agreed(Protocol):
    """What others have agreed to: a request, or what was scheduled under one."""

    @property
    def person(self) -> Person:
        """Who asked for it."""

    @property
    def username(self) -> str:
        """Their Quay account."""

    @property
    def votes(self) -> tuple[Vote, ...]:
        """Who agreed."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How the votes count now: how many it takes, whose, by which rule; and why some do not count."""

    needed: int
    approvers: tuple[str, ...]
    rule: str
    off: Mapping[Person, str] = field(default_factory=dict)

    def counting(self, request: Agreed) -> int:
        """The number of Quay accounts that agree: two Slack users who share one are one."""
        return len({vote.username for vote in request.votes if vote.person not in self.off} - {request.username})

    def missing(self, request: Agreed) -> int:
        """How many more it takes."""
        return max(0, self.needed - self.counting(request))


def asked(request: Request) -> Tally:
    """As it was when it was asked."""
    return Tally(request.needed, request.approvers, request.rule)


def card(request: Request, says: str, tally: Tally | None = None) -> Message:
    """Who wants what, exactly what runs, what it is pinned to, how many are missing, until when, or how it ended.

    `says` is the act as mrkdwn, to its last parameter.
    """
    tally = tally or asked(request)
    mark = MARKS[request.stage]
    subject = facts(code(request.act.name), code(request.act.target, 260), f"request {code(request.name)}")
    return Message(
        text=_text(request, mark, tally),
        blocks=(headline(mark, subject),),
        details=tuple(_details(request, says, tally)),
        color=mark.color,
    )


def _text(request: Request, mark: Mark, tally: Tally) -> str:
    what = f"{bare(request.act.name)} {bare(request.act.target, 260)}".strip()
    said = f"{mark.words}: {what}, asked for by {bare(request.username, 80)}, request {request.name}."
    if request.stage is Stage.OPEN:
        said += f" {count(tally.missing(request), 'approval')} missing."
    return f"{said} {bare(request.reason, 600)}".strip()


def _details(request: Request, says: str, tally: Tally) -> Iterator[Block]:
    yield people(request.person, f" (in Quay: {request.username}) wants:")
    yield layout.section(says)
    if request.reason:
        yield layout.section(f"*{_heading(request.stage)}* {spoken(request.reason, 1500)}")
    if request.stage in _WAITS:
        yield layout.section(pinned(request.pin))
        yield who_words(_quorum(tally), tally.approvers)
        if request.rule_reason:
            yield layout.context(f"Why: {plain(request.rule_reason, 300)}")
    yield from _votes(request, tally)
    yield layout.context(_small_print(request, tally))
    if request.stage is Stage.OPEN:
        yield layout.actions(*_buttons(request))


def _heading(stage: Stage) -> str:
    return "Note:" if stage in _WAITS else "Result:" if stage is Stage.DONE else "Why:"


def _quorum(tally: Tally) -> str:
    return f"{count(tally.needed, 'approval')} needed from "


def _votes(request: Request, tally: Tally) -> Iterator[Block]:
    """Who agreed so far; whose vote does not count, and why."""
    counted = [vote.person for vote in request.votes if vote.person not in tally.off]
    missing = tally.missing(request)
    if request.stage is Stage.OPEN:
        if request.votes:  # before the first one, the line above says how many it takes
            before = f"{missing} more {'is' if missing == 1 else 'are'} missing."
            yield people(*counted, before=f"{before} Agreed so far: " if counted else before)
    elif counted:
        yield people(*counted, before="Agreed: ")
    for vote in request.votes:
        if vote.person in tally.off:
            yield people(vote.person, f" agreed, but this does not count now: {tally.off[vote.person]}.")


def _small_print(request: Request, tally: Tally) -> str:
    return facts(
        f"Rule {plain(tally.rule, 80)}" if tally.rule else "",
        f"asked {when(request.created_at)}",
        f"expires {when(request.expires_at)}" if request.stage is Stage.OPEN else "",
        request.reference,
        explained(request),
    )


def _buttons(request: Request) -> tuple[Block, Block]:
    what = f"{request.act.name} {request.act.target}".strip()
    return (
        layout.button(
            "approval_approve",
            "Approve",
            value=request.name,
            style="primary",
            confirm=layout.confirm(
                f"Approve {request.name}?",
                f"{what}: with the last approval it runs at once, with the Quay account {request.username}.",
                yes="Approve",
                no="Not yet",
            ),
        ),
        layout.button(
            "approval_deny",
            "Deny",
            value=request.name,
            style="danger",
        ),
    )
