"""The outcomes of acts in words that people understand."""

from collections.abc import Mapping

from bot.domain.acts import Deed, Outcome

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


_VOTES = ("vote refused: ", "denial refused: ")


def came(deed: Deed) -> str:
    """What came of it. A yes or a no that did not count is no act that was refused: its detail says which it was."""
    if deed.outcome is Outcome.REFUSED and deed.detail.startswith(_VOTES):
        return "did not count"
    return outcome_words(deed.outcome)


def outcome_words(outcome: Outcome) -> str:
    """What came of it, in a few words."""
    return _WORDS[outcome]
