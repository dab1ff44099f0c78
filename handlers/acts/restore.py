"""The act "restore": a tag points again at an image that it had before."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from bot.blocks.layout import section
from bot.blocks.tag_changes import GONE, image, name, now_line, scan_line, then_line, window_line
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.domain.images import Scan, TagRow
from bot.domain.tag_steps import Author
from bot.ports import Quay
from bot.rules.restoring import row_before, row_of, row_then, surely_gone
from bot.rules.tag_diff import vulnerabilities
from bot.rules.tag_rows import first_row, newest_first
from bot.services.gate import Going
from handlers.acts.tagging import alive, blame, changeable, last_author, state, tag_of
from handlers.acts.tagging_told import Change, back_to, carry_out, question_of
from handlers.alerted import push_channels
from handlers.command import ActKind, Desk, Preview, Reply

NAME = "restore"
TO, AT = "to", "at"  # what the words said: the beginning of a digest, or a time. Neither: the image before
_DOES = "restore tags"
_MOVED = "{tag} was changed while I looked at it. Please ask again."


async def resolve(act: Act, quay: Quay) -> Act:
    """Which image is meant, and which one the tag has now; both out of the tag's own history."""
    if "digest" in act.parameters:
        return act
    tag = tag_of(act)
    rows, now = await asyncio.gather(quay.tags.history(act.repository, tag), quay.tag_digest(act.repository, tag))
    row = _meant(act, rows)
    if row.digest == now:
        since = next((f" since {one.start:%Y-%m-%d %H:%M} UTC" for one in newest_first(rows) if one.digest == now), "")
        raise UserError(f"{tag} points at `{now[:19]}` already{since}. There is nothing to restore.")
    return Act(NAME, act.target, {"digest": row.digest, "was": now or GONE})


async def preview(act: Act, going: Going, desk: Desk) -> Preview:
    """What it points at, what it will, and what comes back with that."""
    quay, now = going.quay, desk.clock.now()
    digest, was = act.parameters["digest"], act.parameters["was"]
    (rows, author), found, before, after = await asyncio.gather(
        _past(act, quay), quay.repositories.get(act.repository), _scan(act, was, quay), _scan(act, digest, quay)
    )
    changeable(found, _DOES)
    row, here = first_row(rows, digest), alive(rows, now)
    if row is None or after is None or (here.digest if here else GONE) != was:
        raise UserError(_MOVED.format(tag=tag_of(act)))
    if surely_gone(before, after):
        raise UserError(
            f"Quay has deleted the image `{digest[:19]}` for good, so {tag_of(act)} cannot be restored to it. "
            "`/quay tag history` shows what else it had."
        )
    both = before is not None and {before.status, after.status} == {"scanned"}
    findings = vulnerabilities(before.findings, after.findings) if before and both else None
    head = f"*Restore {name(act.repository, tag_of(act))}*"
    lines = (
        head if here else f"{head}. It was deleted or has ended; this brings it back.",
        now_line(here, newest_first(rows)[0], author),
        then_line(row, now),
        scan_line(before, after, findings),
        window_line(row, found.keeps_for, now, surely=after.status != ""),
    )
    return Preview((section("\n".join(lines)),), yes="Restore", danger=True)


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Restore it. Quay tells nobody about that, so those who hear of pushes hear it from here (facts §3.1)."""
    digest, was = act.parameters["digest"], act.parameters["was"]
    inverse = back_to(act, was, digest)
    tag = tag_of(act)
    did = f"restored {name(act.repository, tag)} to {image(digest)} (it pointed at {image(was)})."
    change = Change(did, digest, inverse, question_of(inverse))
    also = await push_channels(act.repository, tag, desk)
    return await carry_out(going.quay.tagging.restore(act.repository, tag, digest), change, going, desk, also=also)


def says(act: Act) -> str:
    """Which tag, from which image to which."""
    to, was = act.parameters.get("digest", ""), act.parameters.get("was", "")
    return f"Restore {name(act.repository, tag_of(act))} to {image(to)}. It points at {image(was)} now."


def _meant(act: Act, rows: Sequence[TagRow]) -> TagRow:
    tag, given = tag_of(act), act.parameters
    if TO in given:
        return row_of(rows, tag, given[TO])
    return row_then(rows, tag, datetime.fromisoformat(given[AT])) if AT in given else row_before(rows, tag)


async def _past(act: Act, quay: Quay) -> tuple[tuple[TagRow, ...], Author | None]:
    rows = await quay.tags.history(act.repository, tag_of(act))
    return rows, await last_author(rows, act.repository, quay)


async def _scan(act: Act, digest: str, quay: Quay) -> Scan | None:
    return None if digest == GONE else await quay.tags.scan(act.repository, digest)


KIND = ActKind(
    name=NAME,
    run=run,
    says=says,
    resolve=resolve,
    pin=state,
    quay_log="revert_tag",
    preview=preview,
    blame=blame,
)
