"""Columns that many tables have: whose row it is, scopes, and what an act was asked with."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Table, and_

from bot.adapters.store.columns import clean
from bot.domain.people import Person


def key_of(person: Person) -> dict[str, str]:
    """The columns that say whose row it is."""
    return {"team": person.team, "member": person.user}


def owner(row: Any) -> Person:
    """Whose row it is."""
    return Person(row.team, row.member)


def link_lock(person: Person) -> str:
    """The name under which whatever begins, moves or ends the person's attempt to link is alone (Database.alone)."""
    return f"link of {person.team} {person.user}"


def belongs(table: Table, person: Person) -> ColumnElement[bool]:
    """The rows of that person in a table with the columns `team` and `member`."""
    return and_(table.c.team == person.team, table.c.member == person.user)


def listed(scopes: frozenset[str] | None) -> str | None:
    """Scopes as they are stored: with blanks between them."""
    return None if scopes is None else " ".join(sorted(scopes))


def unlisted(stored: str | None) -> frozenset[str] | None:
    """Stored scopes as they were."""
    return None if stored is None else frozenset(stored.split())


def packed(parameters: Mapping[str, str]) -> str:
    """Parameters as they are stored: JSON, in a fixed order, cleaned like every other text."""
    return json.dumps(dict(sorted((clean(name), clean(value)) for name, value in parameters.items())))


def unpacked(stored: str) -> dict[str, str]:
    """Stored parameters as they were."""
    return {str(name): str(value) for name, value in json.loads(stored).items()}
