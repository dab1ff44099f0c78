"""Manifests over the API: what a digest is, its labels, and what the scanner found in it (facts §1.2, §3.5)."""

import re
from typing import Any

from aiohttp import web

from bot.fakes.quay import answers
from bot.fakes.quay.call import Call
from bot.fakes.quay.images import Image, Label
from bot.fakes.quay.records import FakeRepository
from bot.fakes.quay.views_images import label_view, manifest_view, security_view

_RESERVED = (
    "com.docker.",
    "io.docker.",
    "org.dockerproject.",
    "org.opencontainers.",
    "io.cncf.",
    "io.kubernetes.",
    "io.k8s.",
    "io.quay",
    "com.coreos",
    "com.tectonic",
    "internal",
    "quay",
)
_KEY = "^[a-z0-9](([a-z0-9]|[-.](?![.-]))*[a-z0-9])?$"
_STRING = {"type": "string"}
_NEW = {
    "type": "object",
    "required": ["key", "value", "media_type"],
    "properties": {
        "key": _STRING,
        "value": _STRING,
        "media_type": {
            "type": ["string", "null"],
            "description": "The media type for this label",
            "enum": ["text/plain", "application/json", None],
        },
    },
}


def _shown(call: Call, found: FakeRepository) -> Image:
    """The manifest of the path, which only living tags show; a tag's name is no digest."""
    image = found.shown(call.names["manifestref"], call.quay.clock.now())
    if image is None:
        raise call.missing()
    return image


async def get_manifest(call: Call) -> web.Response:
    """GET manifest/<digest>."""
    return answers.answer(manifest_view(_shown(call, call.repository("read"))))


async def get_security(call: Call) -> web.Response:
    """GET manifest/<digest>/security: digests that only the history has are answered, too."""
    image = call.repository("read").known(call.names["manifestref"])
    if image is None:
        raise call.missing()
    return answers.answer(security_view(image))


async def list_labels(call: Call) -> web.Response:
    """GET labels: `filter` is how their keys start."""
    image = _shown(call, call.repository("read"))
    start = call.request.query.get("filter", "")
    return answers.answer({"labels": [label_view(one) for one in image.labels if one.key.startswith(start)]})


def _find(call: Call, image: Image) -> Label:
    found = next((one for one in image.labels if one.id == call.names["labelid"]), None)
    if found is None:
        raise call.missing()
    return found


async def get_label(call: Call) -> web.Response:
    """GET one label."""
    return answers.answer(label_view(_find(call, _shown(call, call.repository("read")))))


def _about(found: FakeRepository, image: Image, label: Label, **more: Any) -> dict[str, Any]:
    """What the usage log tells of a label."""
    head = {"id": label.id, "key": label.key, "value": label.value, "manifest_digest": image.digest}
    return {**head, **more, "namespace": found.namespace, "repo": found.name}


async def add_label(call: Call) -> web.Response:
    """POST a label; there may be more than one with the same key."""
    found = call.repository("write", writes=True)
    wish = await call.body(_NEW)
    key, value = wish["key"], wish["value"]
    if key.startswith(_RESERVED):
        raise answers.message(400, "Label has a reserved prefix")
    image = _shown(call, found)
    if not re.search(_KEY, key):
        text = f"Label is of an invalid format or missing please use {_KEY} format for labels"
        raise answers.message(400, text)
    label = Label(call.quay.handle_uuid(), key, value, "api", wish["media_type"] or "text/plain")
    image.labels.append(label)
    about = _about(found, image, label, media_type=label.media_type)
    call.note("manifest_label_add", found.full_name, **about)
    call.quay.changed()
    place = f"/api/v1/repository/{found.full_name}/manifest/{image.digest}/labels/{label.id}"
    return answers.answer({"label": label_view(label)}, 201, {"Location": place})


async def delete_label(call: Call) -> web.Response:
    """DELETE a label that was added over the API; those of the image itself stay."""
    found = call.repository("write", writes=True)
    image = _shown(call, found)
    label = _find(call, image)
    if label.source == "manifest":
        raise answers.message(400, "Cannot delete immutable label")
    image.labels.remove(label)
    call.note("manifest_label_delete", found.full_name, **_about(found, image, label))
    call.quay.changed()
    return answers.nothing()
