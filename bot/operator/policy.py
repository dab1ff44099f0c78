"""The policy from the command line: whether it can be read, and what it says to somebody's act."""

import re
from collections.abc import Iterator

from bot.adapters.clock import SystemClock
from bot.app.desks import policy_source
from bot.blocks.text import count
from bot.domain.errors import UserError
from bot.operator.hooks import check_channel
from bot.operator.somebody import Nowhere, Somebody, check_user, directory_of, somebody
from bot.ports import Directory
from bot.rules.policy import Decision, Effect, Policy, Rule
from bot.rules.who import said
from bot.services.policies import Policies
from bot.settings import Settings
from handlers.acts.names import NAMES
from handlers.grammar.references import reference

_NO_FILE = "POLICY_FILE is not set: everybody who has linked an account may do what Quay lets them."
_ON_NAMESPACES = {"repos", "logs", *(name for name in NAMES.every if name.startswith("robot "))}
_ON_NOTHING = {"search", *(name for name in NAMES.every if name.startswith("message "))}
_NAMESPACE = re.compile(r"[a-z0-9][a-z0-9._-]*(\+[a-z0-9_]+)?")
_NO_AUDITORS = "No auditors are named: people see their own lines, and admins those of their repositories."


async def check_policy(settings: Settings) -> list[str]:
    """What is in the policy file, a line for each rule. Raises UserError with everything that is wrong with it."""
    policy = await _read(_policies(settings, Nowhere()))
    auditors = f"Everybody's audit may be read by {said(policy.auditors)}." if policy.auditors else _NO_AUDITORS
    return [f"The policy is in order: {_size(policy)}.", auditors, *map(_rule, policy.rules), *_idle(policy)]


async def sum_up_policy(settings: Settings) -> str:
    """For the check-up: what is in the policy file, in a few words. Raises UserError when it cannot be used."""
    policies = _policies(settings, Nowhere())
    try:
        return f"Policy: {_size(await _read(policies))}"
    except UserError:
        first, *more = policies.trouble.split("\n")
        also = f" (and {len(more)} more)" if more else ""
        raise UserError(f"Policy: {first}{also}. Mend the file, and see with quaybot policy check") from None


async def try_policy(settings: Settings, user: str, command: str, target: str, channel: str) -> list[str]:
    """What the policy says to an act that nobody does: a line for each rule, then the decision and what is unknown.

    Raises UserError for words that cannot be, and for a file that cannot be used.
    """
    check_user(user)
    if channel:
        check_channel(channel)
    act = NAMES.act(command, _target(command, target, settings.quay_url))
    if act is None:
        raise UserError(f"{command!r} is none of the commands that policies are about: {', '.join(NAMES.every)}.")
    async with directory_of(settings) as directory:
        policies = _policies(settings, directory)
        policy = await _read(policies)
        async with somebody(settings, user, directory) as who:
            decision = await policies.decide(who.person, who.username, who.quay, act, channel)
    return list(_told(policy, decision, who, channel))


def _target(command: str, word: str, quay_url: str) -> str:
    """What that act is done to: an image, and for the acts that know such targets a namespace, a robot, or nothing."""
    if command in _ON_NAMESPACES and _NAMESPACE.fullmatch(word):
        return word
    if command in _ON_NOTHING and not word:
        return word
    about = reference(word, quay_url)
    return f"{about.repository}:{about.tag}" if about.tag else about.repository


def _policies(settings: Settings, directory: Directory) -> Policies:
    source = policy_source(settings)
    if source is None:
        raise UserError(_NO_FILE)
    return Policies(source, directory, SystemClock(), NAMES)


async def _read(policies: Policies) -> Policy:
    await policies.load()
    return await policies.current() or Policy()


def _size(policy: Policy) -> str:
    return f"{count(len(policy.rules), 'rule')}, default {policy.default}"


def _rule(rule: Rule) -> str:
    """A rule in one line; what it leaves open is left out."""
    parts = {
        "who": said(rule.who),
        "unless": said(rule.unless),
        "commands": ", ".join(rule.commands),
        "targets": ", ".join(rule.targets),
        "channels": ", ".join(rule.channels),
        "approvals": f"{rule.approvals} by {said(rule.approvers)}" if rule.approvers else "",
    }
    told = "; ".join(f"{name}: {words}" for name, words in parts.items() if words)
    return f"  {rule.name} ({rule.effect}) {told or 'everybody, everything, everywhere'}"


def _idle(policy: Policy) -> Iterator[str]:
    """What is no mistake in the file, but surely was not meant."""
    for rule, pattern in NAMES.idle(policy):
        yield f'Look at the rule "{rule.name}": {pattern} is none of the commands ({", ".join(NAMES.every)}).'


def _told(policy: Policy, decision: Decision, who: Somebody, channel: str) -> Iterator[str]:
    yield who.note
    if not channel and any(rule.channels for rule in policy.rules):
        yield "No --channel was given, so no rule for certain channels applies."
    yield from (f"  {line}" for line in decision.trace)
    yield _verdict(decision)
    if decision.reason:
        yield f"Reason: {decision.reason}"
    if decision.unsure:
        yield f"It cannot be found out now {decision.unsure}. That counts against the person."


def _verdict(decision: Decision) -> str:
    by = f'the rule "{decision.rule}"' if decision.rule else "the default, since no rule decides"
    if decision.effect is Effect.ALLOW:
        return f"Allowed by {by}. Quay still decides whether it lets them."
    if decision.effect is Effect.DENY:
        return f"Denied by {by}."
    return f"{count(decision.needed, 'approval')} needed, by {said(decision.approvers)}: {by}."
