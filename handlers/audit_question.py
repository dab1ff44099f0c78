"""What somebody wants to know from the audit: read from words, and packed into the button that shows older lines."""

import json
import re
from dataclasses import dataclass

from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.services.references import NAME, REFERENCE
from handlers.grammar import UsageError
from handlers.grammar.subjects import subject

_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


@dataclass(frozen=True, slots=True)
class Question:
    """About a target, about a person, or about a reference or an approval; about nothing of these: one's own lines.

    `before` is the number of a line: only older ones; 0: from the newest on.
    """

    target: str = ""
    user: str = ""
    reference: str = ""
    before: int = 0

    @property
    def act(self) -> Act:
        """Looking at it, as the audit itself calls it."""
        return Act("audit", self.target or self.reference or (f"@{self.user}" if self.user else ""))

    def pack(self) -> str:
        """As the value of a button."""
        return json.dumps([self.target, self.user, self.reference, self.before])

    @classmethod
    def unpack(cls, value: str) -> "Question":
        """Out of a button. Raises UserError if that is not ours."""
        try:
            target, user, reference, before = json.loads(value)
        except (ValueError, TypeError):
            raise _strange() from None
        words = all(isinstance(part, str) for part in (target, user, reference))
        if not (words and type(before) is int and before >= 0):
            raise _strange()
        return cls(target, user, reference, before)


def read(words: tuple[str, ...], quay_url: str) -> Question:
    """What these words ask for. Raises UserError with what would fit."""
    if not words:
        return Question()
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


def _strange() -> UserError:
    return UserError("This button is of an older version of me. Please ask again with `/quay audit`.")
