"""What somebody wants to know from the audit: read from words, and packed into the button that shows older lines."""

import re
from dataclasses import dataclass, replace

from bot.blocks.paging import pack
from bot.domain.acts import Act
from bot.services.references import NAME, REFERENCE
from handlers.grammar.options import UsageError
from handlers.grammar.subjects import subject
from handlers.paging import unpack

ALL = "--all"  # looks as well
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


@dataclass(frozen=True, slots=True)
class Question:
    """About a target, about a person, or about a reference or an approval; about nothing of these: one's own lines.

    `before` is the number of a line: only older ones; 0: from the newest on. `every`: those as well that only looked.
    """

    target: str = ""
    user: str = ""
    reference: str = ""
    before: int = 0
    every: bool = False

    @property
    def act(self) -> Act:
        """Looking at it, as the audit itself calls it."""
        return Act("audit", self.target or self.reference or (f"@{self.user}" if self.user else ""))

    def pack(self) -> str:
        """As the value of a button."""
        return pack(self.target, self.user, self.reference, ALL if self.every else "", at=self.before)

    @classmethod
    def unpack(cls, value: str) -> "Question":
        """Out of a button. Raises UserError if that is not ours."""
        (target, user, reference, every), before = unpack(value, 4, "audit")
        return cls(target, user, reference, before, every == ALL)


def read(words: tuple[str, ...], quay_url: str) -> Question:
    """What these words ask for. Raises UserError with what would fit."""
    if ALL in words:
        return replace(read(tuple(word for word in words if word != ALL), quay_url), every=True)
    if not words:
        return Question()
    if unknown := next((word for word in words if word.startswith("--")), ""):
        raise UsageError(f"`audit` has no option {unknown[:60]}, only {ALL}.")
    if len(words) > 1:
        raise UsageError("One at a time, please: a repository, a person, a reference or an approval.")
    word = words[0]
    if found := _PERSON.fullmatch(word):
        return Question(user=found[1])
    if word.startswith("@"):
        raise UsageError("Slack did not tell me who that is. Choose the name from the list that Slack shows after @.")
    if REFERENCE.fullmatch(word.upper()):
        return Question(reference=word.upper())
    if NAME.fullmatch(word):
        return Question(reference=word)
    about = subject(word, quay_url)
    return Question(target=f"{about.repository}:{about.tag}" if about.tag else about.repository)
