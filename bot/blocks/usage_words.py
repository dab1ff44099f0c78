"""Quay's usage log in plain words: who did what. Kinds that nobody has told us about go by their name."""

from collections.abc import Mapping
from datetime import datetime

from bot.blocks.parts import facts
from bot.blocks.tag_marks import image
from bot.blocks.text import code, plain, when
from bot.blocks.through import unusual
from bot.domain.repositories import LogEntry

SAYS: Mapping[str, str] = {
    "push_repo": "pushed {image}",
    "pull_repo": "pulled {image}",
    "create_repo": "created the repository {repo}",
    "delete_repo": "deleted the repository {repo}",
    "change_repo_visibility": "made {repo} {visibility}",
    "change_repo_state": "changed the state of {repo} to {state_changed}",
    "set_repo_description": "changed the description of {repo}",
    "create_tag": "created the tag {tag}{on}",
    "move_tag": "moved the tag {tag}{from}{at}",
    "revert_tag": "restored the tag {tag}{at}",
    "delete_tag": "deleted the tag {tag}",
    "permanently_delete_tag": "deleted the tag {tag} for good",
    "change_tag_expiration": "changed when the tag {tag} ends{until}",
    "manifest_label_add": "added the label {key}{value} to {digest}",
    "manifest_label_delete": "removed the label {key}{value} from {digest}",
    "build_dockerfile": "asked for a build{build}{tags}{trigger}",
    "cancel_build": "cancelled the build {build}",
    "setup_repo_trigger": "set up the build trigger {trigger}",
    "delete_repo_trigger": "deleted the build trigger {trigger}",
    "toggle_repo_trigger": "switched the build trigger {trigger} {enabled}",
    "add_repo_notification": "added a notification about {event}",
    "delete_repo_notification": "deleted a notification about {event}",
    "reset_repo_notification": "reset a notification about {event}",
    "create_namespace_notification": "added a notification about {event}",
    "delete_namespace_notification": "deleted a notification about {event}",
    "reset_namespace_notification": "reset a notification about {event}",
    "add_repo_permission": "gave {whom} the role {role} on {repo}",
    "change_repo_permission": "gave {whom} the role {role} on {repo}",
    "delete_repo_permission": "took the role of {whom} on {repo} away",
    "create_prototype_permission": "added a default permission: {role} for {whom}",
    "modify_prototype_permission": "changed a default permission to {role} for {whom}",
    "delete_prototype_permission": "deleted the default permission {role} for {whom}",
    "create_robot": "created the robot account {robot}",
    "delete_robot": "deleted the robot account {robot}",
    "regenerate_robot_token": "made a new token for the robot account {robot}",
    "org_create": "created the organization",
    "org_create_team": "created the team {team}",
    "org_delete_team": "deleted the team {team}",
    "org_set_team_role": "changed the role of the team {team} to {role}",
    "org_add_team_member": "added {member} to the team {team}",
    "org_remove_team_member": "removed {member} from the team {team}",
    "org_change_email": "changed the organization's mail address",
    "org_change_tag_expiration": "changed for how long deleted tags are kept",
    "create_application": "created the application {application}",
    "update_application": "changed the application {application}",
    "delete_application": "deleted the application {application}",
    "reset_application_client_secret": "reset the secret of the application {application}",
    "create_oauth_api_token": "made an OAuth token for {application}",
    "revoke_oauth_api_token": "revoked an OAuth token of {application}",
    "oauth_token_assigned": "assigned an OAuth token to {assigned}",
    "create_app_specific_token": "made an application token",
    "revoke_app_specific_token": "revoked an application token",
    "export_logs_success": "exported the usage log",
    "login_success": "signed in",
    "login_failure": "failed to sign in",
    "user_create": "created the account {member}",
    "repo_mirror_config_changed": "changed the mirror of {repo}",
    "repo_mirror_sync_started": "began to sync the mirror {repo}",
    "repo_mirror_sync_success": "synced the mirror {repo}",
    "repo_mirror_sync_failed": "failed to sync the mirror {repo}",
    "repo_mirror_sync_tag_success": "synced the tag {tag} of the mirror {repo}",
    "repo_mirror_sync_tag_failed": "failed to sync the tag {tag} of the mirror {repo}",
}
_NAME = 120
_UNNAMED = "(unnamed)"


def line(entry: LogEntry, target: str, common: str = "") -> str:
    """One entry as a line of mrkdwn: when, who, what; and in which repository, where `target` is a namespace.

    `common` is the application that goes without saying.
    """
    through = unusual(application(entry), common)
    said = f"*{plain(who(entry), 100)}* {did(entry, target)}"
    return facts(when(entry.at, seconds=True), said, f"through {through}" if through else "")


