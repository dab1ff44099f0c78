"""Answers about tags and images into our own nouns."""

from collections.abc import Iterator
from datetime import datetime

from bot.adapters.quay import words
from bot.adapters.quay.reading import moment, to_time
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
from bot.domain.images import Label, Layer, Manifest, Platform, Scan, TagRow, Vulnerability
from bot.rules.severities import severity_of

_UNKNOWN = "unknown/unknown"  # what an index calls the platform of things that are no images, such as attestations


def to_rows(raw: RowsShape, now: datetime, host: str) -> tuple[TagRow, ...]:
    """The rows of a page, without those of which nothing true can be said (no digest, absurd times).

    Raises GiveUp if that is all of them: then it is we who do not understand them.
    """
    found = tuple(row for one in raw.tags if (row := _row(one, now)))
    if raw.tags and not found:
        raise GiveUp(words.not_understood(host), detail="RowShape: only rows without a digest or without times")
    return found


def _row(raw: RowShape, now: datetime) -> TagRow | None:
    start, end = moment(raw.start_ts) or to_time(raw.last_modified), moment(raw.end_ts)
    endless = raw.end_ts is None or raw.end_ts > now.timestamp()  # an end beyond all calendars never comes
    if start is None or not raw.manifest_digest or (end is None and not endless):
        return None
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
