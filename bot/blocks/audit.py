"""The audit as people read it in Slack: a line for each thing that was done or tried."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.blocks import layout
from bot.blocks.approval_words import people
from bot.blocks.audit_words import outcome_words
from bot.blocks.clean import one_line
from bot.blocks.parts import facts
from bot.blocks.spoken import spoken as sentences
from bot.blocks.text import bare, clip, code, plain, when
from bot.domain.acts import Deed, Outcome
from bot.domain.messages import Block, Message
from bot.domain.people import Person

PAGE = 10  # lines on a page
MOST = 20  # lines of one reference, two blocks each: with title, notes and buttons they stay below Slack's 50 blocks

_TEXT = 3_500  # characters of the words for screen readers; Slack takes 4,000
_LINE = 2_900  # a section holds 3,000
_SHOWN = 8  # parameters of an act
_VOTES = ("vote refused: ", "denial refused: ")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[^a-z\s])")


@dataclass(frozen=True, slots=True)
class Telling:
    """What is to be shown. `about` is ready mrkdwn, `plainly` the same without marks; `notes` are sentences below.

    `older` is the value of the button that shows older lines, "" if there are none. `whole`: every word of why not,
    and not only its first sentence.
    """

    about: str
    plainly: str
    deeds: Sequence[Deed]
    notes: Sequence[str] = ()
    older: str = field(default="", repr=False)
    whole: bool = False


def message(telling: Telling) -> Message:
    """The answer in Slack."""
    about = telling.about
    nothing = f"There is nothing in the audit about {about}."
    title = f"*{about[:1].upper()}{about[1:]}*" if telling.deeds else nothing
    blocks: list[Block] = [layout.section(title)]
    blocks += [block for deed in telling.deeds[:MOST] for block in line(deed, whole=telling.whole)]
    blocks += [layout.context(note) for note in telling.notes]
    if telling.older:
        blocks.append(layout.actions(layout.button("audit_older", "Older", value=telling.older)))
    said = [telling.plainly, *map(spoken, telling.deeds[:MOST]), *telling.notes]
    return Message(text=clip("\n".join(said), _TEXT), blocks=tuple(blocks))


def line(deed: Deed, *, whole: bool = True) -> tuple[Block, Block]:
    """One line: who and what came of it, and what exactly."""
    detail = deed.detail if whole else _SENTENCE.split(deed.detail, maxsplit=1)[0]
    account = f" (in Quay: {one_line(deed.username)[:80]})" if deed.username else ""
    what = facts(
        when(deed.at, seconds=True),
        f"{plain(deed.act.name, 60)} {code(deed.act.target, 200)}".strip(),
        _given(deed.act.parameters),
        sentences(detail, 300) if detail else "",
    )
    last = facts(code(deed.reference), f"approval {code(deed.approval)}" if deed.approval else "")
    words = clip("\n".join(part for part in (what, last) if part), _LINE)
    return people(deed.person, f"{account}: {_came(deed)}"), layout.section(words)


def spoken(deed: Deed) -> str:
    """The same for a message's `text`, in short."""
    return bare(
        f"{_came(deed)}: {deed.act.name} {deed.act.target} ({deed.username or 'no account'}, "
        f"{deed.at:%Y-%m-%d %H:%M} UTC, {deed.reference})",
        300,
    )


def folded(deeds: Sequence[Deed]) -> list[Deed]:
    """Lines, the oldest first, without the beginnings of what its own person has gone on with."""
    found, followed = list[Deed](), set[tuple[str, Person]]()
    for deed in reversed(deeds):
        key = deed.reference, deed.person
        if deed.outcome not in (Outcome.TRIED, Outcome.SHOWN):
            followed.add(key)
        elif key in followed:
            continue
        found.append(deed)
    return found[::-1]


def in_quays_log(kind: str, at: datetime, who: str) -> str:
    """A note: Quay has written it down as well."""
    return (
        f"Quay's own log has it as well: {facts(code(kind), when(at, seconds=True), f'by {code(who)}' if who else '')}"
    )


def not_in_quays_log(kind: str) -> str:
    """A note: Quay's log was read, and there is nothing that fits."""
    kinds = " or ".join(code(one) for one in kind.split())
    return f"Quay's own log has no such entry ({kinds}, by this account, at about that time)."


def log_not_read(why: str) -> str:
    """A note: Quay's log could not be read."""
    return f"Quay's own log could not be read: {plain(why)}"


def _came(deed: Deed) -> str:
    """What came of it. A yes or a no that did not count is no act that was refused: its detail says which it was."""
    if deed.outcome is Outcome.REFUSED and deed.detail.startswith(_VOTES):
        return "did not count"
    return outcome_words(deed.outcome)


def _given(parameters: Mapping[str, str]) -> str:
    shown = [f"{plain(name, 40)} {code(value, 120)}" for name, value in sorted(parameters.items())[:_SHOWN] if value]
    more = len(parameters) - _SHOWN
    return ", ".join([*shown, f"+{more:,} more"] if more > 0 else shown)