def application(entry: LogEntry) -> str:
    """The application whose token was used; "" for none."""
    return entry.about.get("oauth_token_application", "")


def who(entry: LogEntry) -> str:
    """The account that did it; builds name only who asked for them (facts §3.3)."""
    if entry.performer or entry.about.get("manual_user"):
        return entry.performer or entry.about["manual_user"]
    return "Quay's mirror worker" if entry.kind.startswith("repo_mirror_") else "Somebody"


def did(entry: LogEntry, target: str) -> str:
    """What was done, as mrkdwn; a kind that is not known is named."""
    says = SAYS.get(entry.kind)
    if says is None:
        return f"did {code(entry.kind, 80)}{_inside(entry, target)}"
    words = says.format_map(_Facts(_known(entry, target)))
    return words if "{repo}" in says or "{image}" in says else words + _inside(entry, target)


class _Facts(dict[str, str]):
    """What is not known is left out."""

    def __missing__(self, key: str) -> str:
        return ""


def _known(entry: LogEntry, target: str) -> dict[str, str]:
    """The pieces of our sentences, each ready for mrkdwn."""
    about = entry.about
    build = code((about.get("build_id") or about.get("build_uuid", ""))[:8])
    trigger = code(" ".join(filter(None, (about.get("service"), about.get("trigger_id", "")[:8]))))
    sha, was = (_sha(about, name) for name in ("manifest_digest", "original_manifest_digest"))
    asked = entry.kind == "build_dockerfile"
    return {
        "image": _image(about, target),
        "repo": code(repository(entry, target), 255) or "a repository",
        "tag": _code(about, "tag") or _UNNAMED,
        "digest": sha or "an image",
        "at": f" to {sha}" if sha else "",
        "on": f" on {sha}" if sha else "",
        "from": f" from {was}" if was else "",
        "until": f": {_moment(about['expiration_date'])}" if about.get("expiration_date") else ": never",
        "key": _code(about, "key") or _UNNAMED,
        "value": f" = {_code(about, 'value')}" if about.get("value") else "",
        "build": (f" {build}" if build else "") if asked else build or _UNNAMED,
        "tags": f" for {code(about['docker_tags'], 200)}" if about.get("docker_tags") else "",
        "trigger": (f" through {code(about['trigger_kind'])}" if about.get("trigger_kind") else "")
        if asked
        else trigger or _UNNAMED,
        "enabled": "on" if about.get("enabled") == "yes" else "off",
        "event": _code(about, "event") or "something",
        "role": _code(about, "role") or "another role",
        "whom": _whom(about),
        "robot": _code(about, "robot") or _UNNAMED,
        "team": _code(about, "team") or _UNNAMED,
        "member": _code(about, "member") or _code(about, "username") or _UNNAMED,
        "application": _code(about, "application_name") or "an application",
        "assigned": _code(about, "assigned_user") or "somebody",
        "visibility": code(about.get("visibility", "")) or "visible to others",
        "state_changed": _code(about, "state_changed") or _UNNAMED,
    }


def repository(entry: LogEntry, target: str) -> str:
    """The repository that it is about, "" if it tells none."""
    name = entry.about.get("repo", "")
    if not name:
        return target if "/" in target else ""
    return f"{entry.about.get('namespace') or target.partition('/')[0]}/{name}"


def _image(about: Mapping[str, str], target: str) -> str:
    name, tag, sha = about.get("repo", ""), about.get("tag", ""), _sha(about, "manifest_digest")
    place = f"{about.get('namespace') or target.partition('/')[0]}/{name}" if name else target
    return code(f"{place}:{tag}" if tag else place, 255) + (f" ({sha})" if sha and not tag else "")


def _inside(entry: LogEntry, target: str) -> str:
    """Where it was, if that is not what was asked about."""
    name = repository(entry, target)
    return f" in {code(name, 255)}" if name and name != target else ""


def _whom(about: Mapping[str, str]) -> str:
    user = _code(about, "delegate_user") or _code(about, "username")
    team = _code(about, "delegate_team") or _code(about, "team")
    return f"the team {team}" if team else (user or "somebody")


def _sha(about: Mapping[str, str], key: str) -> str:
    return image(about[key]) if about.get(key) else ""


def _code(about: Mapping[str, str], key: str) -> str:
    return code(about.get(key, ""), _NAME)


def _moment(text: str) -> str:
    try:
        return when(datetime.fromisoformat(text))
    except (ValueError, OverflowError, OSError):
        return plain(text, 40)
