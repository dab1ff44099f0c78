"""What several decisions come to, and how a no is told. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.acts import Act
from bot.domain.errors import BotError, Denied, Lacking, NotLinked, UserError
from bot.rules.policy import Decision, Effect

_APART = "They need approvals by different rules. Ask for one after the other."

_YOU = re.compile(r"\byour?\b", re.IGNORECASE)


def strictest(every: Sequence[Decision]) -> Decision:
    """The one that counts: any no (a sure one first), else the one that asks for most approvals, else the first.

    Approvals by different rules cannot be given together, so that is a no.
    """
    denied = [decision for decision in every if decision.effect is Effect.DENY]
    if denied:
        return min(denied, key=lambda decision: bool(decision.unsure))
    asking = [decision for decision in every if decision.effect is Effect.APPROVE]
    if len({(decision.rule, decision.approvers) for decision in asking}) > 1:
        return replace(asking[0], effect=Effect.DENY, reason=_APART)
    return max(asking, key=lambda decision: decision.needed, default=every[0])


def denial(decision: Decision, act: Act) -> str:
    """Why it may not be done: the rule, its reason, and what could not be found out."""
    what = f"`{act.name}`" + (f" on {act.target}" if act.target else "")
    if not decision.rule:
        why = f"No rule of the policy allows {what} here."
    else:
        why = f"The policy's rule “{decision.rule}” does not allow {what}."
    reason = _sentence(decision.reason)
    unsure = f"I could not find out {decision.unsure}, so I have to say no." if decision.unsure else ""
    return " ".join(filter(None, (why, reason, unsure)))


def told_to_others(error: BotError, username: str) -> str:
    """Why Quay did not do it, for those who did not ask.

    What somebody may do, and how they can mend it, is theirs to know: a sentence that says "you" is for them alone.
    """
    lacking = error if isinstance(error, Lacking) else error.__cause__  # of a scope that a token was made without
    if isinstance(lacking, Lacking):
        return f"Quay did not let {username} {lacking.does} in {lacking.repository}."
    if isinstance(error, NotLinked):
        return f"The link to the Quay account {username} does not serve for this any more."
    if not isinstance(error, UserError) or isinstance(error, Denied):
        return error.say
    if _YOU.search(error.say):
        return f"Quay refused it for the account {username}."
    return f"Quay refused it for the account {username}: {error.say}"


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in ".!?…" else text + "."
