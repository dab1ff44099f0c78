"""What the cards share: the headline, lists of tags, small print, the button to Quay, and the card of a test."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.blocks import layout
from bot.blocks.clean import one_line
from bot.blocks.text import bare, clip_list, code, digest, link, plain, when
from bot.blocks.urls import namespace_url, repository_url, safe_url, tag_url
from bot.domain.events import Event
from bot.domain.messages import Block, Message

NAME = 120  # characters of a repository name or tag that are worth showing
DOT = " · "

WHAT: Mapping[str, str] = {
    "repo_push": "a push",
    "build_queued": "a queued build",
    "build_start": "a started build",
    "build_success": "a finished build",
    "build_failure": "a failed build",
    "build_cancelled": "a cancelled build",
    "vulnerability_found": "a vulnerability",
    "repo_mirror_sync_started": "a started mirror sync",
    "repo_mirror_sync_success": "a finished mirror sync",
    "repo_mirror_sync_failed": "a failed mirror sync",
    "repo_image_expiry": "expiring tags",
    "quota_warning": "a storage warning",
    "quota_error": "a full storage",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """How a state looks: a picture, the words that say the same, and the colour of the bar."""

    emoji: str
    words: str
    color: str


def headline(mark: Mark, subject: str) -> Block:
    """The first line of a card. `subject` is ready mrkdwn."""
    return layout.section(f"{mark.emoji} *{mark.words}* {subject}")


def named(repository: str, tags: Sequence[str]) -> str:
    """Say "ns/repo:tag" without markup, for a message's `text`; other tags are counted."""
    return bare(_name(repository, tags), 260) + _rest(tags)


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
    return f"sha256:{digest(tag)}" if tag.startswith("sha256:") else _clipped(tag)


def facts(*parts: str) -> str:
    """What is known, on one line; empty parts are left out."""
    return DOT.join(part for part in parts if part)


def small_print(event: Event, *parts: str) -> Block:
    """Who, what exactly, when (in the reader's zone), and what was odd about the delivery."""
    note = plain(event.note)
    return layout.context(facts(*parts, when(event.at), f"Note: {note}" if note else ""))


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


def trial(event: Event, quay: str) -> Message:
    """The card of a test notification: it says that the way here works, and offers nothing to act on."""
    what = WHAT.get(event.kind, "an event")
    if event.repository:
        name, subject = named(event.repository, ()), linked(quay, event.repository)
    else:
        name = bare(_clipped(event.namespace) or "a namespace")
        subject = link(namespace_url(quay, event.namespace), _clipped(event.namespace) or "a namespace")
    works = f"Notifications from Quay reach this channel. A real one would tell about {what}."
    return Message(
        text=f"Test notification for {name}. {works}",
        blocks=(layout.section(f"🧪 *Test notification* for {subject}"),),
        details=(layout.section(works), small_print(event, "Sent with Quay's test button, nothing has happened")),
        color=layout.COLORS["neutral"],
    )


def _name(repository: str, tags: Sequence[str]) -> str:
    name, tag = _clipped(repository) or "a repository", tag_name(tags[0]) if tags else ""
    return f"{name}{'@' if tag.startswith('sha256:') else ':'}{tag}" if tag else name


def _rest(tags: Sequence[str]) -> str:
    return f" (+{len(tags) - 1:,} more)" if len(tags) > 1 else ""


def _clipped(name: str) -> str:
    name = one_line(name)
    return name if len(name) <= NAME else name[: NAME - 1] + "…"
