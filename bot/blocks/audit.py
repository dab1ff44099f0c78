"""The audit as people read it in Slack: a line for each thing that was done or tried."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.blocks import layout
from bot.blocks.approval_words import people
from bot.blocks.audit_rows import mentioned, rows
from bot.blocks.audit_words import came
from bot.blocks.clean import one_line
from bot.blocks.paging import next_page, turns
from bot.blocks.parts import facts
from bot.blocks.spoken import spoken as sentences
from bot.blocks.text import bare, clip, code, count, plain, when
from bot.domain.acts import Deed, Outcome
from bot.domain.messages import Block, Message
from bot.domain.people import Person
from bot.domain.said import utc

PAGE = 10  # lines on a page
MOST = 20  # lines of one reference, two blocks each: with title, notes and buttons they stay below Slack's 50 blocks

NEXT = "audit_next"
_TEXT = 3_500  # characters of the words for screen readers; Slack takes 4,000
_LINE = 2_900  # a section holds 3,000
_SHOWN = 8  # parameters of an act


@dataclass(frozen=True, slots=True)
class Telling:
    """What is to be shown. `about` is ready mrkdwn, `plainly` the same without marks; `notes` are sentences below.

    `older` is the value of the button that shows older lines, "" if there are none. `whole`: everything about each
    deed, and not only a line.
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
    deeds = telling.deeds[:MOST]
    blocks: list[Block] = [layout.section(title, block_id="" if telling.whole else mentioned(deeds))]
    blocks += [block for deed in deeds for block in line(deed)] if telling.whole else rows(deeds)
    blocks += [layout.context(note) for note in telling.notes]
    blocks += turns(next_page(NEXT, telling.older))
    said = [telling.plainly, *map(spoken, deeds), *telling.notes]
    return Message(text=clip("\n".join(said), _TEXT), blocks=tuple(blocks))


def line(deed: Deed) -> tuple[Block, Block]:
    """All about one deed: who and what came of it, and what exactly."""
    account = f" (in Quay: {one_line(deed.username)[:80]})" if deed.username else ""
    what = facts(
        when(deed.at, seconds=True),
        f"{plain(deed.act.name, 60)} {code(deed.act.target, 200)}".strip(),
        _given(deed.act.parameters),
        sentences(deed.detail, 300) if deed.detail else "",
    )
    last = facts(code(deed.reference), f"approval {code(deed.approval)}" if deed.approval else "")
    words = clip("\n".join(part for part in (what, last) if part), _LINE)
    return people(deed.person, f"{account}: {came(deed)}"), layout.section(words)


def spoken(deed: Deed) -> str:
    """The same for a message's `text`, in short."""
    return bare(
        f"{came(deed)}: {deed.act.name} {deed.act.target} ({deed.username or 'no account'}, "
        f"{utc(deed.at)}, {deed.reference})",
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


def looked(number: int, *, least: bool) -> str:
    """A note: how many lines are left out because they only looked; `least`: there may be more."""
    much = f"{'at least ' if least else ''}{count(number, 'look')}"
    return f"And {much}, which changed nothing: {code('--all')} shows them."


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


def _given(parameters: Mapping[str, str]) -> str:
    shown = [f"{plain(name, 40)} {code(value, 120)}" for name, value in sorted(parameters.items())[:_SHOWN] if value]
    more = len(parameters) - _SHOWN
    return ", ".join([*shown, f"+{more:,} more"] if more > 0 else shown)
