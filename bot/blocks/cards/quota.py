"""How a storage warning looks."""

from math import isfinite

from bot.blocks import layout
from bot.blocks.clean import one_line
from bot.blocks.parts import NAME, Mark, buttons, facts, headline, open_button, remark, small_print
from bot.blocks.text import bare, clip, link, plain, size
from bot.blocks.trial import trial
from bot.blocks.urls import namespace_url
from bot.domain.cards import QuotaCard
from bot.domain.events import QuotaCrossed
from bot.domain.messages import Message

WARNING = Mark("🟡", "Storage is running out", layout.COLORS["warning"])
FULL = Mark("🔴", "Storage limit reached, pushes are refused", layout.COLORS["danger"])


def show(card: QuotaCard, quay_url: str) -> Message:
    """How full, and what that means. What the body did not say is left out."""
    event = card.event
    if event.test:
        return trial(event, quay_url, _usage(event))
    mark = FULL if event.rejecting else WARNING
    name = clip(one_line(event.namespace), NAME) or "a namespace"
    advice = "Delete tags or ask for more space; " + (
        "until then nobody can push." if event.rejecting else "at the limit, pushes will be refused."
    )
    usage = _usage(event) or "Quay did not say how much is used."
    page = namespace_url(quay_url, event.namespace)
    return Message(
        text=f"{mark.words}: {bare(name, 260)} {_uses(event)}.{remark(event)}",
        blocks=(headline(mark, f"in {link(page, name)}", event),),
        details=(
            layout.section(f"{usage}\n{advice}"),
            small_print(event),
            *buttons(*open_button(page)),
        ),
        color=mark.color,
    )


def percent(number: float | None) -> str:
    """A percentage with at most one decimal; empty for None."""
    if number is None:
        return ""
    if not isfinite(number) or abs(number) > 1e6:
        return "an unknown share"
    return f"{number:.1f}".removesuffix(".0") + " %"


def _used(event: QuotaCrossed) -> str:
    return event.usage.strip() or size(event.usage_bytes)


def _limit(event: QuotaCrossed) -> str:
    return event.limit.strip() or size(event.limit_bytes)


def _uses(event: QuotaCrossed) -> str:
    """What the namespace did, for a message's `text`, with as much as is known."""
    used, limit, share = bare(_used(event), 40), bare(_limit(event), 40), percent(event.usage_percent)
    if used:
        return f"uses {used}{f' of {limit}' if limit else ''}{f' ({share})' if share else ''}"
    if share:
        return f"uses {share} of {limit or 'its storage'}"
    return f"crossed a storage limit{f' ({limit} in all)' if limit else ''}"


def _usage(event: QuotaCrossed) -> str:
    """The numbers on one line, with a gauge if the share is known; empty if nothing is."""
    used, limit = plain(_used(event), 40), plain(_limit(event), 40)
    known = f"{used} of {limit}" if used and limit else used or (f"{limit} in all" if limit else "")
    threshold = percent(event.threshold_percent)
    line = facts(known, percent(event.usage_percent), f"threshold {threshold}" if threshold else "")
    return line if event.usage_percent is None else f"{layout.gauge(event.usage_percent / 100)} {line}"
