"""Webhook bodies as Quay really sends them: same keys, same order, nothing added (facts §1.2)."""

from collections.abc import Sequence

from bot.fakes.quay.records import BODY, FakeBuild, FakeTrigger


def common(url: str, repository: str, below: str = "") -> BODY:
    """The five keys of every event of a repository; `below` is the rest of the page's path."""
    namespace, _, name = repository.partition("/")
    return {
        "repository": repository,
        "namespace": namespace,
        "name": name,
        "docker_url": f"{url.partition('://')[2]}/{repository}",
        "homepage": f"{url}/repository/{repository}{below}",
    }


def pushed(url: str, repository: str, tag: str) -> BODY:
    """One tag was pushed."""
    return {**common(url, repository), "updated_tags": [tag]}


def build_queued(url: str, build: FakeBuild, trigger: FakeTrigger | None) -> BODY:
    """A build row was made. Unlike the later events it has no build_name."""
    body = {
        **common(url, build.repository, f"/build/{build.id}"),
        "build_id": build.id,
        "docker_tags": build.tags,
        "repo": build.repository.partition("/")[2],
        "is_manual": build.is_manual,
        "manual_user": build.manual_user,
    }
    if trigger is not None:
        body |= {
            "trigger_id": trigger.id,
            "trigger_kind": trigger.service,
            "trigger_metadata": build.trigger_metadata,
            "trigger_manual": build.is_manual,
        }
    return body


def build_logged(build: FakeBuild, trigger: FakeTrigger | None) -> BODY:
    """What the usage log says of a new build."""
    namespace, _, name = build.repository.partition("/")
    body: BODY = {"build_id": build.id, "docker_tags": build.tags, "repo": name, "namespace": namespace}
    body |= {"is_manual": build.is_manual, "manual_user": build.manual_user}
    if trigger is not None:
        body |= {"trigger_id": trigger.id, "trigger_kind": trigger.service}
        body |= {"trigger_metadata": build.trigger_metadata, "trigger_manual": build.is_manual}
    return body


def build_moved(url: str, build: FakeBuild, trigger: FakeTrigger | None) -> BODY:
    """build_start, build_success, build_failure and build_cancelled look the same."""
    return {
        **common(url, build.repository, f"/build/{build.id}"),
        "build_id": build.id,
        "build_name": build.name,
        "docker_tags": build.tags,
        "trigger_id": trigger.id if trigger else None,
        "trigger_kind": trigger.service if trigger else None,
        "trigger_metadata": build.trigger_metadata,
    }


def vulnerability(url: str, repository: str, tags: Sequence[str], finding: BODY) -> BODY:
    """A call-back of the scanner; at most a hundred tags."""
    return {**common(url, repository), "tags": list(tags)[:100], "vulnerability": finding}


def mirrored(url: str, repository: str, message: str) -> BODY:
    """A mirror sync began or ended."""
    return {**common(url, repository), "message": message}


def expiring(url: str, repository: str, uuid: str, tags: Sequence[str], days: object) -> BODY:
    """Tags run out soon. The only body that names its notification."""
    return {
        **common(url, repository),
        "notification_uuid": uuid,
        "tags": list(tags),
        "expiring_in": f"{days} days",
    }


def _size(count: float) -> str:
    for unit in ("Bytes", "KB", "MB", "GB", "TB"):
        if count < 1024 or unit == "TB":
            return f"{count:.2f} {unit}"
        count /= 1024
    raise AssertionError("unreachable")


def quota(url: str, namespace: str, threshold: int, usage: int, limit: int, percent: int) -> BODY:
    """A namespace crossed a limit; usage and limit are bytes."""
    return {
        "namespace": namespace,
        "homepage": f"{url}/organization/{namespace}",
        "threshold_percent": threshold,
        "usage_bytes": usage,
        "limit_bytes": limit,
        "usage_percent": percent,
        "usage_bytes_formatted": _size(usage),
        "limit_bytes_formatted": _size(limit),
    }
