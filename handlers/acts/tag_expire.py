"""The act "tag expire": a tag ends at a certain time, or never by itself."""

import asyncio
from datetime import UTC, datetime

from bot.blocks.layout import section
from bot.blocks.tag_changes import ends, name
from bot.blocks.tag_marks import image
from bot.blocks.text import code, plain
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.domain.images import TagRow
from bot.domain.said import utc
from bot.domain.sight import Sight
from bot.ports import Quay
from bot.rules.clocks import both_clocks
from bot.services.gate import Going
from bot.services.moving import end_mark
from handlers.acting.carrying import Change, Seen, carry_out, tell
from handlers.acting.proposing import Undo
from handlers.acts.blaming import from_log
from handlers.acts.tagging import LOOK, blame, changeable, missing, moved_meanwhile, present, since_mark
from handlers.clocks import zone_of
from handlers.command import ActKind, Desk, Preview, Reply

NAME = "tag expire"
END, WAS = "ends", "was"  # ISO times in UTC, to the second as Quay has them
NEVER = "never"


def wanted(target: str, at: datetime | None) -> Act:
    """The act for a time; None: it ends never by itself."""
    return Act(NAME, target, {END: written(at)})


def written(at: datetime | None) -> str:
    """A time as the act holds it."""
    return NEVER if at is None else at.astimezone(UTC).replace(microsecond=0).isoformat()


async def resolve(act: Act, quay: Quay) -> Act:
    """What the tag has now, and when it ends now."""
    row = await _row(act, quay)
    if row is None:
        raise await missing(act.repository, act.tag, quay)
    was = written(row.expires)
    if was == act.parameters[END]:
        how = "never ends by itself" if was == NEVER else f"ends at {_clock(row.expires)}"
        raise UserError(f"{act.tag} {how} already. There is nothing to change.")
    return Act(NAME, act.target, {**act.parameters, WAS: was, "digest": row.digest})


async def pinned(act: Act, quay: Quay) -> str:
    """The tag's digest, since when it has that, and when it ends."""
    return _state(act, await present(act, quay))


async def preview(act: Act, going: Going, desk: Desk) -> Preview:
    """When it ends now, and when it will."""
    row, found = await asyncio.gather(_row(act, going.quay), going.quay.repositories.get(act.repository))
    changeable(found, "let tags expire")
    if row is None or written(row.expires) != act.parameters[WAS]:
        raise moved_meanwhile(act)
    at = _time(act.parameters[END])
    late = at is not None and at <= desk.clock.now()
    if late:
        raise UserError("That time has passed. To remove a tag at once, use `/quay tag delete`.")
    lines = (
        f"*Change when {name(act.repository, act.tag)} ends*",
        f"*Now:* {image(row.digest)} · {ends(row.expires)}",
        f"*Then:* {await _typed(at, going, desk)}",
        *(["Quay removes it then by itself, as if somebody had deleted it."] if at else []),
    )
    return Preview((section("\n".join(lines)),), yes="Change", danger=at is not None)


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Change it, look whether it is so, and tell the channel."""
    quay, end, was = going.quay, _time(act.parameters[END]), _time(act.parameters[WAS])
    seen = await carry_out(
        quay.tagging.expire(act.repository, act.tag, end),
        lambda: _row(act, quay),
        lambda row: row is not None and written(row.expires) == act.parameters[END],
    )
    told = f"it {await _typed(end, going, desk)} (before: it {ends(was)})"
    change = Change(
        did=f"changed when {name(act.repository, act.tag)} ends: {told}.",
        now=_now(seen, act),
        other=f"it {ends(seen.found.expires)}" if seen.found else "the tag was gone",
        where=LOOK,
        undo=_undo(act, seen.found) if seen.found else None,
        again=f"it {ends(end)}, as before",
    )
    return await tell(seen, change, going, desk)


async def _typed(at: datetime | None, going: Going, desk: Desk) -> str:
    """When it ends, exactly, on the clock of whoever typed that."""
    return f"ends {code(both_clocks(at, await zone_of(going.person, desk)))}" if at else ends(None)


def _now(seen: Seen[None, TagRow | None], act: Act) -> str:
    """What was found, for the audit."""
    if seen.sight is Sight.OTHER:
        return f"ends {written(seen.found.expires)}" if seen.found else "the tag is gone"
    return f"ends {act.parameters[END]}"


def says(act: Act) -> str:
    """Which tag, and when it ends before and after."""
    at, was = (_said(act.parameters.get(key, NEVER)) for key in (END, WAS))
    return f"Change when {name(act.repository, act.tag)} ends: it {at}. Now it {was}."


def _said(text: str) -> str:
    try:
        return ends(_time(text))
    except ValueError:  # it is only shown here
        return f"ends {plain(text, 80)}"


def _undo(act: Act, row: TagRow) -> Undo:
    """The way back, bound to what was seen after the change."""
    before, now = act.parameters[WAS], act.parameters[END]
    at = _time(before)
    asked = f"Let {act.target[:200]} {'end at ' + _clock(at) if at else 'never end by itself'} again?"
    return Undo(Act(NAME, act.target, {END: before, WAS: now, "digest": row.digest}), _state(act, row), asked)


async def _row(act: Act, quay: Quay) -> TagRow | None:
    """The living row of the tag. Quay has left out what ended by its own clock."""
    row = await present(act, quay)
    return row if row and row.end is None else None


def _state(act: Act, row: TagRow | None) -> str:
    end = row.expires if row and row.end is None else None
    return f"{since_mark(act, row)} {end_mark(act.tag, written(end))}"


def _time(text: str) -> datetime | None:
    return None if text == NEVER else datetime.fromisoformat(text)


_of_expiry = from_log("change_tag_expiration", lambda act, entry: entry.about.get("tag") == act.tag)


def _clock(at: datetime | None) -> str:
    return utc(at) if at else NEVER


async def blamed(act: Act, going: Going, now: datetime) -> str:
    """Who changed the expiry; or the tag itself, if it is another image now, or none."""
    row = await present(act, going.quay)
    if row is None or row.end is not None or row.digest != act.parameters.get("digest"):
        return await blame(act, going, now)
    return await _of_expiry(act, going, now) or await blame(act, going, now)


KIND = ActKind(
    name=NAME,
    run=run,
    says=says,
    resolve=resolve,
    pin=pinned,
    quay_log="change_tag_expiration",
    preview=preview,
    blame=blamed,
)
