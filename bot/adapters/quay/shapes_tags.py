"""Quay's answers about tags and images: read as forgivingly as those in `shapes`."""

import json
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from bot.adapters.quay.shapes import Seconds, Shape, Text, Yes, rows, table


def _bytes(value: object) -> int | None:
    """A size; None where Quay tells none (facts §3.1)."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63 else None


def _document(value: object) -> dict[str, Any]:
    """The manifest itself, which is a string of JSON in the answer (facts §3.1); empty if it cannot be read."""
    try:
        return table(json.loads(value)) if isinstance(value, str) else table(value)
    except (ValueError, RecursionError):
        return {}


Bytes = Annotated[int | None, BeforeValidator(_bytes)]


class RowShape(Shape):
    """A row of a tag's history. `end_ts` is there when it has ended, or will end (facts §3.1)."""

    name: Text = ""
    manifest_digest: Text = ""
    start_ts: Seconds = None
    end_ts: Seconds = None
    last_modified: Text = ""
    reversion: Yes = False
    is_manifest_list: Yes = False
    size: Bytes = None
    immutable: Yes = False


class RowsShape(Shape):
    """GET tag/."""

    tags: Annotated[list[RowShape], BeforeValidator(rows)]
    has_additional: Yes = False


class LayerShape(Shape):
    """A layer: as Quay tells it (`blob_digest`), or as manifests do (`digest`, once `blobSum`)."""

    blob_digest: Text = ""
    digest: Text = ""
    blob_sum: Annotated[Text, Field(alias="blobSum")] = ""
    compressed_size: Bytes = None
    size: Bytes = None


class PlatformShape(Shape):
    """For which machines an image of an index is."""

    os: Text = ""
    architecture: Text = ""
    variant: Text = ""


class ChildShape(Shape):
    """An image of an index."""

    digest: Text = ""
    platform: Annotated[PlatformShape, BeforeValidator(table)] = PlatformShape()


class DocumentShape(Shape):
    """The manifest as it was pushed: layers, or images for several platforms. `old_layers`: the newest layer first."""

    layers: Annotated[list[LayerShape], BeforeValidator(rows)] = Field(default_factory=list)
    old_layers: Annotated[list[LayerShape], BeforeValidator(rows)] = Field(default_factory=list, alias="fsLayers")
    manifests: Annotated[list[ChildShape], BeforeValidator(rows)] = Field(default_factory=list)


class ManifestShape(Shape):
    """GET manifest/<digest>."""

    digest: Text = ""
    is_manifest_list: Yes = False
    layers_compressed_size: Bytes = None
    layers: Annotated[list[LayerShape], BeforeValidator(rows)] = Field(default_factory=list)
    manifest_data: Annotated[DocumentShape, BeforeValidator(_document)] = DocumentShape()


class LabelShape(Shape):
    """A label of an image."""

    id: Text = ""
    key: Text = ""
    value: Text = ""
    source_type: Text = ""


class LabelsShape(Shape):
    """GET manifest/<digest>/labels."""

    labels: Annotated[list[LabelShape], BeforeValidator(rows)]


class FindingShape(Shape):
    """A vulnerability of a package. `Link` may hold several addresses between blanks (facts §1.2)."""

    Name: Text = ""
    Severity: Text = ""
    FixedBy: Text = ""
    Link: Text = ""
    Description: Text = ""


class FeatureShape(Shape):
    """A package in an image."""

    Name: Text = ""
    Version: Text = ""
    Vulnerabilities: Annotated[list[FindingShape], BeforeValidator(rows)] = Field(default_factory=list)


class ScannedShape(Shape):
    """The one layer that Quay tells everything about."""

    Features: Annotated[list[FeatureShape], BeforeValidator(rows)] = Field(default_factory=list)


class ScanDataShape(Shape):
    """What was found."""

    Layer: Annotated[ScannedShape, BeforeValidator(table)] = ScannedShape()


class SecurityShape(Shape):
    """GET manifest/<digest>/security; `data` is null until the scanner is done."""

    status: Text = ""
    data: Annotated[ScanDataShape, BeforeValidator(table)] = ScanDataShape()
