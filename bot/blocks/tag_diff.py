"""Two images of a repository beside each other: what differs, and what Quay cannot tell. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.blocks.layout import context, section
from bot.blocks.paragraphs import paragraphs
from bot.blocks.parts import facts, linked
from bot.blocks.tag_marks import image, sized
from bot.blocks.text import code, count, plain, size, when
from bot.blocks.vulns import counted, lines, why_not
from bot.domain.images import Label, Layer, Manifest, Scan, TagRow, Vulnerability
from bot.domain.messages import Block
from bot.domain.tag_steps import Findings, Labels, Parts, Platforms

_TOP = 5  # findings that are named on each side
_MANY = 8  # labels and platforms of a kind


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two images. `called` is how it was asked for (mrkdwn), "" for its digest.

    `row` is its newest one in the history of the tag, or that of the time asked for, if it is in there. `manifest` and
    `labels` are None where Quay does not tell them (any more).
    """

    digest: str
    called: str
    row: TagRow | None = None
    manifest: Manifest | None = None
    labels: Sequence[Label] | None = None
    scan: Scan = field(default_factory=lambda: Scan(""))


@dataclass(frozen=True, slots=True)
class Compared:
    """Both images and what differs; None where Quay does not tell enough about one of them."""

    repository: str
    tag: str
    first: Side
    second: Side
    layers: Parts | None = None
    platforms: Platforms | None = None
    labels: Labels | None = None
    findings: Findings | None = None


def headline(told: Compared, quay_url: str) -> str:
    """Which two images, in short what differs most."""
    first, second = told.first, told.second
    subject = linked(quay_url, told.repository, (told.tag,))
    if first.digest == second.digest:
        return f"⚖️ *{subject}*: both are the same image, {image(first.digest)}. Nothing differs."
    return f"⚖️ *{subject}*: {image(first.digest)} → {image(second.digest)}\n{_verdict(told)}"


def body(told: Compared) -> tuple[Block, ...]:
    """Both sides, then a paragraph for each thing that may differ; nothing more for an image and itself."""
    if told.first.digest == told.second.digest:
        return ()
    parts = ["\n".join([_side("From", told.first), _side("To", told.second), *_sizes(told)]), *_inside(told)]
    parts += [_labels(told), *_vulnerabilities(told)]
    notes = list(_unknown(told))
    return (
        *(section(words) for part in parts if part for words in paragraphs(part.split("\n"))),
        *((context(*notes),) if notes else ()),
    )


def _verdict(told: Compared) -> str:
    if told.findings is None:
        return "Quay cannot tell what changes in vulnerabilities: see below."
    gained, lost = counted(told.findings.gained), counted(told.findings.lost)
    if not gained and not lost:
        return "No vulnerabilities come or go."
    said = [f"🔺 gains {gained}" if gained else "", f"🔻 loses {lost}" if lost else ""]
    return "Vulnerabilities: " + ", ".join(filter(None, said)) + "."


def _side(word: str, side: Side) -> str:
    row = side.row
    return facts(
        f"*{word}* {image(side.digest)}{f' ({side.called})' if side.called else ''}",
        _period(row) if row else "",
        sized(_bytes(side), is_list=bool(row and row.is_list) or bool(side.manifest and side.manifest.is_list)),
    )


def _period(row: TagRow) -> str:
    if row.end is None:
        return f"the tag has it since {when(row.start)}"
    return f"the tag had it from {when(row.start)} to {when(row.end)}"


def _bytes(side: Side) -> int | None:
    """How big it is; an index has no size of its own."""
    if side.manifest is not None and side.manifest.is_list:
        return None
    if side.row is not None and side.row.size is not None:
        return side.row.size
    return side.manifest.size if side.manifest else None


def _sizes(told: Compared) -> Iterator[str]:
    first, second = _bytes(told.first), _bytes(told.second)
    if first is not None and second is not None:
        change = second - first
        sign = "+" if change > 0 else "−" if change < 0 else "±"
        yield f"*Size* {size(first)} → {size(second)} ({sign}{size(abs(change))})"


def _inside(told: Compared) -> Iterator[str]:
    if told.layers is not None:
        parts = told.layers
        yield "*Layers* " + ", ".join(
            f"{word} {count(len(some), 'layer')}{_weight(some)}"
            for word, some in (("keeps", parts.kept), ("adds", parts.added), ("drops", parts.removed))
        )
    if told.platforms is not None:
        yield "\n".join(["*Platforms*", *_platforms(told.platforms)])
    kinds = [side.manifest.is_list for side in (told.first, told.second) if side.manifest]
    if len(set(kinds)) > 1:
        yield "One of them is an index for several platforms, the other a single image: layers cannot be compared."


def _weight(layers: Sequence[Layer]) -> str:
    known = [one.size for one in layers if one.size is not None]
    return f" ({size(sum(known))})" if known and len(known) == len(layers) else ""


def _platforms(found: Platforms) -> Iterator[str]:
    if found.same:
        yield f"unchanged: {_some([plain(name, 60) for name in found.same])}"
    changed = [f"{plain(old.name, 60)} {image(old.digest)} → {image(new.digest)}" for old, new in found.changed]
    if changed:
        yield f"changed: {_some(changed)}"
    for word, some in (("added", found.added), ("removed", found.removed)):
        if some:
            yield f"{word}: {_some([f'{plain(one.name, 60)} {image(one.digest)}' for one in some])}"


def _labels(told: Compared) -> str:
    if told.labels is None:
        return ""
    found = told.labels
    rows = [f"changed: {code(key, 80)} {plain(old, 80)} → {plain(new, 80)}" for key, old, new in found.changed]
    for word, some in (("added", found.added), ("removed", found.removed)):
        rows += [f"{word}: {code(one.key, 80)} = {plain(one.value, 80)}" for one in some]
    rest = len(rows) - _MANY
    more = [f"and {count(rest, 'more change')}"] if rest > 0 else []
    return "\n".join(["*Labels*", *rows[:_MANY], *more]) if rows else "*Labels* are the same."


def _vulnerabilities(told: Compared) -> Iterator[str]:
    found = told.findings
    if found is None:
        return
    none = "none in both" if found.gained or found.lost else "in neither of them"
    kept = counted(found.kept)
    yield f"*Vulnerabilities* {f'{kept} in both' if kept else none}"
    yield from _named("🔺 Gained", found.gained)
    yield from _named("🔻 Lost", found.lost)


def _named(word: str, found: Sequence[Vulnerability]) -> Iterator[str]:
    if found:
        rest = len(found) - _TOP
        more = [f"and {rest:,} more"] if rest > 0 else []
        yield "\n".join([f"*{word}:* {counted(found)}", *lines(found[:_TOP]), *more])


def _unknown(told: Compared) -> Iterator[str]:
    """What cannot be told, in plain sentences."""
    sides = (told.first, told.second)
    for side in sides:
        if side.manifest is None:
            why = "is only in the history" if side.row else "has no tag, or is not in this repository"
            yield f"{image(side.digest)} {why}: Quay shows no layers, platforms or labels of it."
    for side in sides:
        if (why := why_not(side.scan.status)) and not (side.manifest and side.manifest.is_list):
            yield f"{image(side.digest)}: {why}"
        elif why:
            yield f"{image(side.digest)}: an index is not scanned itself. Compare the images of its platforms."


def _some(items: Sequence[str]) -> str:
    rest = len(items) - _MANY
    return ", ".join([*items[:_MANY], *([f"and {rest:,} more"] if rest > 0 else [])])
