"""Answers about tags and images into our own nouns."""

from collections.abc import Iterator
from datetime import UTC, datetime

from bot.adapters.quay import words
from bot.adapters.quay.reading import to_time
from bot.adapters.quay.shapes_tags import (
    ChildShape,
    LabelShape,
    LayerShape,
    ManifestShape,
    RowShape,
    RowsShape,
    SecurityShape,
)
from bot.domain.errors import GiveUp
from bot.ports import Label, Layer, Manifest, Platform, Scan, TagRow, Vulnerability
from bot.rules.severities import severity_of

_UNKNOWN = "unknown/unknown"  # what an index calls the platform of things that are no images, such as attestations


def to_rows(raw: RowsShape, now: datetime, host: str) -> tuple[TagRow, ...]:
    """The rows of a page. Raises GiveUp for one without digest or start: nothing true could be said about it."""
    return tuple(_row(one, now, host) for one in raw.tags)


def _row(raw: RowShape, now: datetime, host: str) -> TagRow:
    start = _moment(raw.start_ts) or to_time(raw.last_modified)
    if start is None or not raw.manifest_digest:
        raise GiveUp(words.not_understood(host), detail="RowShape: a row without a start or without a digest")
    end = _moment(raw.end_ts)
    later = end is not None and end > now  # it lives, and ends then (facts §3.1)
    return TagRow(
        name=raw.name,
        digest=raw.manifest_digest,
        start=start,
        end=None if later else end,
        expires=end if later else None,
        reversion=raw.reversion,
        size=None if raw.is_manifest_list else raw.size,
        is_list=raw.is_manifest_list,
        immutable=raw.immutable,
    )


def to_manifest(raw: ManifestShape, digest: str) -> Manifest:
    """What the digest is. Quay's own list of layers goes first, then that of the manifest."""
    document = raw.manifest_data
    platforms = tuple(_platforms(document.manifests))
    if raw.is_manifest_list or document.manifests:
        return Manifest(digest, is_list=True, platforms=platforms)
    layers = tuple(_layers(raw.layers or document.layers or document.old_layers[::-1]))
    sizes = [layer.size for layer in layers if layer.size is not None]
    known = sum(sizes) if layers and len(sizes) == len(layers) else None
    return Manifest(
        digest, is_list=False, layers=layers, size=known if known is not None else raw.layers_compressed_size
    )


def _layers(raw: list[LayerShape]) -> Iterator[Layer]:
    for one in raw:
        digest = one.blob_digest or one.digest or one.blob_sum
        if digest:
            yield Layer(digest, one.size if one.compressed_size is None else one.compressed_size)


def _platforms(raw: list[ChildShape]) -> Iterator[Platform]:
    for one in raw:
        told = one.platform
        name = "/".join(filter(None, (told.os or "unknown", told.architecture or "unknown", told.variant)))
        if one.digest and name != _UNKNOWN:
            yield Platform(one.digest, name)


def to_label(raw: LabelShape) -> Label:
    """A label."""
    return Label(raw.id, raw.key, raw.value, raw.source_type)


def to_scan(raw: SecurityShape) -> Scan:
    """What was found, each finding of a package once."""
    found = (
        Vulnerability(
            name=one.Name,
            severity=severity_of(one.Severity)[0].value,
            package=feature.Name,
            version=feature.Version,
            fixed_by=one.FixedBy,
            link=next(iter(one.Link.split()), ""),
            description=one.Description,
        )
        for feature in raw.data.Layer.Features
        for one in feature.Vulnerabilities
    )
    return Scan(raw.status, tuple(dict.fromkeys(found)))


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
