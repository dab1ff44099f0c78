"""What is said to words that begin no command: which one could be meant. Pure."""

from collections.abc import Collection, Mapping, Sequence

from bot.rules.guessing import closest

_SECRET = 20  # characters from which on a word may be a token that went astray
_MEANT = 4  # characters that say which word is meant
_GUESSES = 3
_UNDO = (
    "There is no command for that: the button Undo is below the announcement of what was done, in the channel where "
    "it was asked for, for 60 minutes. `/quay audit` shows what you have done."
)
_ELSEWHERE: Mapping[str, str] = {
    **dict.fromkeys(("rollback", "roll back", "revert", "tag rollback", "tag revert"), "restore"),
    **dict.fromkeys(("robot rotate", "robot renew", "robot reset", "rotate"), "robot regenerate"),
}
"""Words of other programs, and the commands that they mean."""


def unknown(words: Sequence[str], commands: Collection[str]) -> str:
    """What is said of words that begin no command: what could be meant, and never a word that may be a secret."""
    if words[0].lower() == "undo":
        return _UNDO
    relatives = [word for word in commands if word.startswith(f"{words[0].lower()} ")]
    typed = " ".join(words[: 2 if relatives else 1])
    guesses = [f"`/quay {guess}`" for guess in _guesses(words, relatives, commands)]
    hint = f"Did you mean {' or '.join(guesses)}? " if guesses else ""
    shows = f"`/quay {words[0].lower()}` shows what there is" if relatives else "`/quay help` shows everything I can do"
    return f"I do not know {repeated(typed, 'that word')}. {hint}{shows}."


def repeated(typed: str, otherwise: str) -> str:
    """What was typed, in quotation marks; `otherwise` for what is so long that it may be a secret."""
    return f"“{typed}”" if len(typed) < _SECRET else otherwise


def _guesses(words: Sequence[str], relatives: Sequence[str], commands: Collection[str]) -> list[str]:
    """The commands that may be meant: one that is like what was typed, else those that end in it."""
    first, second = words[0].lower(), " ".join(words[1:2]).lower()
    if meant := _ELSEWHERE.get(f"{first} {second}") or _ELSEWHERE.get(first):
        return [meant]
    if relatives:
        return _one(closest(f"{first} {second}", relatives)) or _ending(second, relatives)
    pairs = [word for word in commands if " " in word]
    like_both = closest(f"{first} {second}", pairs) if second else ""
    known = [word for word in commands if " " not in word] + list(dict.fromkeys(word.split()[0] for word in pairs))
    return _one(like_both or closest(first, known)) or _ending(first, pairs)


def _one(guess: str) -> list[str]:
    return [guess] if guess else []


def _ending(typed: str, pairs: Sequence[str]) -> list[str]:
    """The commands whose second word begins like this."""
    return [word for word in pairs if len(typed) >= _MEANT and word.split()[1].startswith(typed)][:_GUESSES]
