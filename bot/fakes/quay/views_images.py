"""How tags, manifests, labels and scan results look in answers: exactly the keys that were recorded."""

from typing import Any

from bot.fakes.quay.images import Finding, Image, Label, Shelf, TagRow
from bot.fakes.quay.views import when

_DISTRIBUTION = {
    "UpdatedBy": "rhel-vex",
    "RepoName": "cpe:/o:redhat:enterprise_linux:9::baseos",
    "RepoLink": "",
    "DistroName": "Red Hat Enterprise Linux Server",
    "DistroVersion": "9",
}


def row_view(shelf: Shelf, row: TagRow, *, immutable: bool) -> dict[str, Any]:
    """A row of a tag's history. `immutable`: whether the server has that feature."""
    image = shelf.images[row.digest]
    view: dict[str, Any] = {"name": row.name, "reversion": row.reversion, "start_ts": int(row.start.timestamp())}
    if row.end is not None:
        view["end_ts"] = int(row.end.timestamp())
    view |= {"manifest_digest": row.digest, "is_manifest_list": image.is_list, "size": image.size}
    if immutable:
        view["immutable"] = row.immutable
    view["last_modified"] = when(row.start)
    if row.end is not None:
        view["expiration"] = when(row.end)
    return view | (_inside(shelf, image) if image.is_list else {})


def _inside(shelf: Shelf, image: Image) -> dict[str, Any]:
    """What a row of an index tells of the images in it."""
    there = {digest: digest in shelf.images for digest in image.children.values()}
    present = sum(there.values())
    return {
        "is_sparse": present < len(there),
        "child_manifest_count": len(there),
        "present_child_count": present,
        "child_manifests_presence": there,
    }


def tag_of_map(shelf: Shelf, row: TagRow) -> dict[str, Any]:
    """A tag in the answer about its repository."""
    view: dict[str, Any] = {"name": row.name, "size": shelf.images[row.digest].size}
    return view | {"last_modified": when(row.start), "manifest_digest": row.digest}


def manifest_view(image: Image) -> dict[str, Any]:
    """A manifest; the manifest itself is a string in it."""
    layers = None if image.is_list else [_layer(image, number) for number in range(len(image.layers))]
    return {
        "digest": image.digest,
        "is_manifest_list": image.is_list,
        "manifest_data": image.data(),
        "config_media_type": image.config_type,
        "layers_compressed_size": image.size or 0,
        "layers": layers,
    }


def _layer(image: Image, number: int) -> dict[str, Any]:
    one = image.layers[number]
    return {
        "index": number,
        "compressed_size": one.size,
        "is_remote": False,
        "urls": None,
        "command": [one.command] if one.command else None,
        "comment": None,
        "author": None,
        "blob_digest": one.digest,
        "created_datetime": when(image.created),
    }


def label_view(label: Label) -> dict[str, Any]:
    """A label."""
    return {
        "id": label.id,
        "key": label.key,
        "value": label.value,
        "source_type": label.source,
        "media_type": label.media_type,
    }


def security_view(image: Image) -> dict[str, Any]:
    """What the scanner found, by package; nothing while it is not done or cannot look (facts §1.2)."""
    if image.scan != "scanned":
        return {"status": image.scan, "data": None}
    packages = dict.fromkeys((one.package, one.version) for one in image.findings)
    features = [_feature(image, *package) for package in packages]
    layer = {"Name": image.digest, "ParentName": "", "NamespaceName": "", "IndexedByVersion": 4, "Features": features}
    return {"status": "scanned", "data": {"Layer": layer}}


def _feature(image: Image, package: str, version: str) -> dict[str, Any]:
    mine = [one for one in image.findings if (one.package, one.version) == (package, version)]
    return {
        "Name": package,
        "VersionFormat": "",
        "NamespaceName": "",
        "AddedBy": image.layers[-1].digest,
        "Version": version,
        "BaseScores": sorted({one.score for one in mine if one.score is not None}),
        "CVEIds": sorted({one.cve for one in mine}),
        "Vulnerabilities": [_vulnerability(one) for one in mine],
    }


def _vulnerability(finding: Finding) -> dict[str, Any]:
    score = {"Vectors": finding.vector, "Score": "" if finding.score is None else finding.score}
    return {
        "Severity": finding.severity,
        "NamespaceName": "rhel-vex",
        "Link": finding.link,
        "FixedBy": finding.fixed_by,
        "Description": finding.description,
        "Name": finding.cve,
        "Metadata": {**_DISTRIBUTION, "NVD": {"CVSSv3": score}},
    }
