"""What lies in a repository: images with layers, labels and findings, and the tags that have pointed at them."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

SCANS = ("queued", "scanned", "failed", "unsupported", "manifest_layer_too_large")
_OCI = "application/vnd.oci.image"
_DOCKER = "application/vnd.docker"
_SMALLEST = 134  # bytes: a layer with nothing much in it


def sha(*words: object) -> str:
    """A digest that depends on these words only."""
    return f"sha256:{hashlib.sha256(' '.join(map(str, words)).encode()).hexdigest()}"


@dataclass(frozen=True)
class Layer:
    """A layer as it is transferred: its digest, size in bytes, and the command that made it."""

    digest: str
    size: int = _SMALLEST
    command: str = ""


def layer(command: str, size: int = _SMALLEST) -> Layer:
    """A layer that is the same one wherever the same command and size are given."""
    return Layer(sha("layer", command, size), size, command)


@dataclass
class Label:
    """A label of an image. `source` is "manifest" (of the image itself, it stays) or "api"."""

    id: str
    key: str
    value: str
    source: str = "manifest"
    media_type: str = "text/plain"


@dataclass(frozen=True)
class Finding:
    """A vulnerability of a package in an image. `fixed_by` is "" where there is no fix; `score` None: nobody tells."""

    cve: str
    severity: str
    package: str = "openssl-libs"
    version: str = "1.0.0-1.el9"
    fixed_by: str = "0:9.9.9-1.el9"
    description: str = ""
    link: str = ""
    score: float | None = None
    vector: str = ""


@dataclass
class Image:
    """A manifest: of one image, or (`children`) an index of images by architecture. `scan` is one of SCANS.

    `collected`: the garbage collector took it, so nothing brings it back.
    """

    digest: str
    created: datetime
    layers: tuple[Layer, ...] = ()
    children: dict[str, str] = field(default_factory=dict)  # digest by architecture
    labels: list[Label] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    scan: str = "scanned"
    docker: bool = False
    collected: bool = False

    @property
    def is_list(self) -> bool:
        """Whether it is an index."""
        return bool(self.children)

    @property
    def size(self) -> int | None:
        """Bytes of all layers; an index has none of its own."""
        return None if self.is_list else sum(one.size for one in self.layers)

    @property
    def config_type(self) -> str | None:
        """The media type of its config."""
        if self.is_list:
            return None
        return f"{_DOCKER}.container.image.v1+json" if self.docker else f"{_OCI}.config.v1+json"

    def data(self) -> str:
        """The manifest itself, as it was pushed."""
        return json.dumps(self._index() if self.is_list else self._manifest())

    def _manifest(self) -> dict[str, Any]:
        kind = f"{_DOCKER}.image.rootfs.diff.tar.gzip" if self.docker else f"{_OCI}.layer.v1.tar+gzip"
        whole = f"{_DOCKER}.distribution.manifest.v2+json" if self.docker else f"{_OCI}.manifest.v1+json"
        return {
            "config": {"digest": sha("config", self.digest), "mediaType": self.config_type, "size": 334},
            "layers": [{"digest": one.digest, "mediaType": kind, "size": one.size} for one in self.layers],
            "mediaType": whole,
            "schemaVersion": 2,
        }

    def _index(self) -> dict[str, Any]:
        kind = f"{_DOCKER}.distribution.manifest.v2+json" if self.docker else f"{_OCI}.manifest.v1+json"
        whole = f"{_DOCKER}.distribution.manifest.list.v2+json" if self.docker else f"{_OCI}.index.v1+json"
        return {
            "manifests": [
                {"digest": digest, "mediaType": kind, "platform": _platform(name), "size": 418}
                for name, digest in self.children.items()
            ],
            "mediaType": whole,
            "schemaVersion": 2,
        }


def _platform(name: str) -> dict[str, str]:
    """A platform of Linux, from an architecture like "arm64/v8"."""
    architecture, _, variant = name.partition("/")
    return {"architecture": architecture, "os": "linux", **({"variant": variant} if variant else {})}


@dataclass
class TagRow:
    """One row of a tag's history. It lives until `end`, which may be in the future; None: for ever."""

    name: str
    digest: str
    start: datetime
    end: datetime | None = None
    reversion: bool = False
    immutable: bool = False

    def alive(self, now: datetime) -> bool:
        """Whether the tag still points there."""
        return self.end is None or self.end > now


@dataclass
class Shelf:
    """The images of a repository and the history of its tags, oldest first."""

    tags: list[TagRow] = field(default_factory=list)
    images: dict[str, Image] = field(default_factory=dict)

    def newest_first(self) -> list[TagRow]:
        """All rows; of those that began at the same moment the one that came last is first."""
        return sorted(self.tags, key=lambda row: row.start)[::-1]

    def living(self, tag: str, now: datetime) -> TagRow | None:
        """The row of the tag that lives, or None."""
        return next((row for row in reversed(self.tags) if row.name == tag and row.alive(now)), None)

    def point(  # a row has that many facts
        self,
        tag: str,
        digest: str,
        now: datetime,
        *,
        end: datetime | None = None,
        reversion: bool = False,
        immutable: bool = False,
    ) -> None:
        """Let the tag, new or not, point at a digest: another row, and the one before ends."""
        before = self.living(tag, now)
        if before is not None:
            before.end = now
        self.tags.append(TagRow(tag, digest, now, end, reversion, immutable))

    def known(self, digest: str) -> Image | None:
        """The image of a digest, also of one that only the history has; None once it is collected."""
        found = self.images.get(digest)
        return None if found is None or found.collected else found

    def shown(self, digest: str, now: datetime) -> Image | None:
        """The image of a digest that a living tag has, or an index that a living tag has."""
        alive = {row.digest for row in self.tags if row.alive(now)}
        inside = {child for one in alive if one in self.images for child in self.images[one].children.values()}
        return self.known(digest) if digest in alive | inside else None


def family(image: Image, architectures: Sequence[str]) -> Iterable[Image]:
    """The images of an index, one for each architecture, each with its own layers; the index learns their digests."""
    for name in architectures:
        layers = tuple(Layer(sha(one.digest, name), one.size, one.command) for one in image.layers)
        child = Image(sha(image.digest, name), image.created, layers, scan=image.scan, docker=image.docker)
        child.findings = list(image.findings)
        image.children[name] = child.digest
        yield child
    image.layers, image.findings, image.scan = (), [], "unsupported"
