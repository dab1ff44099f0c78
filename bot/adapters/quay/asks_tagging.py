"""The calls that change tags and labels: the role write and the scope `repo:write` (facts §3.1)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.adapters.quay import words, words_tagging
from bot.adapters.quay.ask import Ask, Right, repository_path, segment


def restore(repository: str, tag: str, digest: str) -> Ask:
    """Let a tag point at an image of its history. Quay checks neither the tag's name nor its history."""
    path = f"{_path(repository, tag)}/restore"
    return _change(
        "POST", path, "restore tags", repository, tag, {"manifest_digest": digest}, _gone(repository, digest)
    )


def move(repository: str, tag: str, digest: str) -> Ask:
    """Let a tag, new or not, point at an image."""
    path, meaning = _path(repository, tag), _gone(repository, digest)
    return _change("PUT", path, "move tags", repository, tag, {"manifest_digest": digest}, meaning)


def expire(repository: str, tag: str, at: datetime | None) -> Ask:
    """Let a tag end then; None: never. A time that has passed is a 400 without a reason."""
    meaning = {400: words_tagging.PAST_EXPIRY, 404: words.missing(f"tag {tag}", repository)}
    body = {"expiration": None if at is None else int(at.timestamp())}
    return _change("PUT", _path(repository, tag), "let tags expire", repository, tag, body, meaning)


def delete(repository: str, tag: str) -> Ask:
    """Delete a tag; one that is not there is a 404."""
    meaning = {404: words.missing(f"tag {tag}", repository)}
    return _change("DELETE", _path(repository, tag), "delete tags", repository, tag, None, meaning)


def add_label(repository: str, digest: str, key: str, value: str) -> Ask:
    """Put a label on an image that a living tag has."""
    body = {"key": key, "value": value, "media_type": "text/plain"}
    return _labelling("POST", _labels(repository, digest), repository, body)


def remove_label(repository: str, digest: str, label: str) -> Ask:
    """Take a label off an image; those of the image itself cannot be (a 400)."""
    return _labelling("DELETE", f"{_labels(repository, digest)}/{segment(label, 'label')}", repository, None)


def _path(repository: str, tag: str) -> str:
    return f"{repository_path(repository)}/tag/{segment(tag, 'tag')}"


def _labels(repository: str, digest: str) -> str:
    """Quay's own form has the digest with its colon."""
    return f"{repository_path(repository)}/manifest/{segment(digest, 'image').replace('%3A', ':')}/labels"


def _gone(repository: str, digest: str) -> Mapping[int, str]:
    return {404: words_tagging.collected(repository, digest)}


def _change(
    method: str,
    path: str,
    does: str,
    repository: str,
    tag: str,
    body: Mapping[str, Any] | None,
    meaning: Mapping[int, str],
) -> Ask:
    return Ask(
        method,
        path,
        does,
        Right.WRITE,
        repository,
        body=body,
        in_doubt=words_tagging.look_at_history(repository, tag),
        means={409: words_tagging.immutable(repository, tag), **meaning},
    )


def _labelling(method: str, path: str, repository: str, body: Mapping[str, Any] | None) -> Ask:
    gone = f"There is no such label, or no living tag of {words.short(repository)} has that image."
    in_doubt = words_tagging.look_at_labels(repository)
    return Ask(method, path, "change labels", Right.WRITE, repository, body=body, in_doubt=in_doubt, means={404: gone})
