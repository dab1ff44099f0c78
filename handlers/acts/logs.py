"""The act "logs": reading Quay's own usage log, of a repository or of a namespace."""

import json
from collections.abc import Mapping
from datetime import datetime

from bot.blocks.csv_file import Sheet
from bot.blocks.limits import BUTTON_VALUE
from bot.blocks.text import code, count, plain, when
from bot.blocks.usage_list import Part, message, rows
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.services.gate import Going
from handlers.command import ActKind, Desk, Reply
from handlers.words import whisper

NAME = "logs"
MOST = 2_000  # rows in a file
_CALLS = 40  # parts of about twenty entries that are read for it
_KEYS = ("since", "until", "kind", "by")
_PAGE, _AS = "page", "as"


def wanted(target: str, since: datetime, until: datetime, *, kind: str = "", by: str = "") -> Act:
    """That time of the log of "ns/repo" or "ns"; entries of one kind, or by one account, if given."""
    given = {"since": since.isoformat(), "until": until.isoformat(), "kind": kind, "by": by}
    return Act(NAME, target, {key: value for key, value in given.items() if value})


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """A part of it for whoever asked alone, later parts in place of the one before; or a file with all of it."""
    if act.parameters.get(_AS) == "file":
        return await _file(act, going, desk)
    since, until, kind, by = _asked(act)
    page = act.hidden.get(_PAGE, "")
    found = await going.quay.log_page(act.target, since, until, kind=kind, by=by, next_page=page)
    going.result.detail = "A part of the usage log was shown to whoever asked."
    older = packed(act, found.next) if found.next else ""
    csv = packed(act, "") if found.entries else ""
    shown = Part(act.target, since, found.entries, kind, by, older=older, csv=csv, again=bool(page))
    return Reply(message(shown), replace=bool(page))


async def _file(act: Act, going: Going, desk: Desk) -> Reply:
    """All of that time as a file, as much as a file holds."""
    since, until, kind, by = _asked(act)
    sheet, page = Sheet(), ""
    for _ in range(_CALLS):
        found = await going.quay.log_page(act.target, since, until, kind=kind, by=by, next_page=page)
        sheet.add(rows(found.entries, act.target))
        page = found.next
        if not page or sheet.rows >= MOST:
            break
    name = act.target.replace("/", "-").replace("+", "-")[:60]
    about = f"The usage log of {code(act.target, 200)} since {when(since)}: {count(sheet.rows, 'entry')}"
    short = " It is the newest part: the rest did not fit." if page else ""
    day = desk.clock.now().strftime("%Y-%m-%d")
    await desk.voice.upload(going.person.user, f"quay-log-{name}-{day}.csv", sheet.data(), f"{about}.{short}")
    going.result.detail = f"A file with {count(sheet.rows, 'entry')} went to whoever asked."
    return whisper(f"The file is in your direct messages with me: {count(sheet.rows, 'entry')}.{short}")


def packed(act: Act, page: str) -> str:
    """The question as the value of a button, with Quay's token of a page; "" where it does not fit into one."""
    value = json.dumps([act.target, *(act.parameters.get(key, "") for key in _KEYS), page])
    return value if len(value) <= BUTTON_VALUE else ""


def unpacked(value: str, *, file: bool = False) -> Act:
    """The act that a button means. Raises UserError if that is none of ours."""
    try:
        target, *given, page = json.loads(value)
    except (ValueError, TypeError, RecursionError):
        raise _strange() from None
    if len(given) != len(_KEYS) or not all(isinstance(one, str) for one in (target, *given, page)):
        raise _strange()
    asked = {key: text for key, text in zip(_KEYS, given, strict=True) if text}
    act = Act(NAME, target, asked | ({_AS: "file"} if file else {}), {_PAGE: page} if page else {})
    _asked(act)
    return act


def _asked(act: Act) -> tuple[datetime, datetime, str, str]:
    given: Mapping[str, str] = act.parameters
    try:
        since, until = datetime.fromisoformat(given["since"]), datetime.fromisoformat(given["until"])
    except (KeyError, ValueError):
        raise _strange() from None
    if since.tzinfo is None or until.tzinfo is None:
        raise _strange()
    return since, until, given.get("kind", ""), given.get("by", "")


def says(act: Act) -> str:
    """Whose log, and what of it."""
    given = act.parameters
    only = f", only {code(given['kind'])}" if given.get("kind") else ""
    whose = f", by {plain(given['by'], 100)}" if given.get("by") else ""
    how = "as a file" if given.get(_AS) == "file" else "here"
    span = f"from {_moment(given.get('since', ''))} to {_moment(given.get('until', ''))}"
    return f"Read the usage log of {code(act.target, 260)} {span}{only}{whose}. Only whoever asked will get it, {how}."


def _moment(text: str) -> str:
    """The time in the reader's zone; whatever else stands there as it is."""
    try:
        return when(datetime.fromisoformat(text))
    except (ValueError, OverflowError, OSError):
        return plain(text, 40)


def _strange() -> UserError:
    return UserError("This button is of an older version of me. Please ask again with `/quay logs`.")


KIND = ActKind(name=NAME, run=run, says=says)
