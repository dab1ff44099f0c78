"""Global messages in words: how a banner will look, what is shown now, what is scheduled."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.blocks.layout import actions, button, confirm, context, section
from bot.blocks.message_markdown import shown_markdown, shown_plain
from bot.blocks.text import code, fence, humane, plain, when
from bot.domain.banners import Banner, BannerStage
from bot.domain.messages import Block

MARKS: Mapping[str, str] = {"info": ":information_source:", "warning": ":warning:", "error": ":red_circle:"}
MARKDOWN = "text/markdown"
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^*_\n]+)(?<=\S)\1")  # of Markdown: in one line it only would look odd
_LISTED = 10  # of each kind: Slack takes 50 blocks


def label(severity: str) -> str:
    """The severity with its sign; an unknown one as Quay names it."""
    return f"{MARKS.get(severity, ':speech_balloon:')} {plain(severity, 20)}"


def look(content: str, severity: str, media_type: str) -> tuple[Block, ...]:
    """How the banner will look, with its source where that is another thing."""
    if media_type != MARKDOWN:
        return (section(f"{label(severity)}\n{shown_plain(content)}"),)
    source = fence(content.split("\n"), keep="first")
    return (
        section(f"{label(severity)}, about like this:\n{shown_markdown(content)}"),
        section(f"Its Markdown source:\n{source}"),
    )


def brief(content: str, limit: int = 160) -> str:
    """The message in one line, for lists and questions in mrkdwn."""
    return f"“{plain(_STRONG.sub(lambda found: found[2], content[: 4 * limit]), limit)}”"


def until(begins: datetime | None, length: timedelta | None) -> str:
    """When and how long, in the reader's own zone: " at … for 4 h"; nothing where nothing was said."""
    return (f" at {when(begins)}" if begins else "") + (f" for {humane(length)}" if length else "")


def shown_now(uuid: str, content: str, severity: str, banner: Banner | None) -> tuple[Block, Block]:
    """One that is shown, with a button that deletes it (after a look at it)."""
    ends = f" Ends {when(banner.ends_at)}, by itself (`{banner.name}`)." if banner and banner.ends_at else ""
    words = f"{code(uuid[:8])} {label(severity)} {brief(content, 400)}.{ends}"
    return section(words), actions(button("message_delete", "Delete …", value=uuid))


def waiting(banner: Banner, *, mine: bool) -> tuple[Block, ...]:
    """One that is scheduled. What it says is nobody else's business until then."""
    ends = f" until {when(banner.ends_at)}" if banner.ends_at else ""
    said = f" {brief(banner.content, 400)}." if mine else ""
    trouble = f" {plain(banner.reason, 200)}" if banner.reason else ""
    times = f"begins {when(banner.begins_at)}{ends}"
    words = f"{code(banner.name)} {label(banner.severity)} {times}, by {code(banner.username)}"
    sure = confirm("Cancel this message?", f"{banner.name} will not be shown.", yes="Cancel it", no="Leave it")
    row = actions(button("message_cancel", "Cancel …", value=banner.name, confirm=sure))
    return section(f"{words}.{said}{trouble}"), row


def listing(shown: Sequence[tuple[Block, ...]], later: Sequence[tuple[Block, ...]]) -> tuple[Block, ...]:
    """Both lists, with what is left out said."""
    blocks: list[Block] = []
    for title, empty, rows in (
        ("*Shown to every user now*", "No global message is shown now.", shown),
        ("*Scheduled*", "Nothing is scheduled.", later),
    ):
        blocks.append(section(title if rows else empty))
        blocks += [block for row in rows[:_LISTED] for block in row]
        blocks += [context(f"and {len(rows) - _LISTED} more")] if len(rows) > _LISTED else []
    return tuple(blocks)


def ended_words(banner: Banner, stage: BannerStage, why: str) -> str:
    """What became of a message that had a time, for the channel and for whoever asked for it."""
    what = f"The global message {code(banner.name)} {brief(banner.content)}"
    told = {
        BannerStage.SHOWN: "is shown to every user of the registry now.",
        BannerStage.ENDED: "is over, and not shown any more.",
        BannerStage.CANCELLED: "was cancelled. It is not shown.",
        BannerStage.FAILED: "has failed.",
    }.get(stage, "has changed.")
    return f"{what} {told}{f' {why}' if why else ''}"
