"""Many pairs of values in one question, each of them looked up in an index."""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import FromClause, Text, cast, column, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from bot.adapters.store.database import Database


def pairs(database: Database, values: Collection[tuple[Any, str]], first: TypeEngine[Any]) -> FromClause:
    """The pairs as a table with the columns `first` (of that type) and `second` (text) to join with.

    SQLite would read a whole table for `(a, b) IN (…)`, and both engines would read the question for each number of
    pairs anew.
    """
    if database.postgres:
        lists = [cast([pair[place] for pair in values], ARRAY(kind)) for place, kind in ((0, first), (1, Text()))]
        table = func.unnest(*lists).table_valued(column("first", first), column("second", Text))
        return table.render_derived(name="pairs")
    value = func.json_each(json.dumps(list(values))).table_valued("value", name="pairs").c.value
    parts = [func.json_extract(value, f"$[{place}]").label(name) for place, name in enumerate(("first", "second"))]
    return select(*parts).subquery()
