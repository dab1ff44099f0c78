"""Whose body is this? Quay does not say, so the keys have to tell (quay facts §1.2)."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple


class _Shape(NamedTuple):
    kinds: tuple[str, ...]
    has: frozenset[str]
    lacks: frozenset[str] = frozenset()


# Only build_queued says `is_manual`; all other build events say `build_name`, real build_queued bodies do not.
_LATER_BUILDS = ("build_start", "build_success", "build_failure", "build_cancelled")
_QUOTAS = ("quota_warning", "quota_error")
_SHAPES = (
    _Shape(("repo_push",), frozenset({"updated_tags"})),
    _Shape(("build_queued",), frozenset({"build_id", "is_manual"})),
    _Shape(_LATER_BUILDS, frozenset({"build_id", "build_name"}), frozenset({"is_manual"})),
    _Shape(("build_queued", *_LATER_BUILDS), frozenset({"build_id"}), frozenset({"is_manual", "build_name"})),
    _Shape(("vulnerability_found",), frozenset({"vulnerability"})),
    _Shape(("repo_image_expiry",), frozenset({"tags", "expiring_in"})),
    *(_Shape(_QUOTAS, frozenset({key})) for key in ("threshold_percent", "usage_percent", "limit_bytes")),
    _Shape(
        ("repo_mirror_sync_started", "repo_mirror_sync_success", "repo_mirror_sync_failed"),
        frozenset({"repository", "message"}),
    ),
)


def mistaken(event: str, document: Mapping[str, Any]) -> str:
    """A sentence when the body is clearly one of another event than `event`, else nothing."""
    if "attachments" in document and "text" in document:
        return "this is a message for Slack: choose the method Webhook POST, not Slack, in Quay's notification settings"
    found = [shape.kinds for shape in _SHAPES if shape.has <= document.keys() and not shape.lacks & document.keys()]
    if not found and event in _QUOTAS and "repository" in document:
        return _told("an event of a repository", event)
    if not found or any(event in kinds for kinds in found):
        return ""
    return _told(_either(found[0]), event)


def _told(looks: str, event: str) -> str:
    return f"this looks like {looks}, but the URL is for {event}: check the event in Quay's notification settings"


def _either(names: Collection[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last
