"""Column types: the same value goes in and comes out on both engines."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

# SQLite counts up by itself only in a column that is called exactly INTEGER (64 bits wide there).
Number = BigInteger().with_variant(Integer(), "sqlite")


def microseconds(value: datetime) -> int:
    """Microseconds since 1970 in UTC. Raises ValueError for a time without a time zone."""
    if value.utcoffset() is None:
        raise ValueError("a time without a time zone cannot be stored")
    return (value - _EPOCH) // _MICROSECOND


def clean(value: str) -> str:
    """The text without what PostgreSQL cannot hold: NUL becomes U+FFFD, half of a surrogate pair a question mark.

    Foreign text may hold both (JSON can spell them). SQLite could keep a NUL, but both engines should tell the same.
    """
    return value.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode("utf-8")


class Instant(TypeDecorator[datetime]):
    """A point in time, stored as whole microseconds since 1970 in UTC; always timezone-aware."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's
        """From our value to the column's."""
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """From the column's value to ours."""
        return None if value is None else _EPOCH + value * _MICROSECOND


class Words(TypeDecorator[str]):
    """Text of any length that may come from strangers; see `clean`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """From our value to the column's."""
        return None if value is None else clean(value)
