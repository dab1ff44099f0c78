"""What stands behind the colon of a filter's word: globs over names, regular expressions, severities. Pure.

Whatever people write, looking at a text takes a time that only grows with its length.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import re2

from bot.domain.errors import UserError
from bot.domain.events import Severity

SEVERITIES = {severity.value.lower(): severity for severity in Severity}

Test = Callable[[str], bool]

_WORST_FIRST = tuple(Severity)
_SHOWN = 60  # characters of a value that an error repeats
_MEMORY = 1 << 17  # bytes for one compiled regular expression: with it, the worst one takes 10 ms to compile
_LONGEST = 200  # characters of a regular expression
_CANNOT = {  # how RE2 begins what it says (without a word for people), and what that means
    b"invalid perl operator: (?": (
        "this expression looks ahead or behind itself, which I cannot run safely. Say what you want with `ref:~…`, "
        "and what you do not want with `-ref:~…` as a word of its own"
    ),
    b"invalid escape sequence": (
        "there is no `{said}` here (nothing can refer back to a group either). For a character as it is, write "
        r"a backslash before punctuation only: `\.`"
    ),
    b"bad repetition operator": "`{said}` repeats twice in a row. Write one of `*`, `+` and `?`",
    b"no argument for repetition": "there is nothing before `{said}` that it could repeat",
    b"invalid repetition size": "`{said}` repeats too often: at most 1,000 times, all together",
    b"missing ]": "a `[` is not closed with `]`",
    b"missing )": "a `(` is not closed with `)`",
    b"unexpected )": "there is a `)` without a `(`",
    b"trailing \\": "it ends in a backslash",
    b"pattern too large": "the expression is too large",
}


@dataclass(frozen=True, slots=True)
class Names:
    """What names of one sort are made of. `chars` stands in a character class; `said` tells people what can be.

    `longest` is how many characters a name has at most.
    """

    thing: str
    chars: str
    said: str
    longest: int


TAGS = Names("a tag", r"\w.:-", "tags have letters, digits, dots, dashes and underscores", 128)
REFS = Names(
    "a branch or tag in git", r"^\s~\^:\[\]\\\x00-\x20\x7f", "their names have no blank and none of ~^:[]\\", 255
)
ACCOUNTS = Names("an account", r"\w.+@-", "write one as acme+ci for a robot, or as a user's name", 255)
REPOSITORIES = Names("a repository", r"\w./-", "write acme/web, or the name alone", 511)


def glob(pattern: str, names: Names) -> Test:
    """`*` is any text and `?` any character; everything else is itself, small and capital letters told apart.

    Raises UserError for what no such name can have in it.
    """
    if not re.fullmatch(f"(?:[{names.chars}]|[*?])+", pattern, re.ASCII):
        raise UserError(
            f"“{pattern[:_SHOWN]}” cannot match {names.thing}: {names.said}. "
            "`*` stands for any text, `?` for one character."
        )
    if len(pattern.replace("*", "")) > names.longest:
        raise UserError(f"a pattern has at most {names.longest} characters, as {names.thing} has.")
    first, *others = (re.escape(piece).replace(r"\?", ".") for piece in re.split(r"\*+", pattern))
    # Each piece takes the first place where it fits and never looks for another one: that cannot lose a match, and it
    # keeps the time bounded whatever the pattern.
    middle = "".join(f"(?>.*?{piece})" for piece in others[:-1] if piece)
    last = f".*{others[-1]}" if others else ""
    found = re.compile(f"{first}{middle}{last}", re.DOTALL)
    return lambda text: found.fullmatch(text) is not None


def regular(expression: str) -> Test:
    """A regular expression that has to fit from the start (facts §1.1), by RE2: no expression makes it slow.

    Raises UserError for what is none, and for what RE2 cannot do: looking ahead or behind, and back references.
    """
    if not expression:
        raise UserError("the expression behind `~` is missing.")
    if len(expression) > _LONGEST:
        raise UserError(f"a regular expression has at most {_LONGEST} characters, and this one {len(expression):,}.")
    options = re2.Options()
    options.log_errors, options.max_mem = False, _MEMORY
    try:
        found = re2.compile(expression, options)
    except re2.error as error:
        raise UserError(f"{_why(error)}.") from None
    except UnicodeEncodeError:
        raise UserError("there is a character in it that cannot be.") from None
    return lambda text: found.match(text.encode(errors="replace").decode()) is not None


def _why(error: Exception) -> str:
    raw = bytes(error.args[0])
    said = raw.rpartition(b": ")[2].decode(errors="replace")[:_SHOWN]
    words = next((words for start, words in _CANNOT.items() if raw.startswith(start)), "")
    return words.format(said=said) if words else f"this is no regular expression ({raw.decode(errors='replace')[:120]})"


def severity(word: str) -> Test:
    """`high` is only that; `high+` is that and worse. Raises UserError for other words."""
    least = SEVERITIES.get(word.removesuffix("+").lower())
    if least is None:
        raise UserError(
            f"“{word[:_SHOWN]}” is no severity. Severities are {', '.join(SEVERITIES)}; high+ adds what is worse."
        )
    worst = _WORST_FIRST[: _WORST_FIRST.index(least)] if word.endswith("+") else ()
    return frozenset({least.value, *worst}).__contains__
