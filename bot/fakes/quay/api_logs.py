"""Quay's usage log over the API, of repositories and of organizations (facts §3.5)."""

import contextlib
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from bot.fakes.quay import answers, paging
from bot.fakes.quay.call import Call
from bot.fakes.quay.identities import LogRow
from bot.fakes.quay.views import when
from bot.fakes.quay.views_people import avatar

_PAGE = 20
_DAY = timedelta(days=1)


def _row(call: Call, row: LogRow) -> dict[str, Any]:
    view: dict[str, Any] = {"kind": row.kind, "metadata": row.metadata, "ip": "127.0.0.1", "datetime": when(row.at)}
    if row.performer is not None:
        robot = row.performer in call.quay.robots
        picture = avatar(row.performer, "robot" if robot else "user")
        view["performer"] = {"kind": "user", "name": row.performer, "is_robot": robot, "avatar": picture}
    return view


def _date(call: Call, key: str) -> datetime | None:
    """A date of the query; everything but MM/DD/YYYY is silently ignored."""
    with contextlib.suppress(ValueError):
        return datetime.strptime(call.request.query.get(key, ""), "%m/%d/%Y").replace(tzinfo=UTC)
    return None


def _window(call: Call) -> tuple[datetime, datetime]:
    """From when until when: yesterday until tomorrow where nothing usable is said; the last day is in it."""
    now = call.quay.clock.now()
    start, end = _date(call, "starttime"), _date(call, "endtime")
    return start or now - _DAY, end + _DAY if end else now + _DAY


def _answer(call: Call, rows: list[LogRow]) -> web.Response:
    start, end = _window(call)
    performer = call.request.query.get("performer")
    found = [row for row in rows if start <= row.at < end and performer in (None, row.performer)]
    shown, more = paging.page(call, found, _PAGE)
    logs = [_row(call, row) for row in shown]
    return answers.answer({"start_time": when(start), "end_time": when(end), "logs": logs, **more})


async def of_repository(call: Call) -> web.Response:
    """GET repository/<r>/logs: newest first, for its admins with repo:admin."""
    found = call.repository("admin")
    place = (found.namespace, found.name)
    return _answer(call, [row for row in reversed(call.quay.usage) if (row.namespace, row.repository) == place])


async def of_organization(call: Call) -> web.Response:
    """GET organization/<org>/logs: newest first, its repositories included; `performer` picks one person's."""
    name = call.organization().name
    return _answer(call, [row for row in reversed(call.quay.usage) if row.namespace == name])
