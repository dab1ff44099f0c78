"""What the button "test notification" sends: bodies that differ from the real ones (facts §1.2)."""

from datetime import datetime

from bot.fakes.quay import bodies
from bot.fakes.quay.records import BODY, FakeNotification

LEVELS = ("Critical", "High", "Medium", "Low", "Negligible", "Unknown")
GIB = 1024**3

_METADATA: BODY = {
    "default_branch": "master",
    "ref": "refs/heads/somebranch",
    "commit": "42d4a62c53350993ea41069e9f2cfdefb0df097d",
}
_BUILD: BODY = {
    "build_id": "fake-build-id",
    "build_name": "some-fake-build",
    "docker_tags": ["latest", "foo", "bar"],
}


def _commit_info(now: datetime) -> BODY:
    return {
        "url": "http://path/to/the/commit",
        "message": "Some commit message",
        "date": float(int(now.timestamp())),
        "author": {
            "username": "fakeauthor",
            "url": "http://path/to/fake/author/in/scm",
            "avatar_url": "http://www.gravatar.com/avatar/fakehash",
        },
    }


def _build(event: str, now: datetime) -> BODY:
    rich = {**_METADATA, "commit_info": _commit_info(now)}
    kind = {"trigger_id": "1245634", "trigger_kind": "GitHub"}
    if event == "build_queued":
        return {"is_manual": False, **_BUILD, **kind, "trigger_metadata": rich}
    if event == "build_failure":
        failure = {"trigger_kind": "GitHub", "error_message": "This is a fake error message", "trigger_id": "1245634"}
        return {**_BUILD, **failure, "trigger_metadata": rich}
    body = {**_BUILD, **kind, "trigger_metadata": dict(_METADATA)}
    return body if event == "build_start" else {**body, "image_id": "1245657346"}


def _word(level: object) -> str:
    """The severity of a configured level; Unknown where none or no usable one is configured."""
    index = int(str(level)) if str(level).isdecimal() else len(LEVELS)
    return LEVELS[index] if index < len(LEVELS) else "Unknown"


def _vulnerability(level: object) -> BODY:
    return {
        "tags": ["latest", "prod", "foo", "bar", "baz"],
        "image": "some-image-id",
        "vulnerability": {
            "id": "CVE-FAKE-CVE",
            "description": "A futurist vulnerability",
            "link": "https://security-tracker.debian.org/tracker/CVE-FAKE-CVE",
            "priority": _word(level),
        },
    }


def sample(url: str, notification: FakeNotification, now: datetime) -> BODY:
    """The body a test call of this notification queues."""
    event, config = notification.event, notification.event_config
    if event.startswith("quota_"):
        namespace = notification.target.partition("/")[0]
        threshold, percent = (80, 80) if event == "quota_warning" else (100, 105)
        return bodies.quota(url, namespace, threshold, GIB * percent // 100, GIB, percent)
    if event.startswith("build_"):
        return {**bodies.common(url, notification.target, "/build/fake-build-id"), **_build(event, now)}
    rest: BODY = {"message": "TEST NOTIFICATION"}
    if event == "repo_push":
        rest = {"updated_tags": ["latest", "foo"], "pruned_image_count": 3}
    elif event == "repo_image_expiry":
        rest = {"tags": ["latest", "v1"], "expiring_in": f"{config.get('days')} days"}
    elif event == "vulnerability_found":
        rest = _vulnerability(config.get("level"))
    return {**bodies.common(url, notification.target), **rest}
