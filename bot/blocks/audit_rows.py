"""The lines of a list of the audit: one for each thing, with what matters of it. The rest stands at its reference."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bot.blocks.audit_words import came
from bot.blocks.layout import section
from bot.blocks.neutral import naming
from bot.blocks.parts import facts
from bot.blocks.spoken import spoken
from bot.blocks.text import clip, code, plain, when
from bot.domain.acts import Act, Deed, Outcome
from bot.domain.images import GONE
from bot.domain.messages import Block

_TOGETHER = 4  # lines in a paragraph: a section holds 3,000 characters
_LINE = 700
_OTHERS = 2  # parameters beside the main one
_USER = re.compile(r"[UW][A-Z0-9]{1,10}")  # twenty of them fit into the id of a block
_LONG = re.compile(r"(?:sha256:)?([0-9a-f]{8})(?:[0-9a-f]{56}|-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[^a-z\s])")
_GOALS = ("ends", "visibility")  # what it becomes; a digest as well, where the one before is named beside it
_ASIDE = frozenset({"was", "like", "newest", "as", "page", "from step", "characters", "undoes"})  # for the details only
_ASIDE_ENDS = (" id", " sha256")


def rows(deeds: Sequence[Deed]) -> Iterator[Block]:
    """Some lines in each paragraph, in their order."""
    for start in range(0, len(deeds), _TOGETHER):
        some = deeds[start : start + _TOGETHER]
        yield section("\n".join(map(row, some)))


def mentioned(deeds: Sequence[Deed]) -> str:
    """The id of a block of the message that may name their people; "" if none can be named."""
    people = [deed.person.user for deed in deeds if _USER.fullmatch(deed.person.user)]
    return naming(*people) if people else ""


def row(deed: Deed) -> str:
    """When, who, what, what came of it, and the reference under which everything about it is told."""
    who = f"<@{deed.person.user}>" if _USER.fullmatch(deed.person.user) else plain(deed.person.user, 40)
    what = " ".join(filter(None, (when(deed.at), who, code(deed.act.name, 60), code(deed.act.target, 120))))
    return clip(facts(f"{what}{_given(deed.act)}", f"{came(deed)}{_why(deed)}", code(deed.reference, 40)), _LINE)


def _why(deed: Deed) -> str:
    """The first sentence of why it was not done; what was done needs no more words."""
    if deed.outcome in (Outcome.DONE, Outcome.SHOWN, Outcome.TRIED, Outcome.ASKED) or not deed.detail:
        return ""
    return f": {spoken(_SENTENCE.split(deed.detail, maxsplit=1)[0], 200)}"


def _given(act: Act) -> str:
    given = act.parameters
    goal = next((name for name in _GOALS if name in given), "")
    goal = goal or ("digest" if "digest" in given and "was" in given else "")
    to = f" → {_short(given[goal])}" if goal else ""
    others = [_short(value) for name, value in _others(given) if not goal or name not in (*_GOALS, "digest")]
    others = [one for one in others if one != code(act.tag, 40)]  # a tag that the target names already
    return to + (f" ({', '.join(others[:_OTHERS])})" if others else "")


def _others(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in sorted(given.items()):
        if value and name not in _ASIDE and not name.endswith(_ASIDE_ENDS):
            yield name, value


def _short(value: str) -> str:
    """Digests and long ids by their first eight digits, times on the reader's clock, everything else in short."""
    if value == GONE:
        return "gone"
    if found := _LONG.fullmatch(value):
        return code(found[1])
    if _TIME.fullmatch(value):
        try:
            return when(datetime.fromisoformat(value))
        except (ValueError, OverflowError, OSError):  # a time that no calendar has
            pass
    return code(value, 40)
