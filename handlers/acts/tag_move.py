"""The act "tag move": a tag, new or not, points at an image that a tag of the same repository has."""

import asyncio

from bot.blocks.layout import section
from bot.blocks.tag_changes import name, now_line, scan_line
from bot.blocks.tag_marks import image
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.domain.images import GONE
from bot.domain.said import short_digest
from bot.ports import Quay
from bot.rules.digests import beginning, whole
from bot.rules.tag_diff import vulnerabilities
from bot.rules.tag_rows import newest_first
from bot.services.gate import Going
from handlers.acts.tagging import alive, blame, changeable, missing, moved_meanwhile, since
from handlers.acts.tagging_told import Turn, back_to, turn_tag
from handlers.alerted import push_channels
from handlers.command import ActKind, Desk, Preview, Reply

NAME = "tag move"
TO = "to"  # what the words said: another tag, or a digest
_LOOKED_AT = 100  # living tags among which the beginning of a digest is sought


async def resolve(act: Act, quay: Quay) -> Act:
    """Which image is meant, and which one the tag has now."""
    if "digest" in act.parameters:
        return act
    to, tag = act.parameters[TO], act.tag
    now, (digest, source) = await asyncio.gather(quay.tag_digest(act.repository, tag), _meant(act.repository, to, quay))
    if digest == now:
        raise UserError(f"{tag} points at `{short_digest(now)}` already. There is nothing to move.")
    like = {"like": source} if source else {}
    return Act(NAME, act.target, {"digest": digest, "was": now or GONE, **like})


async def preview(act: Act, going: Going, desk: Desk) -> Preview:
    """What it points at, what it will, and what vulnerabilities come with that."""
    quay, now, tag = going.quay, desk.clock.now(), act.tag
    digest, was = act.parameters["digest"], act.parameters["was"]
    rows, found, manifest, after = await asyncio.gather(
        quay.tags.history(act.repository, tag),
        quay.repositories.get(act.repository),
        quay.tags.manifest(act.repository, digest),
        quay.tags.scan(act.repository, digest),
    )
    changeable(found, "move tags")
    here = alive(rows, now)
    if (here.digest if here else GONE) != was:
        raise moved_meanwhile(act)
    if manifest is None:
        raise UserError(
            f"No tag of {act.repository} has the image `{short_digest(digest)}` now, and Quay moves tags only to such. "
            f"If {tag} had it before, use `/quay restore`."
        )
    before = await quay.tags.scan(act.repository, was) if here else None
    both = before is not None and {before.status, after.status} == {"scanned"}
    lines = (
        f"*{'Move' if here else 'Create'} {name(act.repository, tag)}*",
        now_line(here, newest_first(rows)[0] if rows else None, None),
        f"*Then:* {image(digest)}{_like(act)}",
        scan_line(before, after, vulnerabilities(before.findings, after.findings) if before and both else None),
    )
    return Preview((section("\n".join(lines)),), yes="Move" if here else "Create", danger=here is not None)


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Move or create it. Quay tells nobody about that either."""
    digest, was, tag = act.parameters["digest"], act.parameters["was"], act.tag
    inverse = back_to(act, was, digest)
    verb, before = ("created", "") if was == GONE else ("moved", f" (it pointed at {image(was)})")
    did = f"{verb} {name(act.repository, tag)}: it points at {image(digest)}{_like(act)}{before}."
    turn = Turn(did, digest, inverse)
    also = await push_channels(act.repository, tag, desk)
    return await turn_tag(going.quay.tagging.move(act.repository, tag, digest), turn, going, desk, also=also)


def says(act: Act) -> str:
    """Which tag, from which image to which."""
    to, was = act.parameters.get("digest", ""), act.parameters.get("was", "")
    now = "It does not exist now" if was == GONE else f"It points at {image(was)} now"
    return f"Let {name(act.repository, act.tag)} point at {image(to)}{_like(act)}. {now}."


async def _meant(repository: str, to: str, quay: Quay) -> tuple[str, str]:
    """The digest, and the tag that it came from ("" for none)."""
    if ":" not in to and (digest := await quay.tag_digest(repository, to)):
        return digest, to
    if digest := whole(to):
        return digest, ""
    if not (begins := beginning(to)):
        raise await missing(repository, to[:128], quay, "It is no digest either.")
    page = await quay.tags.page(repository, limit=_LOOKED_AT)
    digests = {row.digest for row in page.rows if row.digest.startswith(begins)}
    if len(digests) != 1:
        many = "Several images begin so" if digests else "None of the newest tags has an image that begins so"
        raise UserError(f"{many}: {to[:80]}. Please write the whole digest (sha256:…).")
    return digests.pop(), ""


def _like(act: Act) -> str:
    source = act.parameters.get("like", "")
    return f", as {name(act.repository, source)} does" if source else ""


KIND = ActKind(
    name=NAME,
    run=run,
    says=says,
    resolve=resolve,
    pin=since,
    quay_log="move_tag create_tag",
    preview=preview,
    blame=blame,
)
