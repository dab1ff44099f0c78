"""Every event of Quay that we know, written out. A new one is a file here, its sample, and a line below."""

from collections.abc import Mapping
from types import MappingProxyType

from webhooks.kind import AnyKind
from webhooks.kinds import (
    build_cancelled,
    build_failure,
    build_queued,
    build_start,
    build_success,
    quota_error,
    quota_warning,
    repo_image_expiry,
    repo_mirror_sync_failed,
    repo_mirror_sync_started,
    repo_mirror_sync_success,
    repo_push,
    vulnerability_found,
)

_ALL: tuple[AnyKind, ...] = (
    repo_push.KIND,
    build_queued.KIND,
    build_start.KIND,
    build_success.KIND,
    build_failure.KIND,
    build_cancelled.KIND,
    vulnerability_found.KIND,
    repo_mirror_sync_started.KIND,
    repo_mirror_sync_success.KIND,
    repo_mirror_sync_failed.KIND,
    repo_image_expiry.KIND,
    quota_warning.KIND,
    quota_error.KIND,
)

KINDS: Mapping[str, AnyKind] = MappingProxyType({kind.name: kind for kind in _ALL})
