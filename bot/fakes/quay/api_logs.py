"""The usage log over the API: of a repository, an organization, the caller; `performer` picks one's (facts §3.5)."""

import contextlib
from collections import Counter
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


def _asked(call: Call, rows: list[LogRow]) -> list[LogRow]:
    """Those of the window, and of `performer` if one is named."""
    start, end = _window(call)
    performer = call.request.query.get("performer")
    return [row for row in rows if start <= row.at < end and performer in (None, row.performer)]


def _answer(call: Call, rows: list[LogRow]) -> web.Response:
    start, end = _window(call)
    found = _asked(call, rows)
    shown, more = paging.page(call, found, _PAGE)
    logs = [_row(call, row) for row in shown]
    return answers.answer({"start_time": when(start), "end_time": when(end), "logs": logs, **more})


def _counts(call: Call, rows: list[LogRow]) -> web.Response:
    """How many there were of each kind on each day."""
    kinds = Counter((row.kind, row.at.replace(hour=0, minute=0, second=0, microsecond=0)) for row in _asked(call, rows))
    counted = [{"kind": kind, "count": count, "datetime": when(day)} for (kind, day), count in kinds.items()]
    return answers.answer({"aggregated": counted})


def _newest_first(call: Call) -> list[LogRow]:
    """All rows; what happened at the same moment in the order in which it was written down, turned round."""
    return sorted(call.quay.usage, key=lambda row: row.at)[::-1]


def _repository(call: Call) -> list[LogRow]:
    """The rows about the repository, newest first: for its admins with repo:admin."""
    found = call.repository("admin")
    place = (found.namespace, found.name)
    return [row for row in _newest_first(call) if (row.namespace, row.repository) == place]


def _namespace(call: Call, name: str) -> list[LogRow]:
    """The rows about a namespace and its repositories, newest first."""
    return [row for row in _newest_first(call) if row.namespace == name]


async def of_repository(call: Call) -> web.Response:
    """GET repository/<r>/logs."""
    return _answer(call, _repository(call))


async def of_organization(call: Call) -> web.Response:
    """GET organization/<org>/logs: for its admins with org:admin."""
    return _answer(call, _namespace(call, call.organization().name))


async def of_user(call: Call) -> web.Response:
    """GET user/logs: of the caller's own namespace, with user:admin."""
    return _answer(call, _namespace(call, call.person("user:admin").user.name))


async def counts_of_repository(call: Call) -> web.Response:
    """GET repository/<r>/aggregatelogs."""
    return _counts(call, _repository(call))


async def counts_of_organization(call: Call) -> web.Response:
    """GET organization/<org>/aggregatelogs."""
    return _counts(call, _namespace(call, call.organization().name))


async def counts_of_user(call: Call) -> web.Response:
    """GET user/aggregatelogs."""
    return _counts(call, _namespace(call, call.person("user:admin").user.name))
