"""The act "unfurl": a look at what a link shows, with the account of whoever shared it, for the channel it is in."""

import asyncio
from collections.abc import Awaitable

from bot.blocks.text import code
from bot.blocks.unfurls import below, build_blocks, manifest_blocks, repository_blocks, tag_blocks
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.domain.images import Scan
from bot.domain.messages import Block, Message
from bot.domain.repositories import Repository
from bot.rules.policy import Effect
from bot.rules.quay_links import QuayLink
from bot.services.gate import Going
from handlers.building import moved
from handlers.command import ActKind, Desk, Reply
from handlers.patience import in_time

NAME = "unfurl"
_DIGEST, _BUILD = "digest", "build"
_HIDDEN = "This channel may not see that repository, so nothing was shown below the link."
_NOTHING = "There is no such tag, image or build any more."


def wanted(link: QuayLink) -> Act:
    """The look at what that link is about."""
    target = f"{link.repository}:{link.tag}" if link.tag else link.repository
    return Act.of(NAME, target, {_DIGEST: link.digest, _BUILD: link.build})


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """What stands below the link. Raises UserError where nothing may."""
    if going.decision.effect is Effect.APPROVE:
        raise UserError("Nobody is asked to approve what stands below a link.")
    found = await going.quay.repositories.get(act.repository)
    if not await _may_see(going.channel, found, desk):
        raise UserError(_HIDDEN)
    blocks = below(await _blocks(act, found, going, desk))
    going.result.detail = "It was shown below a link."
    return Reply(Message(act.target, blocks), in_channel=True)


async def _may_see(channel: str, repository: Repository, desk: Desk) -> bool:
    """Everybody may see what is public. The rest is for few people, or for a channel that gets its alerts anyway."""
    if repository.public:
        return True
    if not channel:
        return False
    if any(not hook.silent for hook in await desk.trail.hooks(repository.name, channel=channel)):
        return True
    place = await desk.directory.channel(channel)
    return place.private and not place.shared


async def _blocks(act: Act, found: Repository, going: Going, desk: Desk) -> tuple[Block, ...]:
    quay, now = going.quay, desk.clock.now()
    if build := act.parameters.get(_BUILD):
        read = await quay.build(found.name, build)
        return build_blocks(moved(read, "build", read.started or now), now, desk.quay_url)
    if digest := act.parameters.get(_DIGEST):
        manifest, scan = await asyncio.gather(
            quay.tags.manifest(found.name, digest), _scanned(quay.tags.scan(found.name, digest))
        )
        if manifest is None:
            raise UserError(_NOTHING)
        return manifest_blocks(found.name, manifest, scan, desk.quay_url)
    if not act.tag:
        return repository_blocks(found, desk.quay_url)
    rows = await quay.tags.history(found.name, act.tag, limit=1)
    if not rows or rows[0].end is not None:
        raise UserError(_NOTHING)
    scan = await _scanned(quay.tags.scan(found.name, rows[0].digest))
    return tag_blocks(found.name, rows[0], scan, now, desk.quay_url)


async def _scanned(wish: Awaitable[Scan]) -> Scan | None:
    """What the scanner says, if that is known soon."""
    found = await in_time(wish)
    return found if isinstance(found, Scan) else None


def says(act: Act) -> str:
    """Which link."""
    return f"Show below a link what {code(act.target, 400)} is, for everybody in the channel."


KIND = ActKind(name=NAME, run=run, says=says, looks=True)
