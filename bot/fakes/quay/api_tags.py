"""Tags over the API: list with history, restore, move, expire, delete (facts §3.1)."""

import re
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from bot.fakes.quay import answers
from bot.fakes.quay.call import Call
from bot.fakes.quay.images import TagRow
from bot.fakes.quay.records import FakeRepository
from bot.fakes.quay.views_images import row_view

_NAME = re.compile(r"[\w][\w.-]{0,127}", re.ASCII)
_BAD_NAME = 'Invalid tag: must match [A-Za-z0-9_.-], NOT start with "." or "-", and can contain 1-128 characters'
_BAD_REQUEST = "The browser (or proxy) sent a request that this server could not understand."
_BAD_FILTER = (
    "Unsupported syntax for filter_tag_name. Expected <operation>:<tag_name> where <operation>can be 'like' or 'eq'."
)
_IMMUTABLE = "The tag is immutable and cannot be modified or deleted."
_RESTORE = {
    "type": "object",
    "description": "Restores a tag to a specific image",
    "properties": {
        "manifest_digest": {
            "type": "string",
            "description": "If specified, the manifest digest that should be used",
        }
    },
}
_CHANGE = {
    "type": "object",
    "properties": {
        "manifest_digest": {"type": ["string", "null"]},
        "expiration": {"type": ["number", "null"]},
        "immutable": {"type": ["boolean", "null"]},
    },
}


def _matches(call: Call, row: TagRow) -> bool:
    query = call.request.query
    kind, _, wanted = query.get("filter_tag_name", "").partition(":")
    return (
        (not call.flag("onlyActiveTags") or row.alive(call.quay.clock.now()))
        and (query.get("specificTag") or row.name) == row.name
        and (kind != "like" or wanted in row.name)
        and (kind != "eq" or wanted == row.name)
    )


async def list_tags(call: Call) -> web.Response:
    """GET tag/: newest first, dead rows included unless onlyActiveTags; limits out of range are clamped."""
    found = call.repository("read")
    help_text = "Limit to the number of results to return per page. Max 100."
    limit = min(max(call.number("limit", 50, help_text), 1), 100)
    page = max(call.number("page", 1, "Page index for the results. Default 1."), 1)
    kind, colon, _ = (call.request.query.get("filter_tag_name") or "eq:").partition(":")
    if kind not in {"like", "eq"} or not colon:
        raise answers.message(400, _BAD_FILTER)
    rows = [row for row in found.newest_first() if _matches(call, row)]
    start = (page - 1) * limit
    shown = [row_view(found, row, immutable=call.quay.immutable_tags) for row in rows[start : start + limit]]
    return answers.answer({"tags": shown, "page": page, "has_additional": len(rows) > start + limit})


def _guard(call: Call, row: TagRow | None) -> None:
    """409 for a row that nobody may change."""
    if row is not None and row.immutable and call.quay.immutable_tags:
        raise call.problem("tag_immutable", _IMMUTABLE)


def _note(call: Call, kind: str, found: FakeRepository, **more: Any) -> None:
    who = call.who.user.name if call.who else ""
    call.note(kind, found.full_name, username=who, repo=found.name, **more)


async def restore(call: Call) -> web.Response:
    """POST tag/<tag>/restore: any digest of the repository and any name will do, and nobody is told."""
    found, tag, now = call.repository("write", writes=True), call.names["tag"], call.quay.clock.now()
    digest = (await call.body(_RESTORE)).get("manifest_digest")
    if digest is None:
        raise call.problem("invalid_request", "Missing manifest_digest")
    if found.known(digest) is None:
        raise call.missing()
    _guard(call, found.living(tag, now))
    found.point(tag, digest, now, reversion=True)
    _note(call, "revert_tag", found, tag=tag, manifest_digest=digest)
    call.quay.changed()
    return answers.answer({})


async def change(call: Call) -> web.Response:
    """PUT tag/<tag>: expiration, digest, and (with that feature) immutable; other keys change nothing."""
    found, tag = call.repository("write", writes=True), call.names["tag"]
    wish = await call.body(_CHANGE)
    if not _NAME.fullmatch(tag):
        raise answers.message(400, _BAD_NAME)
    if call.quay.immutable_tags and wish.get("immutable") is not None:
        _set_immutable(call, found, tag, immutable=wish["immutable"])
    if "expiration" in wish:
        _set_expiration(call, found, tag, wish["expiration"])
    if "manifest_digest" in wish:
        _move(call, found, tag, wish["manifest_digest"])
    call.quay.changed()
    return answers.answer("Updated", 201)


def _living(call: Call, found: FakeRepository, tag: str) -> TagRow:
    row = found.living(tag, call.quay.clock.now())
    if row is None:
        raise call.missing()
    return row


def _set_immutable(call: Call, found: FakeRepository, tag: str, *, immutable: bool) -> None:
    row = _living(call, found, tag)
    before, row.immutable = row.immutable, immutable
    about = {"namespace": found.namespace, "immutable": immutable, "previous_immutable": before}
    _note(call, "change_tag_immutability", found, tag=tag, **about)


def _set_expiration(call: Call, found: FakeRepository, tag: str, wish: float | None) -> None:
    row = _living(call, found, tag)
    end = None
    if wish is not None:
        try:
            end = datetime.fromtimestamp(wish, UTC)
        except (ValueError, OverflowError, OSError):
            raise answers.message(400, _BAD_REQUEST) from None
        if end <= call.quay.clock.now():
            raise answers.message(400, _BAD_REQUEST)
    _guard(call, row)
    before, row.end = row.end, end
    if before is None and end is None:
        return
    stamps = [int(moment.timestamp()) if moment else None for moment in (end, before)]
    about = {"namespace": found.namespace, "expiration_date": stamps[0], "old_expiration_date": stamps[1]}
    _note(call, "change_tag_expiration", found, tag=tag, **about)


def _move(call: Call, found: FakeRepository, tag: str, digest: str | None) -> None:
    """Only digests that a living tag has can be taken here, other than in `restore`."""
    now = call.quay.clock.now()
    before = found.living(tag, now)
    if digest is None or found.shown(digest, now) is None:
        raise call.missing()
    _guard(call, before)
    old = before.digest if before else None
    found.point(tag, digest, now)
    about = {"namespace": found.namespace, "manifest_digest": digest, "original_manifest_digest": old}
    _note(call, "move_tag" if before else "create_tag", found, tag=tag, **about)


async def delete(call: Call) -> web.Response:
    """DELETE tag/<tag>: its row ends now; one that is not there is 404."""
    found, tag = call.repository("write", writes=True), call.names["tag"]
    row = _living(call, found, tag)
    _guard(call, row)
    row.end = call.quay.clock.now()
    _note(call, "delete_tag", found, namespace=found.namespace, tag=tag)
    call.quay.changed()
    return answers.nothing()
