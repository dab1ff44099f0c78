"""Answers into our own nouns: Answer → Build, BuildLog, Trigger. Raises GiveUp when what we need is not there."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.adapters.quay import words
from bot.adapters.quay.answers import Answer, NotJson
from bot.adapters.quay.shapes import BuildShape, LogShape, StatusShape, TriggerShape
from bot.adapters.quay.shapes_people import TagsShape
from bot.domain.errors import GiveUp
from bot.domain.events import Phase, Progress
from bot.domain.repositories import Trigger
from bot.ports import Build, BuildLog, LogLine
from bot.rules.addresses import masked, without_credentials

_Shape = TypeVar("_Shape", bound=BaseModel)
_END = datetime(9999, 1, 1, tzinfo=UTC).timestamp()  # near the last year of Python's calendar no day can be added
_KINDS = {"phase", "command", "error"}
_SCP_PASSWORD = re.compile(r"^[^/@\s:]*:[^@\s]*@")


def shaped(answer: Answer, shape: type[_Shape], host: str) -> _Shape:
    """The answer in its shape. The error names keys, never values: they may be secrets."""
    try:
        return shape.model_validate(answer.json())
    except NotJson:
        page = answer.body.lstrip()[:1] == b"<"
        why = f"no JSON: {answer.glimpse}" if page else "no JSON"
    except ValidationError as wrong:
        why = ", ".join(f"{'.'.join(map(str, one['loc'])) or 'document'}: {one['type']}" for one in wrong.errors())
    why = f"{shape.__name__}: status {answer.status}, {len(answer.body)} bytes, {why}"
    raise GiveUp(words.not_understood(host), detail=why)


def to_build(raw: BuildShape, repository: str) -> Build:
    """The part of a build that may be shown. `repository` is the one that was asked about."""
    named, info, phase = raw.repository, raw.trigger_metadata.commit_info, to_phase(raw.phase)
    return Build(
        id=raw.id,
        repository=f"{named.namespace}/{named.name}" if named.namespace and named.name else repository,
        phase=phase,
        name=raw.display_name,
        tags=raw.tags,
        started=to_time(raw.started),
        requested_by=raw.manual_user,
        trigger=raw.trigger.service,
        ref=raw.trigger_metadata.ref,
        commit=raw.trigger_metadata.commit,
        commit_url=without_credentials(info.url) if info.url.startswith(("http://", "https://")) else "",
        commit_message=info.message,
        author=info.author.username or info.author.name,
        error=masked(raw.error),
        progress=to_progress(raw.status, phase),
    )


def to_phase(word: str) -> Phase:
    """Our phase for Quay's word; UNKNOWN for words of other versions."""
    try:
        return Phase(word)
    except ValueError:
        return Phase.UNKNOWN


def moment(seconds: float | None) -> datetime | None:
    """That many seconds after 1970, in UTC; None outside of the years that others can still reckon with."""
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None and 0 <= seconds < _END else None


def to_time(text: str) -> datetime | None:
    """An RFC 2822 date in UTC. Its "-0000" means UTC and gives a naive value (facts §3.1)."""
    try:
        found = parsedate_to_datetime(text)
        return moment((found.replace(tzinfo=UTC) if found.tzinfo is None else found).timestamp())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def to_progress(status: StatusShape, phase: Phase) -> Progress | None:
    """How far it is; None when the builder says nothing. A push of 0 only means something while it pushes."""
    pushed = status.push_completion if phase is Phase.PUSHING or status.push_completion else None
    if not status.total_commands and not status.current_command and pushed is None:
        return None
    return Progress(step=status.current_command, steps=status.total_commands, pushed=pushed)


def to_trigger(raw: TriggerShape) -> Trigger:
    """A trigger without its secrets."""
    return Trigger(raw.id, raw.service, raw.is_active, raw.enabled, to_source(raw.build_source))


def to_source(address: str) -> str:
    """Where a trigger builds from, without user, password, query and fragment. "git@host:path" names no secret."""
    bare = re.split(r"[?#]", address, maxsplit=1)[0]
    return without_credentials(bare) if "://" in bare else _SCP_PASSWORD.sub("", bare)


def to_digest(raw: TagsShape, tag: str, now: datetime, host: str) -> str:
    """The digest of the living row of that tag; a row that ends later lives still (facts §3.1).

    Raises GiveUp for a living tag without a digest: "no such tag" would be a lie.
    """
    for row in raw.tags:
        if row.name == tag and (row.end_ts is None or row.end_ts > now.timestamp()):
            if row.manifest_digest:
                return row.manifest_digest
            raise GiveUp(words.not_understood(host), detail="TagsShape: a living tag without a digest")
    return ""


def to_log(raw: LogShape, start: int) -> BuildLog:
    """A page of the log. Every entry is one line, odd ones are empty, so that counting on stays right."""
    begin = raw.start if _is_count(raw.start) else start
    lines = tuple(_line(entry) for entry in raw.logs or ())
    total = raw.total if _is_count(raw.total) else begin + len(lines)
    return BuildLog(begin, total, lines, archived=raw.logs is None)


def _line(entry: Any) -> LogLine:
    text = entry.get("message") if isinstance(entry, dict) else entry
    kind = entry.get("type") if isinstance(entry, dict) else ""
    clean = text.encode("utf-8", "replace").decode() if isinstance(text, str) else ""
    return LogLine(clean, kind if isinstance(kind, str) and kind in _KINDS else "")


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
