"""The paths of the API about what lies in a repository: tags, manifests, labels, scan results."""

from bot.fakes.quay import api_manifests, api_tags
from bot.fakes.quay.resources import Resource, resource

_R = "/api/v1/repository/{repository}"
_MANIFEST = f"{_R}/manifest/{{manifestref}}"

IMAGES: tuple[Resource, ...] = (
    resource(f"{_R}/tag/", get=(api_tags.list_tags, "listRepoTags")),
    resource(f"{_R}/tag/{{tag}}", put=(api_tags.change, "changeTag"), delete=(api_tags.delete, "deleteFullTag")),
    resource(f"{_R}/tag/{{tag}}/restore", post=(api_tags.restore, "restoreTag")),
    resource(f"{_MANIFEST}/security", get=(api_manifests.get_security, "getRepoManifestSecurity")),
    resource(
        f"{_MANIFEST}/labels",
        get=(api_manifests.list_labels, "listManifestLabels"),
        post=(api_manifests.add_label, "addManifestLabel"),
    ),
    resource(
        f"{_MANIFEST}/labels/{{labelid}}",
        get=(api_manifests.get_label, "getManifestLabel"),
        delete=(api_manifests.delete_label, "deleteManifestLabel"),
    ),
    resource(_MANIFEST, get=(api_manifests.get_manifest, "getRepoManifest")),
)
