"""Tags, images, labels and scans: what a registry tells of them, as values."""

from dataclasses import dataclass
from datetime import datetime

MOST_ROWS = 2_000  # of a tag's history that are read: whoever has so many learns that there may be older ones
PAGE_ROWS = 100  # that one call brings
GONE = "none"  # what stands for the digest of a tag that is not there, wherever a state is written down


@dataclass(frozen=True, slots=True)
class TagRow:
    """One row of a tag's history. `end` is when it ended, None while it lives; `expires`: it lives, and ends then.

    `reversion`: it came by a restore. `size` is in bytes, None where Quay tells none (an index's own).
    """

    name: str
    digest: str
    start: datetime
    end: datetime | None = None
    expires: datetime | None = None
    reversion: bool = False
    size: int | None = None
    is_list: bool = False
    immutable: bool = False


@dataclass(frozen=True, slots=True)
class TagPage:
    """A page of living tags, newest first; `more` if there is another one."""

    rows: tuple[TagRow, ...]
    page: int
    more: bool


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer; `size` in bytes as it is transferred, None where nobody tells."""

    digest: str
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Platform:
    """One image of an index: its digest, "linux/arm64/v8", and the size of its manifest if told."""

    digest: str
    name: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a digest is. An index has `platforms` and no layers. `size` of all layers in bytes, None: unknown."""

    digest: str
    is_list: bool
    layers: tuple[Layer, ...] = ()
    platforms: tuple[Platform, ...] = ()
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """A label. `source` is "manifest" (of the image itself, cannot be removed) or "api"."""

    id: str
    key: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Vulnerability:
    """A finding in one package. `severity` is Critical, High, Medium, Low, Negligible or Unknown."""

    name: str
    severity: str
    package: str
    version: str = ""
    fixed_by: str = ""
    link: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """What the scanner says.

    `status`: scanned, queued, unsupported, failed, manifest_layer_too_large, or "" (there is no scanner).
    """

    status: str
    findings: tuple[Vulnerability, ...] = ()
