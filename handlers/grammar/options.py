"""Options behind a command, declared as data and parsed by one function."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.errors import UserError
from bot.rules.guessing import closest


class UsageError(UserError):
    """The words do not fit the command. Whoever shows it adds the command's right forms."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option: `--name METAVAR`. A repeatable one may be given several times.

    A `greedy` one takes all words up to the next option: times have blanks ("--since yesterday 18:00").
    """

    name: str
    metavar: str
    help: str
    repeatable: bool = False
    required: bool = False
    greedy: bool = False


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


@dataclass(slots=True)
class _Run:
    """An option that was given, and the words behind it up to the next one; the first `size` of them are its value."""

    option: Option
    words: list[str]
    size: int = 1


@dataclass(frozen=True, slots=True)
class Spec:
    """The options a command knows, and how many other words it needs at least."""

    options: tuple[Option, ...]
    words: int = 0

    def parse(self, words: Sequence[str]) -> Parsed:
        """Sort words into options and the rest: `--name value` and `--name=value`, in any order.

        If a greedy option would leave too few other words, the last ones behind it are no part of its value:
        `--since yesterday 18:00 acme/web`. Raises UsageError that names the word that does not fit, with the closest
        right one.
        """
        rest, runs = self._runs(words)
        self._share(rest, runs)
        values: dict[str, list[str]] = {}
        for run in runs:
            _take(run.option, " ".join(run.words[: run.size]), values)
            rest += run.words[run.size :]
        for option in self.options:
            if option.required and option.name not in values:
                raise UsageError(f"--{option.name} {option.metavar} is missing.")
        return Parsed(tuple(rest), {name: tuple(given) for name, given in values.items()})

    def _runs(self, words: Sequence[str]) -> tuple[list[str], list[_Run]]:
        """The words before the first option, and each option with what follows it."""
        known = {option.name: option for option in self.options}
        rest: list[str] = []
        runs: list[_Run] = []
        for word in words:
            if not _is_option(word):
                (runs[-1].words if runs else rest).append(word)
                continue
            name, equals, value = word.lstrip("-").partition("=")
            runs.append(_Run(self._option(known, word, name), [value] if equals else []))
        return rest, runs

    def _share(self, rest: Sequence[str], runs: Sequence[_Run]) -> None:
        """Say how many words each value has: with a greedy option all, but for those that are missed elsewhere."""
        for run in runs:
            run.size = len(run.words) if run.option.greedy else 1
        missed = self.words - len(rest) - sum(len(run.words[run.size :]) for run in runs)
        long = [run for run in runs if run.option.greedy and run.size > missed]
        if missed > 0 and long:
            long[-1].size -= missed

    def _option(self, known: Mapping[str, Option], word: str, name: str) -> Option:
        if word.startswith("--") and name in known:
            return known[name]
        shown = word.partition("=")[0][:60]
        guess = closest(name, known)
        hint = f" Did you mean --{guess}?" if guess else ""
        raise UsageError(f"I do not know the option {shown}.{hint}")


def _is_option(word: str) -> bool:
    """`--x`, `-x` and a bare `--`; a lone `-` is a word like any other."""
    return word.startswith("-") and word != "-"


def _take(option: Option, value: str, values: dict[str, list[str]]) -> None:
    if not value:
        raise UsageError(f"--{option.name} needs a value: --{option.name} {option.metavar}")
    if option.name in values and not option.repeatable:
        raise UsageError(f"--{option.name} is given twice. Give it once.")
    values.setdefault(option.name, []).append(value)
