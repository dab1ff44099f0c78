"""Global messages that begin or end at a certain time."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, or_, select, update

from bot.adapters.store.columns import clean
from bot.adapters.store.database import Database
from bot.adapters.store.owners import key_of, owner
from bot.adapters.store.tables import banners
from bot.domain.acts import Vote
from bot.domain.banners import Banner, BannerStage
from bot.domain.errors import TryLater
from bot.domain.people import Person

_SAME = ("name", "username", "channel", "severity", "media_type", "reference", "uuid", "reason", "approval")
_TIMES = ("begins_at", "ends_at", "created_at", "moved_at")
_OPEN = (BannerStage.WAITING, BannerStage.POSTING, BannerStage.SHOWN, BannerStage.REMOVING)


class SqlBanners:
    """Implements ports.Banners."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, banner: Banner) -> None:
        """Store a new one."""
        copied = {name: getattr(banner, name) for name in (*_SAME, *_TIMES)}
        what = {"content": clean(banner.content), "stage": banner.stage.value, "seen": _packed(banner.seen)}
        what["voters"] = _packed(
            [[*key_of(vote.person).values(), vote.username, vote.at.isoformat()] for vote in banner.votes]
        )
        async with self._database.writing() as connection:
            if not await self._database.insert_new(connection, banners, **key_of(banner.person), **copied, **what):
                raise TryLater("That did not work. Please ask again.", detail="the name of a banner is taken")

    async def get(self, name: str) -> Banner | None:
        """The one of that name."""
        async with self._database.reading() as connection:
            row = (await connection.execute(select(banners).where(banners.c.name == name))).first()
        return None if row is None else _banner(row)

    async def open(self) -> tuple[Banner, ...]:
        """Those that wait or are shown, in the order of their beginning."""
        wanted = select(banners).where(_at(*_OPEN)).order_by(banners.c.begins_at, banners.c.name)
        async with self._database.reading() as connection:
            return tuple(_banner(row) for row in await connection.execute(wanted))

    async def due(self, now: datetime) -> Sequence[Banner]:
        """Those whose time to begin or to end has come."""
        begin = and_(_at(BannerStage.WAITING), banners.c.begins_at <= now)
        end = and_(_at(BannerStage.SHOWN), banners.c.ends_at <= now)
        async with self._database.reading() as connection:
            found = await connection.execute(select(banners).where(or_(begin, end)).order_by(banners.c.begins_at))
            return tuple(_banner(row) for row in found)

    async def move(
        self, banner: Banner, stage: BannerStage, now: datetime, *, uuid: str = "", reason: str = ""
    ) -> bool:
        """To another stage, if it has not moved since `banner` was read; with what that says of `seen`."""
        values: dict[str, Any] = {"stage": stage.value, "moved_at": now, "reason": clean(reason)}
        values["seen"] = _packed(banner.seen)
        values |= {"uuid": clean(uuid)} if uuid else {}
        table, was = banners.c, banner.stage.value
        same = (table.name == banner.name, table.stage == was, table.moved_at == banner.moved_at)
        async with self._database.writing() as connection:
            return (await connection.execute(update(banners).where(*same).values(**values))).rowcount > 0

    async def sweep(self, before: datetime) -> None:
        """Forget those that ended before."""
        over = and_(banners.c.stage.not_in([stage.value for stage in _OPEN]), banners.c.moved_at < before)
        async with self._database.writing() as connection:
            await connection.execute(delete(banners).where(over))


def _at(*stages: BannerStage) -> Any:
    return banners.c.stage.in_([stage.value for stage in stages])


def _banner(row: Any) -> Banner:
    copied = {name: getattr(row, name) for name in (*_SAME, *_TIMES)}
    votes = [
        Vote(Person(team, user), name, datetime.fromisoformat(at)) for team, user, name, at in json.loads(row.voters)
    ]
    seen = None if row.seen is None else tuple(json.loads(row.seen))
    stage = BannerStage(row.stage)
    return Banner(person=owner(row), content=row.content, stage=stage, votes=tuple(votes), seen=seen, **copied)


def _packed(values: Sequence[Any] | None) -> str | None:
    return None if values is None else json.dumps(values)
