"""The outcomes of acts in words that people understand."""

from collections.abc import Mapping

from bot.domain.acts import Outcome

_WORDS: Mapping[Outcome, str] = {
    Outcome.SHOWN: "shown first",
    Outcome.TRIED: "begun",
    Outcome.DONE: "done",
    Outcome.REFUSED: "refused",
    Outcome.FAILED: "failed",
    Outcome.DENIED: "denied by the policy",
    Outcome.UNLINKED: "not done, no Quay account was linked",
    Outcome.ASKED: "asked for approval",
    Outcome.APPROVED: "approved",
    Outcome.REJECTED: "denied the request",
    Outcome.WITHDRAWN: "withdrawn",
    Outcome.EXPIRED: "expired",
    Outcome.VOID: "void, what it was about has changed",
}


def outcome_words(outcome: Outcome) -> str:
    """What came of it, in a few words."""
    return _WORDS[outcome]
