"""Quay's answers about repositories: read as forgivingly as those in `shapes`."""

from typing import Annotated

from pydantic import BeforeValidator

from bot.adapters.quay.shapes import Name, NameShape, Seconds, Shape, Text, Yes, rows, table
from bot.adapters.quay.shapes_people import Claim, Tables


def _bytes(value: object) -> int | None:
    """A number of bytes; None where Quay says nothing sensible (it may be far above 2³¹)."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _seconds(value: object) -> int:
    found = _bytes(value)
    return found if found is not None and found < 10**10 else 0


class QuotaShape(Shape):
    """`quota_report`: 0 bytes where quotas are switched off, too."""

    quota_bytes: Annotated[int | None, BeforeValidator(_bytes)] = None


class TagShape(Shape):
    """A tag in the map of a repository."""

    last_modified: Text = ""


class WholeShape(Shape):
    """GET repository/…"""

    namespace: Text = ""
    name: Text = ""
    description: Text = ""
    is_public: Yes = False
    state: Text = ""
    tag_expiration_s: Annotated[int, BeforeValidator(_seconds)] = 0
    can_write: Claim = None
    can_admin: Claim = None
    tags: Annotated[dict[str, TagShape] | None, Tables] = None
    quota_report: Annotated[QuotaShape, BeforeValidator(table)] = QuotaShape()


class RowShape(Shape):
    """A row of GET repository?namespace=…"""

    namespace: Text = ""
    name: Text = ""
    description: Text = ""
    is_public: Yes = False
    state: Text = ""
    last_modified: Seconds = None
    quota_report: Annotated[QuotaShape, BeforeValidator(table)] = QuotaShape()


class RowsShape(Shape):
    """GET repository?namespace=… Without `next_page` it is the last one."""

    repositories: Annotated[list[RowShape], BeforeValidator(rows)]
    next_page: Text = ""


class FoundShape(Shape):
    """A row of GET find/repositories."""

    namespace: Name = NameShape()
    name: Text = ""
    description: Text = ""
    is_public: Yes = False
    last_modified: Seconds = None


class FindingsShape(Shape):
    """GET find/repositories."""

    results: Annotated[list[FoundShape], BeforeValidator(rows)]
