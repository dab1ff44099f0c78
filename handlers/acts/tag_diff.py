"""The act "tag diff": two images of a tag beside each other."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from bot.blocks.tag_diff import Compared, Side, body, headline
from bot.blocks.tag_marks import image
from bot.blocks.text import code, plain
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.ports import Manifest, Quay, TagRow
from bot.rules.restoring import row_before, row_of, row_then
from bot.rules.tag_diff import labels, layers, platforms, vulnerabilities
from bot.rules.tag_rows import belongs, first_row, looks_like_a_digest, newest_first
from bot.services.gate import Going
from handlers.command import ActKind, Desk, Reply
from handlers.grammar.references import valid_tag
from handlers.words import whisper

NAME = "tag diff"
PREVIOUS, CURRENT, AT = "previous", "current", "at "
_FROM, _TO = "from", "to"
_CALLED = {_FROM: "from was", _TO: "to was"}
_WHOLE = len("sha256:") + 64


def wanted(repository: str, tag: str, first: str = PREVIOUS, second: str = CURRENT) -> Act:
    """Those two images: "previous", "current", "at ISO-TIME", a digest or its beginning, or another tag (":v1")."""
    return Act(NAME, f"{repository}:{tag}", {_FROM: first, _TO: second})


async def resolve(act: Act, quay: Quay) -> Act:
    """Which digests these are. Raises UserError for what the history does not have."""
    if _CALLED[_FROM] in act.parameters:
        return act
    tag = act.target.partition(":")[2]
    rows = await quay.tags.history(act.repository, tag)
    chosen = {side: await _digest(act.parameters[side], tag, rows, act.repository, quay) for side in (_FROM, _TO)}
    called = {_CALLED[side]: act.parameters[side] for side in (_FROM, _TO)}
    return Act(NAME, act.target, chosen | called)


async def _digest(word: str, tag: str, rows: Sequence[TagRow], repository: str, quay: Quay) -> str:
    if word == CURRENT:
        return _current(tag, rows)
    if word == PREVIOUS:
        return row_before(rows, tag).digest
    if word.startswith(AT):
        return row_then(rows, tag, datetime.fromisoformat(word.removeprefix(AT))).digest
    if looks_like_a_digest(word):
        if belongs(rows, word):
            return row_of(rows, tag, word).digest
        if len(whole := "sha256:" + word.lower().removeprefix("sha256:")) == _WHOLE:
            return whole  # another image of the repository
    return await _of_tag(word.removeprefix(":"), tag, rows, repository, quay)


def _current(tag: str, rows: Sequence[TagRow]) -> str:
    newest = next(iter(newest_first(rows)), None)
    if newest is None or newest.end is not None:
        raise UserError(
            f"There is no tag {tag} now. Say which two images to compare: `/quay tag history` shows what it had."
        )
    return newest.digest


async def _of_tag(other: str, tag: str, rows: Sequence[TagRow], repository: str, quay: Quay) -> str:
    found = await quay.tag_digest(repository, other) if valid_tag(other) else ""
    if found:
        return found
    if looks_like_a_digest(other):
        return row_of(rows, tag, other).digest  # which says what the tag had
    raise UserError(
        f"“{other[:140]}” is no tag of {repository}, no digest and no time that I understand. "
        "Right are for example: previous, current, 1a2b3c4d5e, 2h ago, v1.2"
    )


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Read everything about both at once, and say what differs."""
    quay, given, tag = going.quay.tags, act.parameters, act.target.partition(":")[2]
    rows, first, second = await asyncio.gather(
        quay.history(act.repository, tag), _read(act, _FROM, going), _read(act, _TO, going)
    )
    sides = [_placed(side, rows) for side in (first, second)]
    told = _compared(act.repository, tag, sides[0], sides[1])
    going.result.detail = f"{given[_FROM]} and {given[_TO]} were compared."
    return whisper(headline(told, desk.quay_url), *body(told))


async def _read(act: Act, side: str, going: Going) -> Side:
    """One image, as much as Quay tells of it."""
    quay, repository, digest = going.quay.tags, act.repository, act.parameters[side]
    manifest, found, scan = await asyncio.gather(
        quay.manifest(repository, digest), quay.labels(repository, digest), quay.scan(repository, digest)
    )
    return Side(digest, _spoken(act.parameters[_CALLED[side]]), None, manifest, found, scan)


def _placed(side: Side, rows: Sequence[TagRow]) -> Side:
    return Side(side.digest, side.called, first_row(rows, side.digest), side.manifest, side.labels, side.scan)


def _compared(repository: str, tag: str, first: Side, second: Side) -> Compared:
    one, other = first.manifest, second.manifest
    both = first.scan.status == second.scan.status == "scanned"
    return Compared(
        repository,
        tag,
        first,
        second,
        layers=layers(one.layers, other.layers) if one and other and _of_kind(one, other, is_list=False) else None,
        platforms=(
            platforms(one.platforms, other.platforms) if one and other and _of_kind(one, other, is_list=True) else None
        ),
        labels=labels(first.labels, second.labels) if first.labels is not None and second.labels is not None else None,
        findings=vulnerabilities(first.scan.findings, second.scan.findings) if both else None,
    )


def _of_kind(one: Manifest, other: Manifest, *, is_list: bool) -> bool:
    return one.is_list is is_list and other.is_list is is_list


def _spoken(word: str) -> str:
    """What was asked for, as people read it."""
    if word.startswith(AT):
        return f"at {word.removeprefix(AT)[:16].replace('T', ' ')} UTC"
    if looks_like_a_digest(word):
        return ""
    return word if word in (PREVIOUS, CURRENT) else f"tag {word.removeprefix(':')}"


def says(act: Act) -> str:
    """Which two."""
    given = act.parameters
    sides = [f"{_shown(given[side])}{_was(given.get(_CALLED[side], ''))}" for side in (_FROM, _TO) if side in given]
    return f"Compare {' with '.join(sides)} of {code(act.target, 400)}. Only whoever asked will see it."


def _shown(word: str) -> str:
    return image(word) if looks_like_a_digest(word) else plain(word, 140)


def _was(word: str) -> str:
    return f" ({plain(_spoken(word), 140)})" if word and _spoken(word) else ""


KIND = ActKind(name=NAME, run=run, says=says, resolve=resolve)
