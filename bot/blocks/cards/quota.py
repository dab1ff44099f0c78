"""How a storage warning looks."""

from math import isfinite

from bot.blocks import layout
from bot.blocks.clean import one_line
from bot.blocks.parts import NAME, Mark, buttons, facts, headline, open_button, small_print, trial
from bot.blocks.text import bare, clip, link, plain
from bot.blocks.urls import namespace_url
from bot.domain.cards import QuotaCard
from bot.domain.messages import Message

WARNING = Mark("🟡", "Storage is running out", layout.COLORS["warning"])
FULL = Mark("🔴", "Storage is full, pushes are refused", layout.COLORS["danger"])


def show(card: QuotaCard, quay_url: str) -> Message:
    """How full, and what that means."""
    event = card.event
    if event.test:
        return trial(event, quay_url)
    mark = FULL if event.rejecting else WARNING
    name = clip(one_line(event.namespace), NAME) or "a namespace"
    used, limit = event.usage or size(event.usage_bytes), event.limit or size(event.limit_bytes)
    advice = "Delete tags or ask for more space; " + (
        "until then nobody can push." if event.rejecting else "at the limit, pushes will be refused."
    )
    share = percent(event.usage_percent)
    usage = facts(f"{plain(used, 40)} of {plain(limit, 40)}", share, f"threshold {percent(event.threshold_percent)}")
    page = namespace_url(quay_url, event.namespace)
    return Message(
        text=f"{mark.words}: {bare(name, 260)} uses {bare(used, 40)} of {bare(limit, 40)} ({share}).",
        blocks=(headline(mark, f"in {link(page, name)}"),),
        details=(
            layout.section(f"{layout.gauge(event.usage_percent / 100)} {usage}\n{advice}"),
            small_print(event),
            *buttons(*open_button(page)),
        ),
        color=mark.color,
    )


def percent(number: float) -> str:
    """A percentage with at most one decimal."""
    if not isfinite(number) or abs(number) > 1e6:
        return "an unknown share"
    return f"{number:.1f}".removesuffix(".0") + " %"


def size(number: int) -> str:
    """Bytes in the biggest unit that fits: "1.5 GiB"."""
    units = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
    for power, unit in enumerate(units):
        if abs(number) < 1024 ** (power + 1):
            return f"{number / 1024**power:.1f}".removesuffix(".0") + f" {unit}"
    return f"{number // 1024**5:,} PiB"
