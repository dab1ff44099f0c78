"""A tag's history as people think of it: steps and times without it; and what tells two images apart."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.images import Label, Layer, Platform, TagRow, Vulnerability


class How(StrEnum):
    """How a row came to be."""

    FIRST = "first"  # nothing is known before it
    NEW = "new"  # another image than before, one that the tag never had
    BACK = "back"  # another image than before, one that it had earlier, but not by a restore
    AGAIN = "again"  # the image that it had already
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Author:
    """Who did something, by what (Quay's kind of entry), and through which application ("" for none)."""

    name: str
    kind: str
    application: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A time without the tag, after a row. `until` None: it is gone still."""

    since: datetime
    until: datetime | None
    author: Author | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One row with what it did. `mark` is the number of its image, the same for every row of it, from 0 on."""

    row: TagRow
    how: How
    mark: int
    living: bool
    gap: Gap | None = None
    author: Author | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """What two images have in common and what not. kept + removed is all of the first, kept + added of the second."""

    kept: tuple[Layer, ...] = ()
    added: tuple[Layer, ...] = ()
    removed: tuple[Layer, ...] = ()


@dataclass(frozen=True, slots=True)
class Platforms:
    """Two indexes, platform by platform (by name): the same image, another one, or only in one of them."""

    same: tuple[str, ...] = ()
    changed: tuple[tuple[Platform, Platform], ...] = ()
    added: tuple[Platform, ...] = ()
    removed: tuple[Platform, ...] = ()


@dataclass(frozen=True, slots=True)
class Labels:
    """How labels differ. `changed` are (key, before, after) of keys that either side has once."""

    added: tuple[Label, ...] = ()
    removed: tuple[Label, ...] = ()
    changed: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """Vulnerabilities that only the second image has, that only the first one had, and that both have."""

    gained: tuple[Vulnerability, ...] = ()
    lost: tuple[Vulnerability, ...] = ()
    kept: tuple[Vulnerability, ...] = ()
