"""What an undo takes back: it carries the reference of that, so that it is known even after others had to agree."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import structlog

from bot.blocks.undo_words import taken_back
from bot.domain.acts import Act
from bot.domain.people import Person
from bot.services.gate import Going
from handlers.command import Desk

log = structlog.stdlib.get_logger(__name__)

_UNDOES = "undoes"  # the parameter


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back (mrkdwn), and whose it was."""

    what: str
    person: Person


def as_undo(inverse: Act, reference: str) -> Act:
    """The inverse of what was done under that reference."""
    return replace(inverse, parameters={**inverse.parameters, _UNDOES: reference})


async def undone_by(going: Going, desk: Desk) -> Undone | None:
    """What this takes back; None if it is no undo, or if nobody can look it up now. Raises nothing."""
    reference = _reference(going.act.parameters)
    if not reference:
        return None
    try:
        line = await desk.audit.first(reference)
    except Exception:  # it is done, and is told in other words then
        log.exception("undone_unknown", reference=reference)
        return None
    if line is None:
        return None
    act = line.deed.act
    return Undone(taken_back(act.name, act.target, again=bool(_reference(act.parameters))), line.deed.person)


def _reference(parameters: Mapping[str, str]) -> str:
    return parameters.get(_UNDOES, "")
