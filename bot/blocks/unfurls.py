"""What stands below a link to Quay: a repository, a tag, an image or a build, in a few lines without buttons. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.blocks.build_list import row as build_row
from bot.blocks.layout import context, section
from bot.blocks.parts import facts, linked
from bot.blocks.repository_card import card
from bot.blocks.tag_marks import image, sized
from bot.blocks.text import ago, count, plain, when
from bot.blocks.vulns import counted
from bot.domain.events import BuildMoved
from bot.domain.images import Manifest, Scan, TagRow
from bot.domain.messages import Block
from bot.domain.repositories import Repository

_PLATFORMS = 6


def repository_blocks(repository: Repository, quay_url: str) -> tuple[Block, ...]:
    """The repository's card, without its buttons and without what one person may do there."""
    everybodys = replace(repository, can_write=None, can_admin=None)
    return tuple(block for block in card(everybodys, None, quay_url).blocks if block["type"] != "actions")


def tag_blocks(repository: str, row: TagRow, scan: Scan | None, now: datetime, quay_url: str) -> tuple[Block, ...]:
    """What a tag points at. `scan` is None where nobody could tell in time."""
    head = f"🏷️ *{linked(quay_url, repository, (row.name,))}* {image(row.digest)}"
    about = facts(
        sized(row.size, is_list=row.is_list),
        f"pushed {ago(row.start, now)}",
        f"⏳ expires {when(row.expires)}" if row.expires else "",
        "🔒 immutable" if row.immutable else "",
        _found(scan),
    )
    return (section(f"{head}\n{about}"),)


def manifest_blocks(repository: str, found: Manifest, scan: Scan | None, quay_url: str) -> tuple[Block, ...]:
    """What an image is."""
    head = f"📦 *{linked(quay_url, repository, (found.digest,))}*"
    names = [plain(one.name, 40) for one in found.platforms[:_PLATFORMS]]
    more = len(found.platforms) - len(names)
    platforms = ", ".join([*names, *([f"+{more} more"] if more > 0 else [])])
    layers = count(len(found.layers), "layer") if found.layers else ""
    return (section(f"{head}\n{facts(platforms, sized(found.size), layers, _found(scan)) or 'an image'}"),)


def build_blocks(build: BuildMoved, now: datetime, quay_url: str) -> tuple[Block, ...]:
    """How a build goes, or went."""
    return (section(f"*{linked(quay_url, build.repository)}*\n{build_row(build, now, quay_url)}"),)


def below(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """All that stands below a link: it does not change any more, and shows what one person sees."""
    return (*blocks, context("As whoever shared the link saw it then."))


def _found(scan: Scan | None) -> str:
    if scan is None or scan.status in ("", "unsupported"):
        return ""
    if scan.status == "queued":
        return "not scanned yet"
    if scan.status != "scanned":
        return ""
    return f"🛡️ {counted(scan.findings)}" if scan.findings else "🛡️ no findings"
