"""The act "tag diff": two images of a tag beside each other."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, tzinfo

from bot.blocks.tag_diff import Compared, Side, body, headline
from bot.blocks.tag_marks import image
from bot.blocks.text import code, plain
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.domain.images import Manifest, TagRow
from bot.ports import Quay
from bot.rules.digests import beginning, whole
from bot.rules.restoring import row_before, row_of, row_then
from bot.rules.tag_diff import labels, layers, platforms, vulnerabilities
from bot.rules.tag_rows import belongs, first_row, newest_first, row_at
from bot.services.gate import Going
from handlers.acts.tagging import no_tag
from handlers.clocks import zone_of
from handlers.command import ActKind, Desk, Reply
from handlers.grammar.references import valid_tag
from handlers.typed_times import for_anybody, instant, repeated
from handlers.words import whisper

NAME = "tag diff"
PREVIOUS, CURRENT, AT = "previous", "current", "at "
_FROM, _TO = "from", "to"
_CALLED = {_FROM: "from was", _TO: "to was"}


def wanted(repository: str, tag: str, first: str = PREVIOUS, second: str = CURRENT) -> Act:
    """Those two images: "previous", "current", "at ISO-TIME", a digest or its beginning, or another tag (":v1")."""
    return Act(NAME, f"{repository}:{tag}", {_FROM: first, _TO: second})


async def resolve(act: Act, quay: Quay) -> Act:
    """Which digests these are. Raises UserError for what the history does not have."""
    if _CALLED[_FROM] in act.parameters:
        return act
    tag = act.tag
    rows = await quay.tags.history(act.repository, tag)
    chosen = {side: await _digest(act.parameters[side], tag, rows, act.repository, quay) for side in (_FROM, _TO)}
    called = {_CALLED[side]: act.parameters[side] for side in (_FROM, _TO)}
    return Act(NAME, act.target, chosen | called)


async def _digest(word: str, tag: str, rows: Sequence[TagRow], repository: str, quay: Quay) -> str:
    if word == CURRENT:
        return _current(repository, tag, rows)
    if word == PREVIOUS:
        return row_before(rows, tag, "nothing to compare").digest
    if word.startswith(AT):
        return row_then(rows, tag, instant(word.removeprefix(AT))).digest
    if beginning(word):
        if belongs(rows, word):
            return row_of(rows, tag, word).digest
        if sha := whole(word):
            return sha  # another image of the repository
    return await _of_tag(word.removeprefix(":"), tag, rows, repository, quay)


def _current(repository: str, tag: str, rows: Sequence[TagRow]) -> str:
    newest = next(iter(newest_first(rows)), None)
    if newest is None or newest.end is not None:
        then = "`/quay tag history` shows what it had: say which two images to compare."
        raise no_tag(repository, tag, then)
    return newest.digest


async def _of_tag(other: str, tag: str, rows: Sequence[TagRow], repository: str, quay: Quay) -> str:
    found = await quay.tag_digest(repository, other) if valid_tag(other) else ""
    if found:
        return found
    if beginning(other):
        return row_of(rows, tag, other).digest  # which says what the tag had
    raise UserError(
        f"“{other[:140]}” is no tag of {repository}, no digest and no time that I understand. "
        "Right are for example: previous, current, 1a2b3c4d5e, 2h ago, v1.2"
    )


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Read everything about both at once, and say what differs."""
    quay, given, tag = going.quay.tags, act.parameters, act.tag
    rows, first, second = await asyncio.gather(
        quay.history(act.repository, tag), _read(act, _FROM, going), _read(act, _TO, going)
    )
    words = [given[_CALLED[side]] for side in (_FROM, _TO)]
    zone = await zone_of(going.person, desk) if any(word.startswith(AT) for word in words) else UTC
    sides = [_placed(side, rows, word, zone) for side, word in zip((first, second), words, strict=True)]
    told = _compared(act.repository, tag, sides[0], sides[1])
    going.result.detail = f"{given[_FROM]} and {given[_TO]} were compared."
    return whisper(headline(told, desk.quay_url), *body(told))


async def _read(act: Act, side: str, going: Going) -> Side:
    """One image, as much as Quay tells of it."""
    quay, repository, digest = going.quay.tags, act.repository, act.parameters[side]
    manifest, found, scan = await asyncio.gather(
        quay.manifest(repository, digest), quay.labels(repository, digest), quay.scan(repository, digest)
    )
    return Side(digest, "", None, manifest, found, scan)


def _placed(side: Side, rows: Sequence[TagRow], word: str, zone: tzinfo) -> Side:
    """The side with how it was asked for, and the row that is meant: of a time, the one that lived then."""
    row = first_row(rows, side.digest)
    if word.startswith(AT):
        typed = word.removeprefix(AT)
        then = row_at(rows, instant(typed))
        row = then if then and then.digest == side.digest else row
        return replace(side, called=repeated(typed, zone), row=row)
    return replace(side, called=_spoken(word), row=row)


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
    """What was asked for, as people read it (mrkdwn)."""
    if word.startswith(AT):
        return for_anybody(word.removeprefix(AT))
    if beginning(word):
        return ""
    return word if word in (PREVIOUS, CURRENT) else f"tag {plain(word.removeprefix(':'), 80)}"


def says(act: Act) -> str:
    """Which two."""
    given = act.parameters
    sides = [f"{_shown(given[side])}{_was(given.get(_CALLED[side], ''))}" for side in (_FROM, _TO) if side in given]
    return f"Compare {' with '.join(sides)} of {code(act.target, 400)}. Only whoever asked will see it."


def _shown(word: str) -> str:
    return image(word) if beginning(word) else plain(word, 140)


def _was(word: str) -> str:
    return f" ({_spoken(word)})" if word and _spoken(word) else ""


KIND = ActKind(name=NAME, run=run, says=says, resolve=resolve, looks=True)
