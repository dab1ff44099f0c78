"""The grammar in which the Block Kit rules are written: small checks that report what is wrong and where.

A check takes a value, its json-pointer and a report, and adds to the report. Wordings are Slack's own, so that a test
or a person reads here what Slack would have answered.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

Json = dict[str, Any]


class Report:
    """What is wrong, as Slack words it in `response_metadata.messages`."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def add(self, what: str, at: str) -> None:
        """Note that `what` is wrong at the json-pointer `at`."""
        self.messages.append(f"[ERROR] {what} [json-pointer:{at}]")


Check = Callable[[Any, str, Report], None]
Rule = Callable[[Json, str, Report], None]


def string(low: int = 1, high: int | None = None, pattern: str = "") -> Check:
    """A string of `low` to `high` characters."""

    def check(value: Any, at: str, report: Report) -> None:
        if not isinstance(value, str):
            report.add("must be a string", at)
        elif len(value) < low:
            report.add(f"must be more than {low - 1} characters", at)
        elif high is not None and len(value) > high:
            report.add(f"must be less than {high + 1} characters", at)
        elif pattern and not re.fullmatch(pattern, value):
            report.add("must match the expected format", at)

    return check


def number(low: float | None = None, high: float | None = None) -> Check:
    """A number between `low` and `high`; a boolean is none."""

    def check(value: Any, at: str, report: Report) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            report.add("must be an integer", at)
        elif low is not None and value < low:
            report.add(f"must be greater than or equal to {low}", at)
        elif high is not None and value > high:
            report.add(f"must be less than or equal to {high}", at)

    return check


def flag(value: Any, at: str, report: Report) -> None:
    """True or false."""
    if not isinstance(value, bool):
        report.add("must be a boolean", at)


def anything(value: Any, at: str, report: Report) -> None:
    """Whatever it is, it is not looked into."""


def choice(*allowed: str) -> Check:
    """One of a few words."""

    def check(value: Any, at: str, report: Report) -> None:
        if value not in allowed:
            report.add("must be a valid enum value", at)

    return check


def items(each: Check, low: int, high: int) -> Check:
    """A list of `low` to `high` things."""

    def check(value: Any, at: str, report: Report) -> None:
        if not isinstance(value, list):
            report.add("must be an array", at)
            return
        if len(value) < low:
            report.add(f"no less than {low} items allowed", at)
        if len(value) > high:
            report.add(f"no more than {high} items allowed", at)
        for index, item in enumerate(value):
            each(item, f"{at}/{index}", report)

    return check


def shape(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, *rules: Rule) -> Check:
    """An object with exactly these properties (and its `type`); Slack refuses every other one."""
    known = {**required, **(optional or {})}

    def check(value: Any, at: str, report: Report) -> None:
        if not isinstance(value, dict):
            report.add("must be an object", at)
            return
        for name in required:
            if value.get(name) is None:
                report.add(f"missing required field: {name}", at)
        for name, part in value.items():
            if name in known:
                if part is not None:
                    known[name](part, f"{at}/{name}", report)
            elif name != "type":
                report.add(f"invalid additional property: {name}", at)
        for rule in rules:
            rule(value, at, report)

    return check


def one_of(kinds: Mapping[str, Check]) -> Check:
    """An object whose `type` decides how it is judged."""

    def check(value: Any, at: str, report: Report) -> None:
        if not isinstance(value, dict):
            report.add("must be an object", at)
        elif value.get("type") is None:
            report.add("missing required field: type", at)
        elif str(value["type"]) not in kinds:
            report.add(f"unsupported type: {value['type']}", f"{at}/type")
        else:
            kinds[str(value["type"])](value, at, report)

    return check
