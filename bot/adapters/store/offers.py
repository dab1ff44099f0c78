"""Acts that wait for the press of a button."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from bot.adapters.store.database import Database
from bot.adapters.store.owners import belongs, key_of, owner, packed, unpacked
from bot.adapters.store.tables import offers
from bot.adapters.store.vault import Vault, needed, of_button
from bot.domain.acts import Act
from bot.domain.errors import BotError, TryLater
from bot.domain.offers import Offer, Purpose
from bot.domain.people import Person

NO_KEYS = (
    "This holds something that has to be stored until you say yes, and I have no key to seal it with. "
    "The operator of this bot has to set SECRET_KEYS first."
)
MANY = 20
_SAME = ("name", "pin", "channel", "reference", "said", "card", "created_at", "expires_at")


class SqlOffers:
    """Implements ports.Offers."""

    def __init__(self, database: Database, vault: Vault | None) -> None:
        self._database = database
        self._vault = vault

    async def make(self, offer: Offer) -> None:
        """Store a new one. Raises UserError when it has hidden parameters that nothing can seal."""
        act, sealed = offer.act, None
        if act.hidden:
            binding = of_button(offer.name, offer.person, act.name, act.target)
            sealed = needed(self._vault, NO_KEYS).seal(packed(act.hidden), binding)
        what = {"act": act.name, "target": act.target, "parameters": packed(act.parameters), "hidden": sealed}
        copied = {name: getattr(offer, name) for name in _SAME} | {"blocks": json.dumps(offer.blocks)}
        row = {"purpose": offer.purpose.value} | key_of(offer.person) | what | copied
        async with self._database.writing() as connection:
            if not await self._database.insert_new(connection, offers, **row):
                raise TryLater("That did not work. Please ask again.", detail="the name of an offer is taken")

    async def get(self, name: str) -> Offer | None:
        """The offer of that name, if nobody has taken it. Raises GiveUp when the vault cannot be opened."""
        wanted = select(offers).where(offers.c.name == name, offers.c.taken_at.is_(None))
        async with self._database.reading() as connection:
            row = (await connection.execute(wanted)).first()
        return None if row is None else self._offer(row)

    async def take(self, name: str, now: datetime) -> bool:
        """True for exactly one caller, in time. What it hid stays sealed until the sweep: it may be given back."""
        free = (offers.c.name == name, offers.c.taken_at.is_(None), offers.c.expires_at > now)
        async with self._database.writing() as connection:
            return (await connection.execute(update(offers).where(*free).values(taken_at=now))).rowcount > 0

    async def give_back(self, name: str) -> None:
        """It can be taken again."""
        async with self._database.writing() as connection:
            await connection.execute(update(offers).where(offers.c.name == name).values(taken_at=None))

    async def undoable(self, person: Person, now: datetime) -> tuple[Offer, ...]:
        """The ways back from what that person did that are still open, newest first, 20 at most.

        One whose hidden parameters cannot be opened any more is left out: it is no way back.
        """
        back = (offers.c.purpose == Purpose.UNDO.value, offers.c.taken_at.is_(None), offers.c.expires_at > now)
        newest = (
            select(offers).where(belongs(offers, person), *back).order_by(offers.c.created_at.desc(), offers.c.name)
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(newest.limit(MANY))).all()
        found = []
        for row in rows:
            with suppress(BotError):
                found.append(self._offer(row))
        return tuple(found)

    async def sweep(self, before: datetime) -> None:
        """Forget those whose time was over then."""
        async with self._database.writing() as connection:
            await connection.execute(delete(offers).where(offers.c.expires_at < before))

    def _offer(self, row: Any) -> Offer:
        act = Act(row.act, row.target, unpacked(row.parameters))
        if row.hidden is not None:
            binding = of_button(row.name, owner(row), row.act, row.target)
            act = replace(act, hidden=unpacked(needed(self._vault, NO_KEYS).open(row.hidden, binding)))
        copied = {name: getattr(row, name) for name in _SAME}
        blocks = tuple(json.loads(row.blocks))
        return Offer(purpose=Purpose(row.purpose), person=owner(row), act=act, blocks=blocks, **copied)
