"""Reads a policy from TOML text: into a Policy, or into a list of everything that is wrong with it; pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.rules.policy import Effect, Policy, Rule
from bot.rules.policy_shape import FileShape, RuleShape, span
from bot.rules.toml_report import BadFile as PolicyError
from bot.rules.toml_report import Form, document
from bot.rules.toml_trouble import POLICY

__all__ = ["PolicyError", "read"]

MOST_RULES = 500
MOST_APPROVALS = 20
_ONLY_APPROVE = ("approvers", "approvals", "expires", "place")
_EMPTY = (  # a file that is lost or half written must not open everything
    'it is empty, so it is not used. Write default = "allow" if everybody may do what Quay lets them'
)


def read(text: str, file: str = "policy.toml") -> Policy:
    """The policy in a text. Raises PolicyError, which names every problem with its line in `file` and its key."""
    return _policy(document(text, file, Form(POLICY, FileShape, RuleShape, _EMPTY, _across)))


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
