"""Severities in any vendor's words (facts §1.2: findings of a first index carry the raw word)."""

from bot.domain.events import Severity

_OURS = {severity.value.lower(): severity for severity in Severity}
_VENDORS = {
    "important": Severity.HIGH,
    "moderate": Severity.MEDIUM,
    "minor": Severity.LOW,
    "unimportant": Severity.NEGLIGIBLE,
}


def severity_of(word: str) -> tuple[Severity, str]:
    """The severity, and the word itself where it is not one of ours. An unknown word counts as UNKNOWN."""
    word = word.strip()
    ours = _OURS.get(word.lower())
    if ours is not None:
        return ours, ""
    return _VENDORS.get(word.lower(), Severity.UNKNOWN), word
