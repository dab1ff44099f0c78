"""The card of a test notification, which looks the same for every family."""

from collections.abc import Mapping

from bot.blocks import layout
from bot.blocks.parts import clipped, linked, named, remark, small_print
from bot.blocks.text import bare, link
from bot.blocks.urls import namespace_url
from bot.domain.events import Event
from bot.domain.messages import Message

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
    "quota_error": "a reached storage limit",
}


def trial(event: Event, quay: str, sample: str) -> Message:
    """The card of a test notification: it says that the way here works, and offers nothing to act on.

    `sample` is ready mrkdwn: what the body said, so that people can see whether everything arrived.
    """
    what = WHAT.get(event.kind, "an event")
    if event.repository:
        name, subject = named(event.repository, ()), linked(quay, event.repository)
    else:
        name = bare(clipped(event.namespace) or "a namespace")
        subject = link(namespace_url(quay, event.namespace), clipped(event.namespace) or "a namespace")
    said = f"\nThe sample says: {sample}" if sample else ""
    works = f"Notifications from Quay reach this channel. A real one would tell about {what}."
    return Message(
        text=f"Test notification for {name}. {works}{remark(event)}",
        blocks=(layout.section(f"🧪 *Test notification* for {subject}"),),
        details=(
            layout.section(works + said),
            small_print(event, "Sent with Quay's test button, nothing has happened"),
        ),
        color=layout.COLORS["neutral"],
    )
