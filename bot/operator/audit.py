"""The audit on the command line: listed, its chain verified, and exported for other programs."""

from collections import deque
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

from bot.blocks.audit_words import outcome_words
from bot.blocks.clean import one_line
from bot.blocks.text import count
from bot.domain.errors import UserError
from bot.domain.people import Person
from bot.operator.opening import opened
from bot.ports import Line, Store
from bot.rules.chain import FIRST, fault
from bot.services.references import NAME, REFERENCE, as_name
from bot.settings import Settings

_SHOWN = 160  # characters of a detail or of parameters that fit on a line
_HASH = 64


async def list_audit(settings: Settings, *, target: str, person: str, reference: str, last: int) -> list[str]:
    """The newest lines that fit, the oldest first. Raises UserError for a person or a reference that cannot be one."""
    team, _, user = person.rpartition("/")
    if person and not (user[:1] in ("U", "W") and user.isalnum()):
        raise UserError(
            f"{one_line(person)[:40]!r} is not a Slack user id. Ids look like U0123ABCD, or T0456EFG/U0123ABCD"
        )
    name = as_name(reference)
    if name and not (REFERENCE.fullmatch(name) or NAME.fullmatch(name)):
        raise UserError(
            f"{one_line(reference)[:40]!r} is not a reference. References look like KDWF-4071, and names of requests "
            "for approval like K7PX4"
        )
    async with opened(settings, reading=True) as store:
        if user and not team:
            lines = await _of_user(store, user, target, name, last)
        else:
            who = Person(team, user) if user else None
            newest = await store.audit.newest(person=who, target=target, reference=name, limit=last)
            lines = newest[::-1]
    return [_line(line) for line in lines] or ["There are no such lines in the audit."]


async def verify_audit(settings: Settings, head: str = "") -> str:
    """Walk the whole chain. Raises UserError with the first line that is wrong, or if `head` is not in it any more."""
    wanted = head.strip().lower()
    if wanted and not (len(wanted) == _HASH and all(char in "0123456789abcdef" for char in wanted)):
        raise UserError("That is no hash of the audit: one has 64 characters, 0 to 9 and a to f.")
    number, previous, found = 0, FIRST, ""
    async with opened(settings, reading=True) as store:
        try:
            async for line in store.audit.all():
                if trouble := fault(line, number + 1, previous):
                    raise _broken(trouble, number)
                number, previous = line.number, line.hash
                found = f" It holds the hash that you noted, as line {number:,}." if previous == wanted else found
        except (ValueError, TypeError, OverflowError):  # what stands there is nothing that the bot ever writes
            raise _broken(f"line {number + 1}, or one soon after it, cannot be read: it was changed", number) from None
    if wanted and not found:
        raise UserError(
            "The audit is broken: the hash that you noted is not in it any more. Its end was cut off, or all of it was "
            f"written anew ({_lines(number)} now)."
        )
    if not number:
        return "The audit is empty."
    return f"The audit is whole: {_lines(number)}.{found} Note its head down elsewhere: {previous}"


async def export_audit(settings: Settings, since: str, write: Callable[[dict[str, Any]], None]) -> None:
    """Give every line from that day (or time) on to `write`, one by one. Raises UserError for what is no date."""
    start = _moment(since) if since else None
    async with opened(settings, reading=True) as store:
        async for line in store.audit.all(since=start):
            write(_data(line))


async def _of_user(store: Store, user: str, target: str, reference: str, last: int) -> tuple[Line, ...]:
    """Of that user, whatever their workspace: the chain is read as a whole, for it is in order by workspace first."""
    found: deque[Line] = deque(maxlen=last)
    async for line in _fitting(store, target, reference):
        if line.deed.person.user == user:
            found.append(line)
    return tuple(found)


async def _fitting(store: Store, target: str, reference: str) -> AsyncIterator[Line]:
    async for line in store.audit.all():
        deed = line.deed
        inside = deed.act.target == target or deed.act.target.startswith((f"{target}/", f"{target}:"))
        if (not target or inside) and reference in ("", deed.reference, deed.approval):
            yield line


def _moment(word: str) -> datetime:
    try:
        found = datetime.fromisoformat(word)
    except ValueError:
        raise UserError(
            f"{one_line(word)[:40]!r} is no date. Dates look like 2026-03-04, or 2026-03-04T05:06:07+01:00"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _broken(trouble: str, number: int) -> UserError:
    return UserError(f"The audit is broken: {trouble}. What comes before it is whole ({_lines(number)}).")


def _lines(number: int) -> str:
    return count(number, "line")


def _line(line: Line) -> str:
    deed = line.deed
    given = " ".join(f"{name}={value}" for name, value in sorted(deed.act.parameters.items()))
    words = (
        f"{line.number}",
        f"{deed.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
        f"{deed.person.team}/{deed.person.user}",
        deed.username or "-",
        deed.channel or "-",
        f"{deed.act.name} {deed.act.target}".strip(),
        _cut(given),
        outcome_words(deed.outcome) + (f": {_cut(deed.detail)}" if deed.detail else ""),
        deed.reference,
        deed.approval,
    )
    return "  ".join(one_line(word) for word in words if word)


def _data(line: Line) -> dict[str, Any]:
    """The documented keys of the export (docs/audit.md)."""
    deed = line.deed
    return {
        "number": line.number,
        "at": deed.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "reference": deed.reference,
        "team": deed.person.team,
        "user": deed.person.user,
        "quay_account": deed.username,
        "channel": deed.channel,
        "act": deed.act.name,
        "target": deed.act.target,
        "parameters": dict(sorted(deed.act.parameters.items())),
        "outcome": deed.outcome.value,
        "detail": deed.detail,
        "approval": deed.approval,
        "quay_log": deed.quay_log,
        "previous": line.previous,
        "hash": line.hash,
    }


def _cut(words: str) -> str:
    return words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…"
