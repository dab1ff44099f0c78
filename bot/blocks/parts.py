"""What the cards share: the headline, lists of tags, small print and the button to Quay."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocks import layout
from bot.blocks.clean import one_line
from bot.blocks.text import bare, clip_list, code, count, link, plain, when
from bot.blocks.urls import repository_url, safe_url, tag_url
from bot.domain.events import Event
from bot.domain.messages import Block
from bot.domain.said import short_digest

NAME = 120  # characters of a repository name or tag that are worth showing
TAGS = 5  # that a message's `text` names
DOT = " · "


@dataclass(frozen=True, slots=True)
class Mark:
    """How a state looks: a picture, the words that say the same, and the colour of the bar."""

    emoji: str
    words: str
    color: str


def headline(mark: Mark, subject: str, event: Event | None = None) -> Block:
    """The first line of a card. `subject` is ready mrkdwn. An `event` that came late by itself says how late it is."""
    late = late_mark(event.note) if event is not None and event.recovered else ""
    return layout.section(f"{mark.emoji} *{mark.words}* {facts(subject, late)}")


def late_mark(note: str) -> str:
    """What the headline of a card says that nobody could hear of in time: "⏪ recovered, 14 min late"."""
    return f"⏪ {plain(note, 120) or 'recovered'}"


def named(repository: str, tags: Sequence[str]) -> str:
    """Say "ns/repo:tag (and other)" without markup, for a message's `text`; many tags are counted."""
    shown, more = clip_list(tags, TAGS)
    others = ", ".join(filter(None, [*(bare(tag_name(tag), 60) for tag in shown[1:]), more]))
    return bare(_name(repository, tags), 260) + (f" (and {others})" if others else "")


def linked(quay: str, repository: str, tags: Sequence[str] = ()) -> str:
    """Say "ns/repo:tag", leading to Quay; other tags are counted."""
    return link(page(quay, repository, tags), _name(repository, tags), 250) + _rest(tags)


def page(quay: str, repository: str, tags: Sequence[str] = ()) -> str:
    """The address in Quay that shows the first tag, or the repository."""
    return tag_url(quay, repository, tags[0]) if tags else repository_url(quay, repository)


def tag_list(tags: Sequence[str], limit: int = 12) -> str:
    """Tags as code spans, at most `limit`, the rest counted; empty for no tags."""
    shown, more = clip_list(tags, limit)
    return " ".join([*filter(None, (code(tag_name(tag)) for tag in shown)), *filter(None, [more])])


def tag_name(tag: str) -> str:
    """A tag as people read it: untagged manifests come with their digest in place of a tag (facts §1.2)."""
    return short_digest(tag) if tag.startswith("sha256:") else clipped(tag)


def tags_line(tags: Sequence[str], limit: int = 12) -> str:
    """Say "2 tags: `v1` `v2`"; a digest in place of a tag is an image without one. Empty for no tags."""
    if not tags:
        return ""
    if not all(tag.startswith("sha256:") for tag in tags):
        return f"{count(len(tags), 'tag')}: {tag_list(tags, limit)}"
    much = "Untagged image" if len(tags) == 1 else f"{count(len(tags), 'untagged image')}:"
    return f"{much} {tag_list(tags, limit)}"


def facts(*parts: str) -> str:
    """What is known, on one line; empty parts are left out."""
    return DOT.join(part for part in parts if part)


def small_print(event: Event, *parts: str) -> Block:
    """Who, what exactly, when (in the reader's zone), and what was odd about the delivery (see `headline`)."""
    note = "" if event.recovered else plain(event.note)
    return layout.context(facts(*parts, when(event.at), f"Note: {note}" if note else ""))


def remark(event: Event) -> str:
    """What was odd about the delivery, as a sentence at the end of a message's `text`; mostly nothing."""
    note = bare(event.note).removesuffix(".")
    return f" Note: {note}." if note else ""


def open_button(url: str) -> tuple[Block, ...]:
    """The button that opens Quay, if there is an address for it."""
    return url_button("open_quay", "Open in Quay", url)


def url_button(action_id: str, label: str, url: str) -> tuple[Block, ...]:
    """A button that opens an address; none if the address is not safe."""
    safe = safe_url(url)
    return (layout.button(action_id, label, url=safe),) if safe else ()


def buttons(*some: Block) -> tuple[Block, ...]:
    """The row of buttons, if there are any."""
    return (layout.actions(*some),) if some else ()


def _name(repository: str, tags: Sequence[str]) -> str:
    name, tag = clipped(repository) or "a repository", tag_name(tags[0]) if tags else ""
    return f"{name}{'@' if tag.startswith('sha256:') else ':'}{tag}" if tag else name


def _rest(tags: Sequence[str]) -> str:
    return f" (+{len(tags) - 1:,} more)" if len(tags) > 1 else ""


def clipped(name: str) -> str:
    """A name on one line, as much of it as is worth showing."""
    name = one_line(name)
    return name if len(name) <= NAME else name[: NAME - 1] + "…"
