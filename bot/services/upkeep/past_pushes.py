"""Pushes of some time, out of the history of all tags: what was restored or moved by hand was never told by Quay."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.events import Pushed, PushFacts
from bot.domain.images import PAGE_ROWS, TagRow
from bot.domain.repositories import LogEntry
from bot.ports import Quay
from bot.rules.pushed_rows import PUSH, grown, pusher, row_before
from bot.rules.recovering import whole_seconds
from bot.rules.tag_history import steps

_PUSHED = frozenset({"", PUSH})  # "" where the log does not tell


@dataclass(frozen=True, slots=True)
class PastRows:
    """Rows of all tags, newest first, a few older ones among them. `whole`: none of that time is left out."""

    rows: tuple[TagRow, ...]
    whole: bool = True


async def past_rows(quay: Quay, repository: str, since: datetime, most: int) -> PastRows:
    """The rows since then, at most about that many."""
    rows: list[TagRow] = []
    number = 0
    while True:
        number += 1
        page = await quay.tags.page(repository, page=number, limit=PAGE_ROWS, dead=True)
        rows += page.rows
        if not page.more or not page.rows or page.rows[-1].start < since:
            return PastRows(tuple(dict.fromkeys(rows)))
        if len(rows) >= most:
            return PastRows(tuple(dict.fromkeys(rows)), whole=False)


def pushes(
    repository: str, rows: Iterable[TagRow], entries: Sequence[LogEntry], since: datetime, until: datetime
) -> list[Pushed]:
    """One push for each row that began in that time, but for those of which Quay tells nothing (facts §1.1).

    A restore says so itself; a tag that was moved looks like a push, and only the usage log tells them apart. Who it
    was is found as for a push that has just come in.
    """
    by_tag, logged = defaultdict[str, list[TagRow]](list), defaultdict[str, list[LogEntry]](list)
    for row in rows:
        by_tag[row.name].append(row)
    for entry in entries:
        logged[entry.about.get("tag", "")].append(entry)
    first, found = whole_seconds(since), list[Pushed]()
    for tag, mine in by_tag.items():
        for step in steps(mine, until, logged[tag]):
            kind = step.author.kind if step.author else ""
            if not step.row.reversion and kind in _PUSHED and first <= step.row.start <= until:
                found.append(_pushed(repository, step.row, row_before(mine, step.row), logged[tag]))
    return found


def _pushed(repository: str, row: TagRow, before: TagRow | None, entries: Sequence[LogEntry]) -> Pushed:
    known = PushFacts(
        tag=row.name,
        digest=row.digest,
        before=before.digest if before else "",
        size=row.size,
        grew=grown(row.size, before.size if before else None),
    )
    by = pusher(entries, known, row.start, row.start)
    return Pushed(
        kind="repo_push",
        namespace=repository.partition("/")[0],
        repository=repository,
        at=row.start,
        recovered=True,
        tags=(row.name,),
        by=by,
        facts=(known.model_copy(update={"by": by}),),
    )
