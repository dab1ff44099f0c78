"""The history of a tag as a picture: the newest step on top, each image with a colour of its own, gaps marked. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks import through
from bot.blocks.layout import button, context, section
from bot.blocks.paging import next_page, pack, previous_page, turns
from bot.blocks.paragraphs import paragraphs
from bot.blocks.parts import facts, linked
from bot.blocks.tag_marks import by, did, image, mark, sized
from bot.blocks.text import ago, count, humane, when
from bot.blocks.through import usual
from bot.domain.messages import Block
from bot.domain.tag_steps import Gap, How, Step

PAGE = 10  # steps on a page
_WIDE = "\u2003"  # a blank that nobody swallows
_OLDER_ONES = "older steps are not shown here: Quay has them"
NEXT, PREVIOUS, COMPARE = "tag_history_next", "tag_history_previous", "tag_compare"
_HOW = {
    How.FIRST: "the first one that Quay remembers",
    How.NEW: "new image",
    How.BACK: "⤴ *back to an earlier image*",
    How.AGAIN: "the same image once more",
    How.RESTORED: "↩ *restored*",
}


@dataclass(frozen=True, slots=True)
class History:
    """What is shown. `steps` are all of them, newest first; `start` is the first one of the page, from 0."""

    repository: str
    tag: str
    steps: Sequence[Step]
    now: datetime
    start: int = 0
    notes: tuple[str, ...] = ()  # our own sentences, as mrkdwn
    whole: bool = True  # False: Quay has more, which nobody reads

    def value(self, start: int) -> str:
        """What a button says that leads to the page which begins at `start`."""
        return pack(self.repository, self.tag, at=start)


def headline(told: History, quay_url: str) -> str:
    """What the tag is now, and how many steps and images there were: all that matters in one paragraph."""
    subject = linked(quay_url, told.repository, (told.tag,))
    if not told.steps:
        return f"🏷️ *{subject}* has no history: Quay knows no tag of that name, and no deleted one."
    images = len({one.row.digest for one in told.steps})
    more = "" if told.whole else "The newest "
    much = f"{more}{count(len(told.steps), 'step')} with {count(images, 'image')}."
    return f"🏷️ *History of {subject}*\n{_state(told)}\n{much}"


def body(told: History, *more: Block) -> tuple[Block, ...]:
    """The picture, small print, and the buttons; `more` are others beside them."""
    shown = told.steps[told.start : told.start + PAGE]
    used = [one.application for step in shown for one in (step.author, step.gap and step.gap.author) if one]
    lines = [line for one in shown for line in _lines(one, told, usual(used))]
    end = told.start + len(shown)
    where = f"Steps {told.start + 1:,} to {end:,} of {len(told.steps):,}." if len(told.steps) > PAGE else ""
    foot = facts(where, *told.notes, through.foot(used))
    picture = tuple(section(words) for words in paragraphs(lines))
    return (*picture, *((context(foot),) if foot else ()), *_buttons(told, end, more))


def _state(told: History) -> str:
    step = told.steps[0]
    row = step.row
    if not step.living:
        gone = step.gap.since if step.gap else row.start
        return f"✖ *There is no such tag now*: it has been gone since {when(gone)} ({ago(gone, told.now)})."
    return facts(
        f"Now {mark(step.mark)} {image(row.digest)} since {when(row.start)}",
        f"⏳ expires {when(row.expires)}" if row.expires else "",
        "🔒 immutable" if row.immutable else "",
    )


def _lines(step: Step, told: History, common: str) -> Iterator[str]:
    """The step as two lines, after one about the time without the tag that followed it."""
    if step.gap is not None:
        yield _gap(step.gap, told.now, common)
    row, last = step.row, step is told.steps[-1]
    lasted = row.end - row.start if row.end else (told.now if step.living else row.expires or told.now) - row.start
    yield facts(
        f"{mark(step.mark)} {image(row.digest)}",
        f"{'*now*, since ' if step.living else ''}{when(row.start)}",
        f"{'so far ' if step.living else 'for '}{humane(lasted)}",
        sized(row.size, is_list=row.is_list),
    )
    beyond = last and not told.whole
    yield f"{_WIDE if last else '┃'}{_WIDE}{_OLDER_ONES if beyond else _how(step, common)}"


def _how(step: Step, common: str) -> str:
    """How it came to be and who it was; that somebody pushed says already that the image is new."""
    if step.how in (How.NEW, How.FIRST) and step.author:
        return did(step.author, common)
    who = by(step.author, common) if step.how is How.RESTORED else did(step.author, common)
    return " ".join(filter(None, (_HOW[step.how], who)))


def _gap(gap: Gap, now: datetime, common: str) -> str:
    who = by(gap.author, common)
    end = gap.until or now
    what = f"✖ *deleted* {who}" if who else "✖ *deleted or expired*"
    lasted = humane(end - gap.since)
    return f"{what} {when(gap.since)}, {f'was gone for {lasted}' if gap.until else f'gone for {lasted} so far'}"


def _buttons(told: History, end: int, more: Sequence[Block]) -> tuple[Block, ...]:
    target = f"{told.repository}:{told.tag}"
    several = len({one.row.digest for one in told.steps}) > 1
    alive = bool(told.steps) and told.steps[0].living
    return turns(
        previous_page(PREVIOUS, told.value(max(0, told.start - PAGE)) if told.start else ""),
        next_page(NEXT, told.value(end) if end < len(told.steps) else ""),
        button(COMPARE, "Compare with previous", value=target) if several and alive else None,
        *more,
    )
