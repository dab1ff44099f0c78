"""Policies: who may do what to which targets in which channels. Deciding; pure.

Deny wins over everything, then the rule that asks for the most approvals, then what is allowed. What is not known about
a person counts against them: a rule that takes something away applies then, a rule that allows something does not. Nor
does a target that reaches further than a pattern says help anybody: see `globs.reaches`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum

from bot.rules.globs import covers, fits, reaches
from bot.rules.who import Known, one_holds, questions, said

__all__ = ["NOBODY_ASKED", "Decision", "Effect", "Known", "Policy", "Rule", "decide", "wanted"]


class Effect(StrEnum):
    """What a rule says."""

    ALLOW = "allow"
    DENY = "deny"
    APPROVE = "approve"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Empty tuples match everything; `unless` are who-words that the rule does not concern.

    A who-word is "*", "user:U…" (or "user:T…/U…"), "group:S…", "channel:C…" (its members), "quay:NAME" (glob) or
    "team:ORG/TEAM" (of Quay).
    """

    name: str
    effect: Effect
    who: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    reason: str = ""
    approvers: tuple[str, ...] = ()
    approvals: int = 0
    expires: timedelta = timedelta(hours=1)
    place: str = ""  # channel where the request is posted; "": where it was asked


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole file. `auditors` are who-words that may read everybody's audit."""

    rules: tuple[Rule, ...] = ()
    default: Effect = Effect.ALLOW
    auditors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What applies. `rule` is the name of the rule that decided, "" for the default. `unsure`: it decided because
    something could not be found out, named here for people.
    """

    effect: Effect
    rule: str = ""
    reason: str = ""
    approvers: tuple[str, ...] = ()
    needed: int = 0
    expires: timedelta = timedelta(hours=1)
    place: str = ""
    unsure: str = ""
    trace: tuple[str, ...] = field(default=(), repr=False)  # for `quaybot policy test`: a line for each rule


NOBODY_ASKED = Decision(Effect.ALLOW)


@dataclass(frozen=True, slots=True)
class _Found:
    """A rule held against an act and a person. `applies` None: nobody knows, because of `unsure`."""

    rule: Rule
    applies: bool | None
    why: str
    unsure: str = ""


def decide(policy: Policy, name: str, target: str, channel: str, known: Known, *, also: Sequence[str] = ()) -> Decision:
    """What the policy says to the act `name` (such as "build cancel") on a target, asked for in a channel.

    `also` are more words under which people know that act: a rule is about it by any of them.
    """
    found = [_held(rule, (name, *also), target, channel, known) for rule in policy.rules]
    trace = tuple(f"{one.rule.name} ({one.rule.effect}): {one.why}" for one in found)
    sure = _decided(policy, [one for one in found if one.applies])
    # As if everything unknown were against the person: rules that take away apply, rules that allow do not.
    careful = [one for one in found if one.applies or (one.applies is None and one.rule.effect is not Effect.ALLOW)]
    strict = _decided(policy, careful)
    # An unknown rule must not turn a no into "others have to approve".
    chosen = sure if sure.effect is Effect.DENY and strict.effect is not Effect.DENY else strict
    return _with(chosen, found, trace)


def wanted(policy: Policy, name: str, target: str, channel: str, *, also: Sequence[str] = ()) -> frozenset[str]:
    """The who-words on which the decision may depend: those of the rules that are about this act at all."""
    about = [rule for rule in policy.rules if not _beside(rule, (name, *also), target, channel)]
    return frozenset(word for rule in about for word in (*rule.who, *rule.unless))


def _beside(rule: Rule, names: Sequence[str], target: str, channel: str) -> str:
    """Why the rule is not about this act, whoever wants it; "" if it is."""
    if rule.commands and not any(fits(pattern, name) for pattern in rule.commands for name in names):
        return f"not about this command, only {_listed(rule.commands)}"
    meant = covers if rule.effect is Effect.ALLOW else reaches
    if rule.targets and not any(meant(pattern, target) for pattern in rule.targets):
        return f"not about this target, only {_listed(rule.targets)}"
    if rule.channels and channel not in rule.channels:
        return f"not about this channel, only {_listed(rule.channels)}"
    return ""


def _held(rule: Rule, names: Sequence[str], target: str, channel: str, known: Known) -> _Found:
    if beside := _beside(rule, names, target, channel):
        return _Found(rule, applies=False, why=beside)
    meant = one_holds(rule.who, known) if rule.who else True
    if meant is False:
        return _Found(rule, applies=False, why=f"not about this person, only {said(rule.who)}")
    spared = one_holds(rule.unless, known)
    if spared:
        return _Found(rule, applies=False, why=f"spares this person (unless: {said(rule.unless)})")
    if meant and spared is False:
        return _Found(rule, applies=True, why="applies")
    unsure = questions(dict.fromkeys(word for word in (*rule.who, *rule.unless) if word in known.unknown))
    side = "so it does not apply" if rule.effect is Effect.ALLOW else "so it applies"
    return _Found(rule, None, f"it cannot be found out {unsure}, {side}", unsure)


def _decided(policy: Policy, found: Sequence[_Found]) -> Decision:
    """What these rules come to, all of which apply. Among equals those that are sure come first, then the file's order.

    That they are unsure is added later.
    """
    ordered = sorted(found, key=lambda one: one.applies is None)
    for one in ordered:
        if one.rule.effect is Effect.DENY:
            return _by(one.rule)
    asking = [one.rule for one in ordered if one.rule.effect is Effect.APPROVE]
    if asking:
        return _by(max(asking, key=lambda rule: rule.approvals))
    for one in ordered:
        if one.rule.effect is Effect.ALLOW:
            return _by(one.rule)
    return Decision(policy.default)


def _by(rule: Rule) -> Decision:
    if rule.effect is not Effect.APPROVE:
        return Decision(rule.effect, rule.name, rule.reason)
    return Decision(rule.effect, rule.name, rule.reason, rule.approvers, rule.approvals, rule.expires, rule.place)


def _with(decision: Decision, found: Sequence[_Found], trace: tuple[str, ...]) -> Decision:
    """The decision with its trace, and with what it is unsure of: its own rule, or what might have allowed it."""
    unsure = next((one.unsure for one in found if one.rule.name == decision.rule), "")
    if decision.effect is Effect.DENY and not decision.rule:
        missed = [one.unsure for one in found if one.applies is None and one.rule.effect is not Effect.DENY]
        unsure = " and ".join(dict.fromkeys(missed))
    return replace(decision, unsure=unsure, trace=trace)


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)
