"""How triggers, builds and notifications look in answers: exactly the keys that were recorded."""

from datetime import datetime, timedelta
from email.utils import formatdate
from typing import Any

from bot.fakes.quay.call import Call
from bot.fakes.quay.records import TERMINAL, FakeBuild, FakeNotification, FakeTrigger

_HEARTBEAT = timedelta(seconds=60)


def when(moment: datetime) -> str:
    """A date as Quay writes it: RFC 2822 with -0000."""
    return formatdate(moment.timestamp())


def robot_reference(name: str) -> dict[str, Any]:
    """How a robot is mentioned inside of other objects."""
    return {"name": name, "kind": "user", "is_robot": True}


def _trigger_config(call: Call, trigger: FakeTrigger) -> dict[str, Any]:
    """The config with the credentials that the real server shows to repository admins, secrets included."""
    if not trigger.active:
        return {}
    scheme, _, host = call.quay.url.partition("://")
    key = {"name": "SSH Public Key", "value": f"ssh-rsa AAAAB3NzaC1yc2E{trigger.secret}"}
    credentials = [key]
    if trigger.service == "custom-git":
        address = f"{scheme}://$token:{trigger.secret}@{host}/webhooks/push/trigger/{trigger.id}"
        credentials.append({"name": "Webhook Endpoint URL", "value": address})
    return {
        "build_source": trigger.source,
        "dockerfile_path": "/Dockerfile",
        "context": "/",
        "default_tag_from_ref": True,
        "latest_for_default_branch": True,
        "tag_templates": [],
        "credentials": credentials,
    }


def trigger_view(call: Call, trigger: FakeTrigger, *, inside_build: bool = False) -> dict[str, Any]:
    """A trigger; config only for admins, source only for readers."""
    admin = call.may("admin")
    hosts = {"github": "https://github.com/", "gitlab": "https://gitlab.com/", "bitbucket": "https://bitbucket.org/"}
    page = f"{hosts[trigger.service]}{trigger.source}" if trigger.service in hosts and trigger.active else None
    readable = admin or call.may("read")
    view = {
        "id": trigger.id,
        "service": trigger.service,
        "is_active": trigger.active,
        "build_source": trigger.source if trigger.active and readable else None,
        "repository_url": page if readable else None,
        "config": _trigger_config(call, trigger) if admin else {},
        "can_invoke": admin,
        "enabled": trigger.enabled,
        "disabled_reason": trigger.disabled_reason,
    }
    if not inside_build and admin and trigger.pull_robot:
        view["pull_robot"] = robot_reference(trigger.pull_robot)
    return view


def _live(call: Call, build: FakeBuild) -> tuple[str, dict[str, Any], str | None]:
    """Phase, status and error as they are computed when somebody reads the build (facts §3.3)."""
    phase, status, error, now = build.phase, {}, None, call.quay.clock.now()
    if phase not in TERMINAL:
        if call.quay.redis_down:
            return "cannot_load", {}, "Redis may be down. Please contact support."
        beat = build.silent_since or now
        if phase != "waiting":
            known = {"total_commands": 0, "current_command": 0, "push_completion": 0.0, "pull_completion": 0.0}
            status = {**known, **build.status, "heartbeat": int(beat.timestamp())}
        if now - beat > _HEARTBEAT:
            phase = "internalerror"
    if phase == "internalerror" and not build.retries:
        phase = "expired"
    return phase, status, error


def build_view(call: Call, build: FakeBuild) -> dict[str, Any]:
    """A build as this caller may see it; the archive's address is for writers."""
    phase, status, error = _live(call, build)
    trigger = call.quay.triggers.get(build.trigger or "")
    namespace, _, name = build.repository.partition("/")
    writer = call.may("write")
    view = {
        "id": build.id,
        "phase": phase,
        "started": when(build.started),
        "display_name": build.name,
        "status": status,
        "subdirectory": build.subdirectory,
        "dockerfile_path": build.subdirectory,
        "context": build.context,
        "tags": build.tags,
        "manual_user": build.manual_user,
        "is_writer": writer,
        "trigger": trigger_view(call, trigger, inside_build=True) if trigger else None,
        "trigger_metadata": build.trigger_metadata,
        "resource_key": None,
        "pull_robot": robot_reference(build.pull_robot) if build.pull_robot else None,
        "repository": {"namespace": namespace, "name": name},
        "error": error,
    }
    if writer and build.archive_url:
        view["archive_url"] = build.archive_url
    return view


def notification_view(notification: FakeNotification) -> dict[str, Any]:
    """A notification with its whole config, secrets in the address included."""
    return {
        "uuid": notification.uuid,
        "title": notification.title,
        "event": notification.event,
        "method": notification.method,
        "config": notification.config,
        "event_config": notification.event_config,
        "number_of_failures": notification.number_of_failures,
    }
