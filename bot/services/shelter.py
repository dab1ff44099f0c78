"""Where bodies wait while the database cannot take them, and how they get there afterwards."""

import asyncio
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from bot.domain.errors import BotError, TryLater
from bot.ports import Clock, Hooks, Intake, Spool
from bot.services.nap import nap

log = structlog.stdlib.get_logger(__name__)

REFRESH = 60.0  # seconds after which the tokens are read again
FIRST, LONGEST = 0.5, 5.0  # seconds until the database is tried again, at first and in the end
_DIGEST = 32


class Tokens:
    """The hashes of the tokens that worked when the database was last there: 32 bytes each, in order."""

    def __init__(self, digests: bytes = b"") -> None:
        self.digests = digests[: len(digests) // _DIGEST * _DIGEST]

    @classmethod
    def of(cls, hashes: Iterable[str]) -> "Tokens":
        """From SHA-256 hex. What is none is nobody's token."""
        return cls(b"".join(sorted(filter(None, map(_digest, hashes)))))

    def __contains__(self, token_hash: str) -> bool:
        digest, count = _digest(token_hash), len(self.digests) // _DIGEST
        place = bisect_left(range(count), digest, key=self._at)
        return bool(digest) and place < count and self._at(place) == digest

    def _at(self, place: int) -> bytes:
        return self.digests[place * _DIGEST : (place + 1) * _DIGEST]


def _digest(token_hash: str) -> bytes:
    try:
        digest = bytes.fromhex(token_hash)
    except ValueError:
        return b""
    return digest if len(digest) == _DIGEST else b""


@dataclass(slots=True)
class Shelter:
    """Keeps bodies on the local disk, and brings them to the database when it is back. `stored` is set for each batch.

    While `away` is true, nobody has to try the database: this does.
    """

    spool: Spool
    intake: Intake
    hooks: Hooks
    clock: Clock
    stored: asyncio.Event
    away: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    tokens: Tokens = field(default_factory=Tokens)
    _alarm: asyncio.Event = field(default_factory=asyncio.Event)
    _doubts: list[tuple["asyncio.Task[bool]", list[str]]] = field(default_factory=list)

    async def open(self) -> None:
        """Learn the tokens that were known before; to be called before the first body comes."""
        self.tokens = Tokens(await self.spool.recall())

    def leave(self, why: str) -> None:
        """The database did not take a batch."""
        if not self.away:
            log.error("database_away", why=why, effect="webhooks are kept in the spool until it is back")
        self.away = True
        self._alarm.set()

    async def keep(self, batch: Sequence[tuple[str, bytes]]) -> list[str | TryLater]:
        """Keep (token hash, body) pairs on the local disk: a record's id for each, or why it is not kept.

        A token that nobody knows may be a new one, so whoever brings it has to come again. Nothing of it is kept.
        """
        known = [pair for pair in batch if pair[0] in self.tokens]
        try:
            ids = await self.spool.write(known, self.clock.now())
        except TryLater as error:
            ids = [error] * len(known)
        given = iter(ids)
        outcomes = [next(given) if token in self.tokens else _unknown() for token, _ in batch]
        self.counts.update(deliveries_spooled=sum(isinstance(outcome, str) for outcome in outcomes))
        return outcomes

    def doubt(self, write: "asyncio.Task[bool]", records: list[str]) -> None:
        """These may yet be stored by a write that hangs: if it says so in the end, they need not be drained."""
        self._doubts.append((write, records))

    def numbers(self) -> Mapping[str, int]:
        """How full the spool is, how long its oldest body waits (seconds), and whether it can be and is used."""
        now = self.spool.numbers()
        age = (self.clock.now() - now.oldest).total_seconds() if now.oldest else 0.0
        sizes = {"bytes": now.bytes, "limit_bytes": now.limit, "records": now.records, "damaged": now.damaged}
        return {**sizes, "oldest_seconds": max(0, int(age)), "usable": now.usable, "in_use": self.away}

    async def run(self) -> None:
        """Until cancelled: keep the tokens up to date, and drain the spool when the database is there."""
        wait = FIRST
        while True:
            self._alarm.clear()
            if await self._step_safely():
                wait = FIRST
                await nap(self._alarm, REFRESH)
                if self.away:
                    await self.clock.sleep(wait)
            else:
                await self.clock.sleep(wait)
                wait = min(LONGEST, 2 * wait)

    async def step(self) -> None:
        """One look: the tokens, then everything that was spooled. Raises what the database raises."""
        tokens = Tokens.of(await self.hooks.hashes(self.clock.now()))
        if tokens.digests != self.tokens.digests:
            self.tokens = tokens
            await self.spool.remember(tokens.digests)
        await self.spool.adopt()
        await self._settle_doubts()
        await self._drain()
        self._back()

    async def _step_safely(self) -> bool:
        try:
            await self.step()
        except BotError as error:
            self.leave(str(error))
        except Exception:  # what is spooled stays there; whether it takes bodies, the next one will tell
            log.exception("spool_not_drained")
            self.away = False
        else:
            return True
        return False

    async def _settle_doubts(self) -> None:
        while self._doubts:
            write, records = self._doubts[0]
            await asyncio.wait([write])
            if not write.cancelled() and write.exception() is None and write.result():
                await self.spool.skip(records)
                self.counts.update(deliveries_drained=len(records))
            del self._doubts[0]

    async def _drain(self) -> None:
        while batch := await self.spool.read():
            kept = await self.intake.drain(batch)
            await self.spool.forget(batch)
            self._back()  # new bodies go straight to it, and these are brought beside
            self.counts.update(deliveries_drained=sum(kept))
            log.info("spool_drained", count=len(batch), last=batch[-1].id)
            if not all(kept):  # taken out of use meanwhile, as if they had come a moment later
                log.warning("spooled_without_hook", count=len(kept) - sum(kept))
            self.stored.set()

    def _back(self) -> None:
        if self.away:
            log.info("database_back")
        self.away = False


def _unknown() -> TryLater:
    return TryLater("The database is away, and this webhook is not known without it.", after=5.0)
