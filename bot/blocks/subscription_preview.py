"""Before a subscription is saved: what it covers, what it would have posted, and who would read it. Pure."""

from collections.abc import Mapping, Sequence

from bot.blocks.clean import one_line
from bot.blocks.layout import context, divider
from bot.blocks.paragraphs import paragraphs
from bot.blocks.spoken import spoken
from bot.blocks.text import clip_list, code, count, plain
from bot.domain.messages import Block, Message
from bot.domain.people import Place
from bot.rules.sifting import Sifted

_NAMES = 8  # repositories that are named
_REASONS = 6  # words of the filter whose numbers are named
_BLOCKS = 8  # of one sample


def coverage(pattern: str, names: Sequence[str], *, looked: int) -> str:
    """How many repositories a pattern stands for now, and the first of them."""
    if not names:
        return f"*No repository fits {code(pattern, 260)} now.* Those that are created later are covered by themselves."
    shown, more = clip_list([code(name, 260) for name in names], _NAMES)
    part = f" The numbers below are those of the {looked} that changed last." if looked < len(names) else ""
    listed = ", ".join([*shown, *([more] if more else [])])
    return f"Covers {count(len(names), 'repository')} now ({listed}), and those that are created later.{part}"


def numbers(sifted: Sifted, messages: int = 0) -> str:
    """What would have been posted in the last seven days, in about so many messages (0: nobody counted)."""
    if not sifted.total:
        return "Nothing of this happened in the last 7 days, so nothing would have been posted."
    kept, removed = len(sifted.kept), sifted.total - len(sifted.kept)
    together = _together(kept, messages)
    if not removed:
        what = "the one event" if kept == 1 else f"all *{kept:,}* events"
        return f"Would have posted {what} of the last 7 days.{together}"
    words = sorted(sifted.removed.items(), key=lambda one: (-one[1], one[0]))
    shown, more = clip_list([f"{code(word, 60)} ({number:,})" for word, number in words], _REASONS)
    reasons = ", ".join([*shown, *([more] if more else [])])
    return (
        f"Would have posted *{kept:,} of {count(sifted.total, 'event')}* in the last 7 days; "
        f"{removed:,} removed by {reasons}.{together}"
    )


def _together(kept: int, messages: int) -> str:
    """A card tells several events: all of a build, pushes that come soon after each other."""
    return f" Together in about {count(messages, 'message')}." if 0 < messages < kept else ""


def notes(sentences: Sequence[str]) -> tuple[Block, ...]:
    """Small print, a sentence after the other."""
    return tuple(context(words) for words in paragraphs([spoken(one) for one in sentences]))


def samples(messages: Sequence[Message]) -> tuple[Block, ...]:
    """Cards as they would look, without their buttons: nothing of this is there to be pressed."""
    if not messages:
        return ()
    found: list[Block] = [context("Like this:" if len(messages) == 1 else "Two of them, as they would have looked:")]
    for message in messages:
        found += [
            divider(),
            *[still(block) for block in (*message.blocks, *message.details) if _shows(block)][:_BLOCKS],
        ]
    return (*found, divider())


def still(block: Block) -> Block:
    """A block without what can be pressed, and without a name: names are given once in a message."""
    return {name: part for name, part in block.items() if name not in ("accessory", "block_id")}


def _shows(block: Mapping[str, object]) -> bool:
    return block.get("type") in ("section", "context", "header", "divider")


def is_wide(place: Place | None) -> bool:
    """Do others read the channel than those who were invited? None: nobody knows."""
    return place is None or not place.private or place.shared


def wider(place: Place | None, private: Sequence[str]) -> str:
    """A warning if more people read the channel than may see these private repositories (mrkdwn), "" for none.

    `place` None: nobody knows who reads it.
    """
    if not private or not is_wide(place):
        return ""
    shown, more = clip_list([code(name, 260) for name in private], _NAMES)
    listed = ", ".join([*shown, *([more] if more else [])])
    what = f"{listed} is private" if len(private) == 1 else f"{listed} are private"
    if place is None:
        return (
            f"⚠️ *{what}, and I cannot find out who reads this channel.* Names of tags, builds and findings would be "
            "posted here. Make sure that all who are in it may know them; if I am not in the channel, invite me."
        )
    name = f" ({plain('#' + one_line(place.name), 90)})" if place.name else ""
    who = (
        "people of other workspaces or companies are in this channel"
        if place.shared
        else "everybody in this workspace can read this channel"
    )
    return (
        f"⚠️ *{what}, and {who}*{name}. They would see names of tags, builds and findings that Quay does not show them."
    )


LATER = "Private repositories that are created later are told here as well."


def other_case(words: Sequence[str]) -> str:
    """That words keep out everything only because of small and capital letters, "" for none."""
    if not words:
        return ""
    fit = "fits" if len(words) == 1 else "fit"
    return (
        f"⚠️ {', '.join(code(word, 260) for word in words)} {fit} nothing of that, but would if small and capital "
        "letters were the same. They differ in filters."
    )


def left_out(names: Sequence[str], why: str) -> str:
    """Repositories of a pattern that it does not reach, and why (a plain sentence)."""
    shown, more = clip_list([code(name, 260) for name in names], _NAMES)
    return f"⚠️ Left out: {', '.join([*shown, *([more] if more else [])])}. {spoken(why)}"
