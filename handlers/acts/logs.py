"""The act "logs": reading Quay's own usage log, of a repository or of a namespace."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.blocks.csv_file import Sheet
from bot.blocks.paging import pack
from bot.blocks.text import code, count, plain, when
from bot.blocks.usage_list import Part, message, rows
from bot.domain.acts import Act
from bot.services.gate import Going
from handlers.command import ActKind, Desk, Reply
from handlers.paging import strange, unpack
from handlers.words import whisper

NAME = "logs"
MOST = 2_000  # rows in a file
_CALLS = 100  # to Quay for one file, of about twenty entries each; a part that is begun is read to its end
_PATIENCE = 20.0  # seconds for one file
_FULL = " It is the newest part: the rest did not fit."
_SLOW = " I looked through the newest part only: all of it would have taken too long. Please ask for a shorter time."
_KEYS = ("since", "until", "kind", "by")
_PAGE, _AS = "page", "as"


def wanted(target: str, since: datetime, until: datetime, *, kind: str = "", by: str = "") -> Act:
    """That time of the log of "ns/repo" or "ns"; entries of one kind, or by one account, if given."""
    given = {"since": since.isoformat(), "until": until.isoformat(), "kind": kind, "by": by}
    return Act.of(NAME, target, given)


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
    return Reply(message(Part(act.target, since, found.entries, kind, by, older=older, csv=csv, again=bool(page))))


async def _file(act: Act, going: Going, desk: Desk) -> Reply:
    """All of that time as a file, as much as a file holds."""
    sheet = Sheet()
    cut = await _gather(act, going, sheet)
    if cut and not sheet.rows:
        going.result.detail = "Nothing was found in the newest part of it."
        return whisper(f"I found nothing that fits so far, so there is no file.{cut}")
    name = act.target.replace("/", "-").replace("+", "-")[:60]
    entries = count(sheet.rows, "entry")
    about = f"The usage log of {code(act.target, 200)} since {when(_asked(act)[0])}: {entries}"
    day = desk.clock.now().strftime("%Y-%m-%d")
    await desk.voice.upload(going.person.user, f"quay-log-{name}-{day}.csv", sheet.data(), f"{about}.{cut}")
    going.result.detail = f"A file with {entries} went to whoever asked."
    return whisper(f"The file is in your direct messages with me: {entries}.{cut}")


async def _gather(act: Act, going: Going, sheet: Sheet) -> str:
    """Fill the sheet, newest entries first; "" if that is all, else a sentence that says why there is no more."""
    since, until, kind, by = _asked(act)
    calls, page = 0, ""
    try:
        async with asyncio.timeout(_PATIENCE):
            while calls < _CALLS and sheet.rows < MOST:
                found = await going.quay.log_page(act.target, since, until, kind=kind, by=by, next_page=page)
                sheet.add(rows(found.entries, act.target))
                calls, page = calls + found.calls, found.next
                if not page:
                    return ""
    except TimeoutError:  # what is there already is worth having
        return _SLOW
    return _FULL if sheet.rows >= MOST else _SLOW


def packed(act: Act, page: str) -> str:
    """The question as the value of a button, with Quay's token of a page; "" where it does not fit into one."""
    return pack(act.target, *(act.parameters.get(key, "") for key in _KEYS), page)


def unpacked(value: str, *, file: bool = False) -> Act:
    """The act that a button means. Raises UserError if that is none of ours."""
    (target, *given, page), _ = unpack(value, len(_KEYS) + 2, NAME)
    act = Act.of(NAME, target, {**dict(zip(_KEYS, given, strict=True)), _AS: "file" if file else ""})
    _asked(act)
    return replace(act, hidden={_PAGE: page}) if page else act


def _asked(act: Act) -> tuple[datetime, datetime, str, str]:
    given: Mapping[str, str] = act.parameters
    try:
        since, until = datetime.fromisoformat(given["since"]), datetime.fromisoformat(given["until"])
    except (KeyError, ValueError):
        raise strange(NAME) from None
    if since.tzinfo is None or until.tzinfo is None:
        raise strange(NAME)
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


KIND = ActKind(name=NAME, run=run, says=says, looks=True)
