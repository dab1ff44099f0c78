"""Options behind a command, declared as data and parsed by one function."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.errors import UserError


class UsageError(UserError):
    """The words do not fit the command. Whoever shows it adds the command's right forms."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option: `--name METAVAR`. A repeatable one may be given several times."""

    name: str
    metavar: str
    help: str
    repeatable: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """What was given: the words that are no options, and the values of each option in their order."""

    words: tuple[str, ...]
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """The value of an option; empty when it was not given."""
        return self.values.get(name, ("",))[0]

    def many(self, name: str) -> tuple[str, ...]:
        """All values of an option."""
        return self.values.get(name, ())

    def given(self, names: Iterable[str]) -> tuple[str, ...]:
        """Which of these options were given, in the order of `names`."""
        return tuple(name for name in names if name in self.values)


@dataclass(frozen=True, slots=True)
class Spec:
    """The options a command knows."""

    options: tuple[Option, ...]

    def parse(self, words: Sequence[str]) -> Parsed:
        """Sort words into options and the rest: `--name value` and `--name=value`.

        Raises UsageError that names the word that does not fit, with the closest right one.
        """
        known = {option.name: option for option in self.options}
        rest: list[str] = []
        values: dict[str, list[str]] = {}
        queue = list(words)
        while queue:
            word = queue.pop(0)
            if not _is_option(word):
                rest.append(word)
                continue
            name, equals, value = word.lstrip("-").partition("=")
            option = self._option(known, word, name)
            if not equals:
                value = queue.pop(0) if queue and not _is_option(queue[0]) else ""
            _take(option, value, values)
        for option in self.options:
            if option.required and option.name not in values:
                raise UsageError(f"--{option.name} {option.metavar} is missing.")
        return Parsed(tuple(rest), {name: tuple(given) for name, given in values.items()})

    def _option(self, known: Mapping[str, Option], word: str, name: str) -> Option:
        if word.startswith("--") and name in known:
            return known[name]
        shown = word.partition("=")[0][:60]
        guess = closest(name, known)
        hint = f" Did you mean --{guess}?" if guess else ""
        raise UsageError(f"I do not know the option {shown}.{hint}")


def closest(word: str, known: Iterable[str]) -> str:
    """The known word that is most like `word`; empty when none is like it."""
    found = difflib.get_close_matches(word.lower()[:60], list(known), n=1, cutoff=0.6)
    return found[0] if found else ""


def _is_option(word: str) -> bool:
    """`--x`, `-x` and a bare `--`; a lone `-` is a word like any other."""
    return word.startswith("-") and word != "-"


def _take(option: Option, value: str, values: dict[str, list[str]]) -> None:
    if not value:
        raise UsageError(f"--{option.name} needs a value: --{option.name} {option.metavar}")
    if option.name in values and not option.repeatable:
        raise UsageError(f"--{option.name} is given twice. Give it once.")
    values.setdefault(option.name, []).append(value)
