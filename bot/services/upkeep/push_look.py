"""One look at a repository for all of its pushes that wait: few calls, whatever the number of pushes.

The rows of all tags come first, then the usage log, then what single images tell: the newest pushes go first there, and
the others do without (image_look.MOST_CALLS). What is found is kept at once, so a look that breaks off is not in vain.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.errors import BotError, TryLater
from bot.domain.images import PAGE_ROWS, TagRow, Vulnerability
from bot.domain.looked_up import Found, Missing
from bot.ports import Quay
from bot.rules.pushed_rows import EARLY, LATE, NEAR, PUSH, Rows, pusher, scanned_as
from bot.services.upkeep.image_look import ImageLook
from bot.services.upkeep.past_log import PastLog, past_log
from bot.services.upkeep.wishes import Push

MOST_PAGES = 10  # of the rows of all tags
MOST_LOG_PAGES = 10
LOG_PATIENCE = 4.0  # seconds: the log of a busy repository is long, and all else need not wait for it
MOST_HISTORIES = 5  # of single tags, whose image before is none of the rows that were read


@dataclass(slots=True)
class PushLook:
    """Completes `pushes` in place. `trouble`: something was away, so another look may find more.

    `scanned` is what was found in images whose scan is done, by digest.
    """

    quay: Quay
    repository: str
    pushes: Sequence[Push]
    now: datetime
    trouble: TryLater | None = None
    scanned: dict[str, tuple[Vulnerability, ...]] = field(default_factory=dict)
    _rows: Rows = field(default_factory=Rows)

    async def run(self) -> None:
        """Raises what the list of tags raises: without it nothing is known. All else may be away, slow or refused."""
        await self._find_rows()
        await self._find_pushers()
        images = ImageLook(self.quay, self.repository)
        for push in sorted(self.pushes, key=lambda one: one.at, reverse=True):
            row = self._row(push)
            push.found = await images.complete(push.found, row, self._rows.before(row) if row else None)
        self.trouble, self.scanned = self.trouble or images.trouble, images.scanned

    async def _find_rows(self) -> None:
        asked = [push for push in self.pushes if {Missing.ROW, Missing.IMAGE} & set(push.found.missing)]
        if not asked:
            return
        whole = await self._read_rows(asked)
        if not whole:
            await self._read_histories(asked)
        for push in asked:
            push.found = self._with_row(push)

    async def _read_rows(self, asked: Sequence[Push]) -> bool:
        """Until each push has its row, or until no row can be one of theirs. True if these are all that there are."""
        oldest = min(push.at for push in asked) - LATE
        for number in range(1, MOST_PAGES + 1):
            page = await self.quay.tags.page(self.repository, page=number, limit=PAGE_ROWS, dead=True)
            self._rows.add(page.rows)
            if not page.more or not page.rows:
                return True
            if page.rows[-1].start < oldest or all(self._row(push) for push in asked):
                return False
        return False

    async def _read_histories(self, asked: Sequence[Push]) -> None:
        """The older rows of the newest few tags whose image before is not known."""
        rows = {push.found.facts.tag: self._row(push) for push in sorted(asked, key=lambda one: one.at)}
        alone = [tag for tag, row in rows.items() if row and not self._rows.before(row)][-MOST_HISTORIES:]
        for read in await asyncio.gather(*map(self._history, alone)):
            self._rows.add(read)

    async def _history(self, tag: str) -> tuple[TagRow, ...]:
        """The newest rows of the tag; none if Quay does not give them: then it is told without the image before."""
        try:
            return await self.quay.tags.history(self.repository, tag, limit=PAGE_ROWS)
        except BotError:
            return ()

    def _row(self, push: Push) -> TagRow | None:
        return self._rows.pushed(push.found.facts.tag, push.at)

    def _with_row(self, push: Push) -> Found:
        row = self._row(push)
        if row is None:
            return push.found.without(Missing.ROW, Missing.IMAGE, Missing.SCAN)
        before = self._rows.before(row)
        facts = push.found.facts.model_copy(
            update={
                "digest": row.digest,
                "before": before.digest if before else "",
                "same_as": self._rows.twin(row, self.now),
                "size": row.size,
            }
        )
        found = push.found.model_copy(update={"facts": facts, "start": row.start, "image": scanned_as(row, None)})
        return found.without(Missing.ROW)

    async def _find_pushers(self) -> None:
        asked = [push for push in self.pushes if Missing.PUSHER in push.found.missing]
        if not asked:
            return
        try:
            async with asyncio.timeout(LOG_PATIENCE):
                log = await self._log(asked)
        except TryLater as error:
            self.trouble = error
            return
        except TimeoutError:
            self.trouble = TryLater("Quay's usage log is slow.")
            return
        if not log.readable:  # nobody will know
            for push in asked:
                push.found = push.found.without(Missing.PUSHER)
            return
        for push in asked:
            by = pusher(log.entries, push.found.facts, push.at, push.found.start)
            if by:
                facts = push.found.facts.model_copy(update={"by": by})
                push.found = push.found.model_copy(update={"facts": facts}).without(Missing.PUSHER)

    async def _log(self, asked: Sequence[Push]) -> PastLog:
        since, until = min(map(_earliest, asked)), max(map(_latest, asked))
        return await past_log(self.quay, self.repository, since, until, kind=PUSH, most_calls=MOST_LOG_PAGES)


def _earliest(push: Push) -> datetime:
    return push.found.start - NEAR if push.found.start else push.at - LATE


def _latest(push: Push) -> datetime:
    return push.found.start + NEAR if push.found.start else push.at + EARLY + timedelta(seconds=1)
