"""Images of the fake: layers, architectures, labels, and what the scanner says of them."""

import json
from typing import Any

import pytest

from bot.fakes.quay import Finding, layer
from tests.fakes.quay_scene import WEB, Scene, scene

BASE, APP, FIXED = layer("FROM base", 1000), layer("COPY app", 200), layer("COPY app, better", 210)
XZ = Finding("CVE-2024-3094", "Critical", "xz-libs", "5.6.0", "5.4.6", score=10.0)
TLS = Finding("CVE-2022-0001", "Medium", "openssl-libs", "3.0.7", "")
SSL = Finding("CVE-2021-0002", "Low", "openssl-libs", "3.0.7", "3.0.8", score=3.1)


async def _get(here: Scene, digest: str, ending: str = "") -> Any:
    status, body, _ = await here.call("alice", "GET", f"{WEB}/manifest/{digest}{ending}")
    assert status == 200
    return body


async def test_the_same_layer_has_the_same_digest_in_every_image() -> None:
    async with scene() as here:
        first = await _get(here, here.quay.push("acme/web", "v1", layers=[BASE, APP]))
        second = await _get(here, here.quay.push("acme/web", "v2", layers=[BASE, FIXED], docker=True))
        before, after = ([one["blob_digest"] for one in body["layers"]] for body in (first, second))
        assert (before[0] == after[0], before[1] == after[1]) == (True, False)
        assert (first["layers_compressed_size"], second["layers_compressed_size"]) == (1200, 1210)
        inside = json.loads(second["manifest_data"])
        assert [one["digest"] for one in inside["layers"]] == after
        assert [one["size"] for one in inside["layers"]] == [1000, 210]
        assert inside["mediaType"] == "application/vnd.docker.distribution.manifest.v2+json"
        _, tags, _ = await here.call("alice", "GET", f"{WEB}/tag/")
        assert [row["size"] for row in tags["tags"]] == [1210, 1200]


async def test_an_index_has_an_image_for_each_architecture_and_no_layers_of_its_own() -> None:
    async with scene() as here:
        digest = here.quay.push(
            "acme/web", "v1", layers=[BASE], findings=[XZ], architectures=("amd64", "arm64/v8"), docker=True
        )
        body = await _get(here, digest)
        assert (body["is_manifest_list"], body["layers"], body["layers_compressed_size"]) == (True, None, 0)
        children = json.loads(body["manifest_data"])["manifests"]
        assert children[1]["platform"] == {"architecture": "arm64", "os": "linux", "variant": "v8"}
        one, other = [await _get(here, child["digest"]) for child in children]
        assert one["layers"][0]["compressed_size"] == other["layers"][0]["compressed_size"] == 1000
        assert one["layers"][0]["blob_digest"] != other["layers"][0]["blob_digest"]
        assert (await _get(here, digest, "/security")) == {"status": "unsupported", "data": None}
        scan = await _get(here, children[0]["digest"], "/security")
        assert [feature["Name"] for feature in scan["data"]["Layer"]["Features"]] == ["xz-libs"]
        (row,) = (await here.call("alice", "GET", f"{WEB}/tag/"))[1]["tags"]
        assert (row["size"], row["child_manifest_count"], row["present_child_count"]) == (None, 2, 2)
        assert list(row["child_manifests_presence"]) == [child["digest"] for child in children]
        with pytest.raises(ValueError, match="index"):
            here.quay.scanned("acme/web", digest)


async def test_a_call_back_about_an_index_is_about_the_images_in_it() -> None:
    async with scene() as here:
        digest = here.quay.push("acme/web", "v1", architectures=("amd64", "arm64"))
        here.quay.find_vulnerability("acme/web", ["v1", "gone"], "CVE-1", "Low", fixable=False)
        for child in json.loads((await _get(here, digest))["manifest_data"])["manifests"]:
            scan = await _get(here, child["digest"], "/security")
            (found,) = scan["data"]["Layer"]["Features"][0]["Vulnerabilities"]
            assert (found["Name"], found["Severity"], found["FixedBy"]) == ("CVE-1", "Low", "")


async def test_what_the_scanner_found_is_told_by_package() -> None:
    async with scene() as here:
        digest = here.quay.push("acme/web", "v1", layers=[BASE, APP], findings=[XZ, TLS, SSL])
        body = await _get(here, digest, "/security")
        first, second = body["data"]["Layer"]["Features"]
        assert (first["Name"], first["Version"], first["BaseScores"]) == ("xz-libs", "5.6.0", [10.0])
        assert (second["CVEIds"], second["BaseScores"]) == (["CVE-2021-0002", "CVE-2022-0001"], [3.1])
        assert [one["FixedBy"] for one in second["Vulnerabilities"]] == ["", "3.0.8"]
        assert first["AddedBy"] == APP.digest


@pytest.mark.parametrize("status", ["queued", "failed", "unsupported", "manifest_layer_too_large"])
async def test_a_scan_that_is_not_done_tells_nothing(status: str) -> None:
    async with scene() as here:
        digest = here.quay.push("acme/web", "v1", scan=status, findings=[XZ])
        assert await _get(here, digest, "/security") == {"status": status, "data": None}
        here.quay.scanned("acme/web", digest)
        assert (await _get(here, digest, "/security"))["data"]["Layer"]["Features"] == []
        here.quay.scanned("acme/web", digest, "scanned", XZ)
        assert len((await _get(here, digest, "/security"))["data"]["Layer"]["Features"]) == 1


async def test_mistakes_about_scans_are_refused() -> None:
    async with scene() as here:
        with pytest.raises(ValueError, match="done"):
            here.quay.push("acme/web", "v1", scan="done")
        digest = here.quay.push("acme/web", "v1")
        with pytest.raises(ValueError, match="done"):
            here.quay.scanned("acme/web", digest, "done")


async def test_only_living_tags_show_a_manifest_and_its_labels_but_scans_are_shown_of_all() -> None:
    async with scene() as here:
        old = here.quay.push("acme/web", "latest", labels={"version": "1"}, findings=[XZ])
        here.quay.push("acme/web", "latest")
        for ending, status in {"": 404, "/labels": 404, "/security": 200}.items():
            assert (await here.call("alice", "GET", f"{WEB}/manifest/{old}{ending}"))[0] == status
        assert (await here.call("alice", "GET", f"{WEB}/manifest/latest"))[0] == 404


async def test_the_image_that_a_digest_names_stays_the_same_however_often_it_is_pushed() -> None:
    async with scene() as here:
        digest = here.quay.push("acme/web", "v1", layers=[BASE], labels={"version": "1"})
        here.quay.push("acme/web", "v2", digest=digest, layers=[APP])
        assert (await _get(here, digest))["layers"][0]["blob_digest"] == BASE.digest
        assert [one["value"] for one in (await _get(here, digest, "/labels"))["labels"]] == ["1"]


async def test_packages_of_a_finding_are_told_by_the_security_endpoint() -> None:
    async with scene() as here:
        digest = here.quay.push("acme/web", "latest")
        here.quay.find_vulnerability("acme/web", ["latest"], "CVE-2024-3094", "Critical", package="xz-libs")
        _, body, _ = await here.call("alice", "GET", f"{WEB}/manifest/{digest}/security", vulnerabilities="true")
        feature = body["data"]["Layer"]["Features"][0]
        assert (body["status"], feature["Name"], feature["CVEIds"]) == ("scanned", "xz-libs", ["CVE-2024-3094"])
        assert (await here.call("alice", "GET", f"{WEB}/manifest/sha256:0/security"))[0] == 404
