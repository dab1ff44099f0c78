"""What somebody wants to see of a usage log, read from the words behind `/quay logs`. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from bot.blocks.usage_words import SAYS
from bot.rules.guessing import closest
from bot.rules.times import moment
from handlers.grammar.options import Option, Spec, UsageError
from handlers.grammar.subjects import subject

USUAL = timedelta(hours=24)
SPEC = Spec(
    (
        Option("since", "WHEN", "2h ago, yesterday 18:00, 2026-11-30", greedy=True),
        Option("kind", "KIND", "only entries of this kind, as Quay calls it"),
        Option("by", "NAME", "only what this account or robot did"),
    ),
    words=1,
)
_KIND = re.compile(r"[a-z][a-z0-9_]{1,60}")
_NAME = re.compile(r"@?([a-z0-9][a-z0-9._+-]{0,254})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LogsQuestion:
    """Of "ns/repo" or "ns", from `since` on; `kind` and `by` are "" for everything and everybody."""

    target: str
    since: datetime
    kind: str = ""
    by: str = ""


def read(words: Sequence[str], quay_url: str, now: datetime, zone: tzinfo) -> LogsQuestion:
    """The question in these words. Raises UserError with what would fit."""
    parsed = SPEC.parse(words)
    if len(parsed.words) != 1:
        raise UsageError("Name one repository, or one namespace.")
    target = subject(parsed.words[0], quay_url).repository
    since, kind, by = parsed.one("since"), parsed.one("kind").lower(), parsed.one("by")
    if kind and not _KIND.fullmatch(kind):
        raise UsageError("--kind takes a kind of entry as Quay calls it, for example delete_tag or push_repo.")
    if kind and kind not in SAYS and "_" not in kind:
        guess = closest(kind, SAYS)
        hint = f"Did you mean {guess}?" if guess else "One is for example delete_tag."
        raise UsageError(f"I know no --kind “{kind}”. {hint}")
    name = _NAME.fullmatch(by)
    if by and not name:
        raise UsageError("--by takes the name of an account in Quay: alice, or acme+ci for a robot.")
    begin = moment(since, now, zone, past=True) if since else now - USUAL
    return LogsQuestion(target, begin, kind, name[1] if name else "")
