"""Gathers what is known about a repository's last events, for whoever asks why."""

from collections.abc import Mapping

from bot.blocks.why import Story
from bot.blocks.why_quay import Sieve
from bot.domain.errors import UserError
from bot.domain.subscriptions import Wanted
from bot.domain.trail import Verdict
from bot.ports import Hook, Trail
from bot.rules.quay_side import needs

LOOKED_AT = 1_000  # of the newest events: a whole scan is one fate, and what came before it has one, too


async def story(
    trail: Trail, subject: str, *, tag: str = "", here: str = "", channel: str = "", filtered: bool = False, last: int
) -> Story:
    """Everything that is known about "ns/repo" (or "ns"), or what concerns one channel. See Story for the rest."""
    steps = await trail.steps(subject, tag=tag, channel=channel, limit=LOOKED_AT)
    hooks = [hook for hook in await trail.hooks(subject, channel=channel) if not hook.silent]
    return Story(
        subject=subject,
        tag=tag,
        here=here,
        channel=channel,
        steps=[step for step in steps if not filtered or step.verdict is Verdict.FILTERED],
        unread=() if filtered else await trail.unread(subject, channel=channel, limit=LOOKED_AT),
        hooks=[(hook.id, hook.event, hook.channels) for hook in hooks],
        subscribed={hook.id: hook.subscription for hook in hooks if hook.subscription},
        sieves=[_sieve(hook) for hook in hooks if hook.subscription],
        filtered=filtered,
        last=last,
    )


def _sieve(hook: Hook) -> Sieve:
    return Sieve(hook.subscription, hook.channels, hook.event, _config(hook))


def _config(hook: Hook) -> Mapping[str, object]:
    """What Quay is asked to filter itself: that follows from the filter of the subscription."""
    wanted = Wanted(hook.target, (hook.event,), next(iter(hook.filters.values()), ""))
    try:
        return next((need.config for need in needs(wanted) if need.event == hook.event and not need.silent), {})
    except UserError:  # another version took the filter
        return {}
