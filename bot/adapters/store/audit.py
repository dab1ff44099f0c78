"""The audit: lines at the end of a chain, one at a time, and never anything else."""

from collections.abc import AsyncIterator, Collection
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, not_, or_, select, true

from bot.adapters.store.columns import clean
from bot.adapters.store.database import Database
from bot.adapters.store.owners import belongs, key_of, packed, unpacked
from bot.adapters.store.tables import audit
from bot.domain.acts import Act, Deed, Outcome
from bot.domain.people import Person
from bot.ports import Line
from bot.rules.chain import FIRST, linked

CHUNK = 500  # lines that are read at once


class SqlAudit:
    """Implements ports.Audit."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(self, deed: Deed) -> Line:
        """Add a line at the end; durable when it returns. One at a time, in all processes together.

        The hash is that of what is stored: foreign text may have to change for it (columns.clean).
        """
        values = _values(deed)
        stored = _deed(values)
        last = select(audit.c.number, audit.c.hash).order_by(audit.c.number.desc()).limit(1)
        async with self._database.writing() as connection:
            await self._database.alone(connection, "audit")
            row = (await connection.execute(last)).first()
            number, previous = (1, FIRST) if row is None else (row.number + 1, row.hash)
            line = Line(number, stored, previous, linked(number, previous, stored))
            chain = {"number": number, "previous": previous, "hash": line.hash}
            await connection.execute(audit.insert().values(**values, **chain))
        return line

    async def newest(
        self,
        *,
        person: Person | None = None,
        target: str = "",
        reference: str = "",
        before: int = 0,
        limit: int = 10,
        listing: bool = False,
        but: Collection[str] = (),
    ) -> tuple[Line, ...]:
        """The newest lines that fit, newest first; see the port."""
        which = (
            true() if person is None else belongs(audit, person),
            self._about(clean(target)) if target else true(),
            _named(reference) if reference else true(),
            audit.c.number < before if before else true(),
            _telling() if listing else true(),
            audit.c.act.not_in(sorted(but)) if but else true(),
        )
        wanted = select(audit).where(*which).order_by(audit.c.number.desc()).limit(limit)
        async with self._database.reading() as connection:
            return tuple(_line(row) for row in await connection.execute(wanted))

    async def first(self, reference: str) -> Line | None:
        """The oldest line with that reference or approval's name; see the port."""
        wanted = select(audit).where(_named(reference)).order_by(audit.c.number).limit(1)
        async with self._database.reading() as connection:
            row = (await connection.execute(wanted)).first()
        return None if row is None else _line(row)

    async def all(self, *, since: datetime | None = None) -> AsyncIterator[Line]:
        """Every line from the first on, or from the first one of that time on.

        However many there are, few of them are in memory, and no transaction is open while the caller works.
        """
        number = 0 if since is None else await self._before(since)
        while number is not None:
            wanted = select(audit).where(audit.c.number > number).order_by(audit.c.number).limit(CHUNK)
            async with self._database.reading() as connection:
                rows = (await connection.execute(wanted)).all()
            for row in rows:
                yield _line(row)
            number = rows[-1].number if len(rows) == CHUNK else None

    async def _before(self, since: datetime) -> int | None:
        first = select(audit.c.number).where(audit.c.at >= since).order_by(audit.c.number).limit(1)
        async with self._database.reading() as connection:
            number = await connection.scalar(first)
        return None if number is None else number - 1

    def _about(self, target: str) -> ColumnElement[bool]:
        """A repository with its tags; a namespace with its repositories and robots; anything else only itself."""
        inside = (":",) if "/" in target else ("/", "+")
        begins = self._database.begins
        return or_(audit.c.target == target, *(begins(audit.c.target, target + mark) for mark in inside))


def _named(reference: str) -> ColumnElement[bool]:
    return or_(audit.c.reference == reference, audit.c.approval == reference)


def _telling() -> ColumnElement[bool]:
    """No looks at the audit, and nothing that its own person has gone on with: neither beginnings nor previews."""
    later = audit.alias("later")
    followed = exists().where(
        later.c.reference == audit.c.reference,
        later.c.number > audit.c.number,
        later.c.team == audit.c.team,
        later.c.member == audit.c.member,
        later.c.outcome != Outcome.TRIED.value,
    )
    begins = audit.c.outcome.in_([Outcome.TRIED.value, Outcome.SHOWN.value])
    return and_(audit.c.act != "audit", or_(not_(begins), not_(followed)))


def _values(deed: Deed) -> dict[str, Any]:
    """The columns of a deed, as the database will give them back."""
    texts = {name: getattr(deed, name) for name in ("reference", "username", "channel", "detail")}
    act = {"act": deed.act.name, "target": deed.act.target, "outcome": deed.outcome.value}
    more = {"approval": deed.approval, "quay_log": deed.quay_log}
    cleaned = {name: clean(value) for name, value in (key_of(deed.person) | texts | act | more).items()}
    return cleaned | {"at": deed.at.astimezone(UTC), "parameters": packed(deed.act.parameters)}


def _deed(row: Any) -> Deed:
    return Deed(
        at=row["at"],
        reference=row["reference"],
        person=Person(row["team"], row["member"]),
        username=row["username"],
        channel=row["channel"],
        act=Act(row["act"], row["target"], unpacked(row["parameters"])),
        outcome=Outcome(row["outcome"]),
        detail=row["detail"],
        approval=row["approval"],
        quay_log=row["quay_log"],
    )


def _line(row: Any) -> Line:
    return Line(row.number, _deed(row._mapping), row.previous, row.hash)
