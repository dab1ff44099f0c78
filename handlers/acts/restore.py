"""The act "restore": a tag points again at an image that it had before."""

import asyncio
from collections.abc import Sequence

from bot.blocks.layout import section
from bot.blocks.tag_changes import name, now_line, scan_line, then_line, window_line
from bot.blocks.tag_marks import image
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.domain.images import GONE, Scan, TagRow
from bot.domain.said import short_digest, utc
from bot.domain.tag_steps import Author
from bot.ports import Quay
from bot.rules.restoring import row_before, row_of, row_then, surely_gone
from bot.rules.tag_diff import vulnerabilities
from bot.rules.tag_rows import first_row, newest_first, row_at
from bot.services.gate import Going
from handlers.acts.tagging import alive, blame, changeable, last_author, missing, moved_meanwhile, since
from handlers.acts.tagging_told import Turn, back_to, turn_tag
from handlers.alerted import push_channels
from handlers.clocks import zone_of
from handlers.command import ActKind, Desk, Preview, Reply
from handlers.typed_times import for_anybody, instant, repeated

NAME = "restore"
TO, AT = "to", "at"  # what the words said: the beginning of a digest, or a time. Neither: the image before
_DOES = "restore tags"


async def resolve(act: Act, quay: Quay) -> Act:
    """Which image is meant, and which one the tag has now; both out of the tag's own history."""
    if "digest" in act.parameters:
        return act
    tag = act.tag
    rows, now = await asyncio.gather(quay.tags.history(act.repository, tag), quay.tag_digest(act.repository, tag))
    if not rows:
        raise await missing(act.repository, tag, quay, "Quay remembers none of that name. Please check its name.")
    row = _meant(act, rows)
    if row.digest == now:
        since = next((f" since {utc(one.start)}" for one in newest_first(rows) if one.digest == now), "")
        raise UserError(f"{tag} points at `{short_digest(now)}` already{since}. There is nothing to restore.")
    asked = {AT: act.parameters[AT]} if AT in act.parameters else {}
    return Act(NAME, act.target, {"digest": row.digest, "was": now or GONE, **asked})


async def preview(act: Act, going: Going, desk: Desk) -> Preview:
    """What it points at, what it will, and what comes back with that."""
    quay, now = going.quay, desk.clock.now()
    digest, was = act.parameters["digest"], act.parameters["was"]
    (rows, author), found, before, after = await asyncio.gather(
        _past(act, quay), quay.repositories.get(act.repository), _scan(act, was, quay), _scan(act, digest, quay)
    )
    changeable(found, _DOES)
    row, here, asked = _row(rows, act), alive(rows, now), act.parameters.get(AT, "")
    if row is None or after is None or (here.digest if here else GONE) != was:
        raise moved_meanwhile(act)
    if surely_gone(before, after):
        raise UserError(
            f"Quay has deleted the image `{short_digest(digest)}` for good, so {act.tag} cannot be restored to it. "
            "`/quay tag history` shows what else it had."
        )
    both = before is not None and {before.status, after.status} == {"scanned"}
    findings = vulnerabilities(before.findings, after.findings) if before and both else None
    head = f"*Restore {name(act.repository, act.tag)}*"
    lines = (
        head if here else f"{head}. It was deleted or has ended; this brings it back.",
        now_line(here, newest_first(rows)[0], author),
        then_line(row, now, repeated(asked, await zone_of(going.person, desk)) if asked else ""),
        scan_line(before, after, findings),
        window_line(row, found.keeps_for, now, surely=after.status != ""),
    )
    return Preview((section("\n".join(lines)),), yes="Restore", danger=True)


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Restore it. Quay tells nobody about that, so those who hear of pushes hear it from here (facts §3.1)."""
    digest, was = act.parameters["digest"], act.parameters["was"]
    inverse = back_to(act, was, digest)
    tag = act.tag
    before = "was deleted" if was == GONE else f"pointed at {image(was)}"
    did = f"restored {name(act.repository, tag)} to {image(digest)} (it {before})."
    turn = Turn(did, digest, inverse)
    also = await push_channels(act.repository, tag, desk)
    return await turn_tag(going.quay.tagging.restore(act.repository, tag, digest), turn, going, desk, also=also)


def says(act: Act) -> str:
    """Which tag, from which image to which."""
    to, was = act.parameters.get("digest", ""), act.parameters.get("was", "")
    asked = act.parameters.get(AT, "")
    then = f", what it was {for_anybody(asked)}" if asked else ""
    now = "It is deleted now" if was == GONE else f"It points at {image(was)} now"
    return f"Restore {name(act.repository, act.tag)} to {image(to)}{then}. {now}."


def _row(rows: Sequence[TagRow], act: Act) -> TagRow | None:
    """When it was that image: at the time that was asked for, else last."""
    digest, asked = act.parameters["digest"], act.parameters.get(AT, "")
    then = row_at(rows, instant(asked)) if asked else None
    return then if then and then.digest == digest else first_row(rows, digest)


def _meant(act: Act, rows: Sequence[TagRow]) -> TagRow:
    tag, given = act.tag, act.parameters
    if TO in given:
        return row_of(rows, tag, given[TO])
    return row_then(rows, tag, instant(given[AT])) if AT in given else row_before(rows, tag)


async def _past(act: Act, quay: Quay) -> tuple[tuple[TagRow, ...], Author | None]:
    rows = await quay.tags.history(act.repository, act.tag)
    return rows, await last_author(rows, act.repository, quay)


async def _scan(act: Act, digest: str, quay: Quay) -> Scan | None:
    return None if digest == GONE else await quay.tags.scan(act.repository, digest)


KIND = ActKind(
    name=NAME,
    run=run,
    says=says,
    resolve=resolve,
    pin=since,
    quay_log="revert_tag",
    preview=preview,
    blame=blame,
)
