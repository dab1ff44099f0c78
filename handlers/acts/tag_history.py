"""The act "tag history": everything that a tag has pointed at, and who changed it."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from bot.blocks.tag_history import History, body, headline
from bot.blocks.text import code, count, when
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.domain.messages import Block
from bot.domain.repositories import MOST_ENTRIES, LogEntry
from bot.rules.restoring import cut
from bot.rules.tag_history import steps
from bot.services.gate import Going
from handlers.acts.tagging import nearly
from handlers.command import ActKind, Desk, Reply
from handlers.forms.button import form_button
from handlers.patience import in_time
from handlers.words import whisper

NAME = "tag history"
_BACK = timedelta(days=30)  # how far the usage log is looked at
_START = "from step"
_ADMINS_ONLY = "Who did it stands in Quay's usage log, which takes the admin role of the repository."
_NO_LOG = "Quay's usage log could not be read just now, so nobody is named."


def wanted(repository: str, tag: str, start: int = 0) -> Act:
    """The history of that tag, from step number `start` on (counted from 0)."""
    return Act.of(NAME, f"{repository}:{tag}", {_START: str(start) if start else ""})


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """The picture. Rows and usage log are read at the same time."""
    tag, now = act.tag, desk.clock.now()
    rows, (entries, note) = await asyncio.gather(
        going.quay.tags.history(act.repository, tag), _log(act.repository, going, desk)
    )
    start = min(int(act.parameters.get(_START, "0")), max(0, len(rows) - 1))
    notes = (note,) if note and rows else ()
    if not rows and (guess := await nearly(act.repository, tag, going.quay)):
        notes = (f"Did you mean {code(guess, 130)}?",)
    told = History(act.repository, tag, steps(rows, now, entries), now, start, notes, whole=not cut(rows))
    going.result.detail = f"Read: {count(len(rows), 'step')}."
    return whisper(headline(told, desk.quay_url), *body(told, *_restore(told)))


async def _log(repository: str, going: Going, desk: Desk) -> tuple[Sequence[LogEntry], str]:
    """What the usage log has, and what has to be said about it. It only makes the picture better: it never fails."""
    now = desk.clock.now()
    entries = await in_time(going.quay.log(repository, now - _BACK, now))
    if isinstance(entries, UserError):
        return (), _ADMINS_ONLY
    if isinstance(entries, Exception):
        return (), _NO_LOG
    if len(entries) < MOST_ENTRIES:
        return entries, ""
    return entries, f"Quay's usage log is long: who did what is known since {when(entries[-1].at)}."


def _restore(told: History) -> tuple[Block, ...]:
    """The way to an earlier image, where there is one."""
    images = {step.row.digest for step in told.steps}
    if not images or (len(images) == 1 and told.steps[0].living):
        return ()
    return (form_button("Restore…", "restore", f"{told.repository}:{told.tag}"),)


def says(act: Act) -> str:
    """Whose history."""
    return f"Show the history of {code(act.target, 400)}. Only whoever asked will see it."


KIND = ActKind(name=NAME, run=run, says=says, looks=True)
