"""The act "tag expire": a tag ends at a certain time, or never by itself."""

import asyncio
from datetime import UTC, datetime

from bot.blocks.layout import section
from bot.blocks.tag_changes import GONE, ends, image, name
from bot.blocks.text import plain
from bot.domain.acts import Act
from bot.domain.errors import BotError, TryLater, UserError
from bot.domain.images import TagRow
from bot.ports import Quay
from bot.rules.tag_rows import newest_first
from bot.services.gate import Going
from handlers.acts.tagging import blame, changeable, tag_of
from handlers.announcing import announce
from handlers.command import ActKind, Desk, Preview, Reply
from handlers.proposing import Undo
from handlers.words import whisper

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
        raise UserError(
            f"There is no tag {tag_of(act)} in {act.repository}. `/quay tag list` shows those that there are."
        )
    was = written(row.expires)
    if was == act.parameters[END]:
        how = "never ends by itself" if was == NEVER else f"ends at {_clock(row.expires)}"
        raise UserError(f"{tag_of(act)} {how} already. There is nothing to change.")
    return Act(NAME, act.target, {**act.parameters, WAS: was, "digest": row.digest})


async def pinned(act: Act, quay: Quay) -> str:
    """The tag's digest, and when it ends."""
    return _state(act, await _row(act, quay))


async def preview(act: Act, going: Going, desk: Desk) -> Preview:
    """When it ends now, and when it will."""
    row, found = await asyncio.gather(_row(act, going.quay), going.quay.repositories.get(act.repository))
    changeable(found, "let tags expire")
    if row is None or written(row.expires) != act.parameters[WAS]:
        raise UserError(f"{tag_of(act)} was changed while I looked at it. Please ask again.")
    at = _time(act.parameters[END])
    late = at is not None and at <= desk.clock.now()
    if late:
        raise UserError("That time has passed. To remove a tag at once, use `/quay tag delete`.")
    lines = (
        f"*Change when {name(act.repository, tag_of(act))} ends*",
        f"*Now:* {image(row.digest)} · {ends(row.expires)}",
        f"*Then:* {ends(at)}",
        *(["Quay removes it then by itself, as if somebody had deleted it."] if at else []),
    )
    return Preview((section("\n".join(lines)),), yes="Change", danger=at is not None)


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Change it, and read back what came of it."""
    at, tag = _time(act.parameters[END]), tag_of(act)
    doubt: TryLater | None = None
    try:
        await going.quay.tagging.expire(act.repository, tag, at)
    except TryLater as error:
        if not error.doubtful:
            raise
        doubt = error
    row = await _read_back(act, going.quay)
    right = row is not None and written(row.expires) == act.parameters[END]
    if doubt is not None and not right:
        raise doubt
    seen = "*Verified:* I read it back from Quay." if right else "Quay accepted it, but I could not read it back so."
    mark = ":white_check_mark:" if right else ":warning:"
    was = _time(act.parameters[WAS])
    did = f"changed when {name(act.repository, tag)} ends: it {ends(at)} (before: it {ends(was)}). {seen}"
    going.result.detail = f"{'Verified' if right else 'Accepted by Quay'}: ends {act.parameters[END]}."
    undo = _undo(act, row) if right else None
    await announce(going, desk, f"{mark} <@{going.person.user}> {did}", undo=undo)
    return whisper(f"{mark} Done: you {did}")


def says(act: Act) -> str:
    """Which tag, and when it ends before and after."""
    at, was = (_said(act.parameters.get(key, NEVER)) for key in (END, WAS))
    return f"Change when {name(act.repository, tag_of(act))} ends: it {at}. Now it {was}."


def _said(text: str) -> str:
    try:
        return ends(_time(text))
    except ValueError:  # it is only shown here
        return f"ends {plain(text, 80)}"


def _undo(act: Act, row: TagRow | None) -> Undo | None:
    if row is None:
        return None
    before = act.parameters[WAS]
    inverse = Act(NAME, act.target, {END: before, WAS: act.parameters[END], "digest": row.digest})
    at = _time(before)
    asked = f"Let {tag_of(act)} {'end at ' + _clock(at) if at else 'never end by itself'} again?"
    return Undo(inverse, _state(act, row), asked)


async def _row(act: Act, quay: Quay) -> TagRow | None:
    """The living row of the tag. Quay has left out what ended by its own clock."""
    rows = newest_first(await quay.tags.history(act.repository, tag_of(act)))
    return rows[0] if rows and rows[0].end is None else None


async def _read_back(act: Act, quay: Quay) -> TagRow | None:
    try:
        return await _row(act, quay)
    except BotError:  # the change is made, whatever comes now
        return None


def _state(act: Act, row: TagRow | None) -> str:
    digest, at = (row.digest, written(row.expires)) if row else (GONE, NEVER)
    return f"{tag_of(act)}={digest} {tag_of(act)}:end={at}"


def _time(text: str) -> datetime | None:
    return None if text == NEVER else datetime.fromisoformat(text)


def _clock(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if at else NEVER


KIND = ActKind(
    name=NAME,
    run=run,
    says=says,
    resolve=resolve,
    pin=pinned,
    quay_log="change_tag_expiration",
    preview=preview,
    blame=blame,
)
