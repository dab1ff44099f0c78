"""What we send: build requests and trigger parameters as Quay's bodies, checked before they leave."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from bot.adapters.quay import words
from bot.adapters.quay.shapes import BuildShape
from bot.domain.errors import UserError
from bot.ports import BuildRequest

CUSTOM_GIT = "custom-git"
_SHA = re.compile(r"[A-Fa-f0-9]{7,}")
_REFS = {"refs/heads/": "branch", "refs/tags/": "tag"}


def build_request(request: BuildRequest) -> dict[str, Any]:
    """The body of a build from an archive. Raises UserError."""
    if request.dockerfile and request.subdirectory:
        raise UserError(words.FILE_OR_FOLDER)
    return {"archive_url": archive(request.archive_url)} | _without_empty(
        docker_tags=_unique(request.tags),
        dockerfile_path=request.dockerfile,
        context=request.context,
        subdirectory=request.subdirectory,
        pull_robot=request.pull_robot,
    )


def archive(address: str) -> str:
    """The address if Quay can take it: other schemes are a 400, non-ASCII is a crash (facts §3.3)."""
    try:
        parts = urlsplit(address)
        fine = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        fine = False
    if not fine or not address.isascii() or not address.isprintable() or " " in address:
        raise UserError(words.BAD_ARCHIVE)
    return address


def same_build(old: BuildShape) -> dict[str, Any]:
    """The body that asks for `old` again: a build from an archive or from an uploaded file. Raises UserError."""
    if old.archive_url:
        source = {"archive_url": archive(old.archive_url)}
    elif old.resource_key:
        source = {"file_id": old.resource_key}
    else:
        raise UserError(words.NOT_REPEATABLE)
    return source | _without_empty(
        docker_tags=_unique(old.tags),
        dockerfile_path=old.dockerfile_path,
        context=old.context,
        pull_robot=old.pull_robot.name,
    )


def run(branch: str | None, commit: str | None) -> dict[str, Any]:
    """Parameters for starting a trigger: a commit for custom git, a branch for hosted services. Raises UserError."""
    if bool(branch) == bool(commit):
        raise UserError(words.BRANCH_OR_COMMIT)
    if commit:
        if not _SHA.fullmatch(commit):
            raise UserError(words.BAD_COMMIT)
        return {"commit_sha": commit}
    return {"refs": {"kind": "branch", "name": (branch or "").removeprefix("refs/heads/")}}


def same_run(old: BuildShape) -> dict[str, Any]:
    """Parameters that start `old`'s trigger for the same commit (custom git) or the same branch or tag (hosted).

    A hosted service takes no commit: its branch may have moved on since.
    """
    if old.trigger.service == CUSTOM_GIT:
        if _SHA.fullmatch(old.trigger_metadata.commit):
            return {"commit_sha": old.trigger_metadata.commit}
        raise UserError(words.NOT_REPEATABLE)
    for prefix, kind in _REFS.items():
        name = old.trigger_metadata.ref.removeprefix(prefix)
        if name and name != old.trigger_metadata.ref:
            return {"refs": {"kind": kind, "name": name}}
    raise UserError(words.NOT_REPEATABLE)


def _unique(tags: Sequence[str]) -> list[str]:
    """Each tag once, in order: Quay refuses repeated ones."""
    return list(dict.fromkeys(tags))


def _without_empty(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}
