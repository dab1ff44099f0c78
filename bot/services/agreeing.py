"""Whether what was agreed to a while ago is still agreed to: the same people are asked about anew."""

from dataclasses import replace

from bot.blocks.approval import Tally
from bot.blocks.text import count
from bot.domain.banners import Banner
from bot.domain.errors import TryLater, UserError
from bot.rules.policy import Effect
from bot.services.gate import Gate, Going
from bot.services.voting import UNSURE, Electorate

NOBODY_KNOWS = "I cannot find out now whether those who agreed to it are still its approvers."


class NotAgreed(UserError):
    """Approvals are missing that the policy asks for now."""


async def still_agreed(banner: Banner, going: Going, gate: Gate) -> None:
    """Nothing, if enough of those who agreed may do so now, by the rule that applies now.

    Raises NotAgreed if not, and TryLater or GiveUp if that cannot be found out. What the policy lets people do alone
    now takes no approvals any more: whoever scheduled it could ask for it anew.
    """
    decision = going.decision
    if decision.effect is not Effect.APPROVE:
        return
    tally = Tally(max(1, decision.needed), decision.approvers, decision.rule)
    tally = replace(tally, off=await Electorate(gate).off(banner, tally))
    if not tally.missing(banner):
        return
    if UNSURE in tally.off.values():
        raise TryLater(NOBODY_KNOWS)
    raise NotAgreed(_missing(banner, tally))


def _missing(banner: Banner, tally: Tally) -> str:
    counting = tally.counting(banner)
    asks = f"The policy asks for {count(tally.needed, 'approval')} now."
    has = f"Of those that it has, {counting or 'none'} {'count' if counting > 1 else 'counts'}."
    off = (
        f"That of {vote.username} does not: {tally.off[vote.person]}."
        for vote in banner.votes
        if vote.person in tally.off
    )
    return " ".join((asks, has, *off, "Please ask again."))
