"""Reads a policy from TOML text: into a Policy, or into a list of everything that is wrong with it; pure."""

import difflib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from bot.rules.policy import Effect, Policy, Rule
from bot.rules.policy_shape import FileShape, RuleShape, span
from bot.rules.toml_lines import Lines, lines_of
from bot.rules.toml_trouble import trouble

MOST = 200_000  # characters
MOST_RULES = 500
MOST_APPROVALS = 20
_ONLY_APPROVE = ("approvers", "approvals", "expires", "place")
_EMPTY = 'it is empty, so it is not used. Write default = "allow" if everybody may do what Quay lets them'
_LIST = 'write a list of texts, such as ["…", "…"]'
_SAID = {
    "missing": "is missing",
    "string_type": 'write a text in quotes, such as "…"',
    "list_type": _LIST,
    "int_type": "write a whole number",
    "model_type": "write each rule below a line [[rule]] of its own",
}

_Spot = tuple[int, int, str, int]  # line, number of the rule (-1: none), key, item of its list (-1: all of it)


class PolicyError(ValueError):
    """The text is no policy. `problems` has a sentence for each thing that is wrong, with its line and key."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def read(text: str, file: str = "policy.toml") -> Policy:
    """The policy in a text. Raises PolicyError, which names every problem with its line in `file` and its key."""
    if len(text) > MOST:
        raise PolicyError([f"{file}: it is longer than {MOST} characters"])
    try:
        raw = tomllib.loads(text)
    except RecursionError:
        raise PolicyError([f"{file}: its brackets are nested too deeply"]) from None
    except ValueError as error:  # (a number or a date that cannot be is one without a place)
        raise PolicyError([_no_toml(str(error), text, file)]) from None
    if not raw:  # a file that is lost or half written must not open everything
        raise PolicyError([f"{file}: {_EMPTY}"])
    problems, shape = dict[_Spot, str](), None
    report = _Report(file, raw, lines_of(text, "rule"), problems)
    try:
        shape = FileShape.model_validate(raw)
    except ValidationError as error:
        for one in error.errors():
            report.shaped(one["loc"], one["type"], str(one["msg"]))
    for table, key, words in _across(raw):
        report.add(table, key, words)
    if shape is None or problems:
        raise PolicyError([problems[place] for place in sorted(problems)])
    return _policy(shape)


class _Report:
    """Words problems, one for each place."""

    def __init__(self, file: str, raw: Mapping[str, Any], lines: Lines, problems: dict[_Spot, str]) -> None:
        self._file = file
        self._raw = raw
        self._lines = lines
        self._problems = problems

    def shaped(self, loc: tuple[int | str, ...], kind: str, words: str) -> None:
        """A value that pydantic does not take: `loc` is its place in the document."""
        table = loc[1] if len(loc) > 1 and loc[0] == "rule" and isinstance(loc[1], int) else None
        inner = loc if table is None else loc[2:]
        key, deeper = (str(inner[0]) if inner else "", inner[1:])
        said = _SAID.get(kind) or _worded(kind, words, key, RuleShape if table is not None else FileShape)
        item = -1
        if deeper and isinstance(deeper[0], int):
            item = deeper[0]
            said = f"item {item + 1}: {said}"
        if loc == ("rule",):
            said = _SAID["model_type"]
        self.add(table, key, said, item)

    def add(self, table: int | None, key: str, words: str, item: int = -1) -> None:
        """A problem of a key ("": of the whole rule), or of an item of its list; the first one of each counts."""
        line = self._lines.of(table, key)
        place = f"{self._file} line {line}"
        if table is not None:
            place += f", rule {self._called(table)}"
        if key:
            place += f", key {_shown(key)}"
        self._problems.setdefault((line, -1 if table is None else table, key, item), f"{place}: {words}")

    def _called(self, table: int) -> str:
        rule = self._raw["rule"][table]
        name = rule.get("name") if isinstance(rule, dict) else None
        return json.dumps(name[:80]) if isinstance(name, str) and name else str(table + 1)


def _worded(kind: str, words: str, key: str, shape: type[BaseModel]) -> str:
    if kind == "extra_forbidden":
        close = difflib.get_close_matches(key, shape.model_fields, n=1)
        return f"there is no such key; did you mean {close[0]}?" if close else "there is no such key"
    if kind == "literal_error":
        return words.replace("Input should be", "write")
    return words.removeprefix("Value error, ")


def _shown(key: str) -> str:
    return key[:80] if re.fullmatch(r"[\w-]+", key, re.ASCII) else json.dumps(key[:80])


def _no_toml(words: str, text: str, file: str) -> str:
    """Why it cannot be read, with the line, and the key if one begins there."""
    found = trouble(text, words)
    line = f" line {found.line}" if found.line else ""
    return f"{file}{line}{f', key {_shown(found.key)}' if found.key else ''}: {found.words}"


def _across(raw: Mapping[str, Any]) -> Iterator[tuple[int | None, str, str]]:
    """What is wrong between keys: (number of the rule, key, words). Looks past whatever has a wrong shape."""
    rules = raw.get("rule")
    if not isinstance(rules, list):
        return
    if len(rules) > MOST_RULES:
        yield None, "rule", f"there are {len(rules)} rules, at most {MOST_RULES} can be"
    names: dict[str, int] = {}
    for table, rule in enumerate(rules):
        if not isinstance(rule, dict):
            continue
        name = rule.get("name")
        if isinstance(name, str):
            if name in names:
                yield table, "name", f"rule {names[name] + 1} has that name already"
            names.setdefault(name, table)
        yield from ((table, key, words) for key, words in _approving(rule))


def _approving(rule: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    effect = rule.get("effect")
    if effect == "approve":
        if rule.get("approvers") in (None, []):
            yield "approvers", 'say who may approve, such as ["group:S…"]'
        number = rule.get("approvals")
        if number is None:
            yield "approvals", "say how many have to approve"
        elif isinstance(number, int) and not isinstance(number, bool) and not 1 <= number <= MOST_APPROVALS:
            yield "approvals", f"write a whole number from 1 to {MOST_APPROVALS}"
    elif effect in ("allow", "deny"):
        for key in _ONLY_APPROVE:
            if key in rule:
                yield key, f'this is for rules with effect = "approve" only, and here it is "{effect}"'


def _policy(shape: FileShape) -> Policy:
    return Policy(tuple(map(_rule, shape.rule)), Effect(shape.default), tuple(shape.auditors))


def _rule(shape: RuleShape) -> Rule:
    return Rule(
        name=shape.name,
        effect=Effect(shape.effect),
        who=tuple(shape.who),
        unless=tuple(shape.unless),
        commands=tuple(shape.commands),
        targets=tuple(shape.targets),
        channels=tuple(shape.channels),
        reason=shape.reason.strip(),
        approvers=tuple(shape.approvers),
        approvals=shape.approvals,
        expires=span(shape.expires),
        place=shape.place,
    )
