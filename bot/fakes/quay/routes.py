"""The paths of the API, in the order in which they are tried, with the operation names of Quay's discovery."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from bot.fakes.quay import answers, api_builds, api_notifications, api_people, api_repositories, api_triggers
from bot.fakes.quay.call import Call, Handler


@dataclass(frozen=True)
class Resource:
    """One path of the API and what its methods do."""

    path: str
    pattern: re.Pattern[str]
    handlers: Mapping[str, Handler]
    operations: Mapping[str, str]


def _resource(path: str, **methods: tuple[Handler, str]) -> Resource:
    """`path` with {names}; a repository is a namespace and a name of one or more parts, anything else one part."""
    pattern = re.escape(path).replace(r"\{", "{").replace(r"\}", "}")
    pattern = pattern.replace("{repository}", r"(?P<repository>[^/]+(?:/[^/]+)+?)")
    pattern = re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", pattern)
    handlers = {name.upper(): handler for name, (handler, _) in methods.items()}
    return Resource(path, re.compile(pattern), handlers, {name: operation for name, (_, operation) in methods.items()})


async def _discovery(call: Call) -> web.Response:
    """GET discovery: the paths of this fake with their operation names, which are the real ones."""
    paths = {
        resource.path: {method: {"operationId": name} for method, name in resource.operations.items()}
        for resource in RESOURCES
    }
    host = call.quay.url.partition("://")[2]
    about = {"version": "v1", "title": "Quay Frontend"}
    head = {"swagger": "2.0", "host": host, "basePath": "/", "schemes": ["http"], "info": about}
    return answers.answer({**head, "paths": paths})


_R = "/api/v1/repository/{repository}"
_ORG = "/api/v1/organization/{orgname}"
_NOTE = api_notifications

RESOURCES: tuple[Resource, ...] = (
    _resource("/api/v1/discovery", get=(_discovery, "discovery")),
    _resource("/api/v1/user/", get=(api_people.get_user, "getLoggedInUser")),
    _resource(
        "/api/v1/messages",
        get=(api_people.list_messages, "getGlobalMessages"),
        post=(api_people.create_message, "createGlobalMessage"),
    ),
    _resource("/api/v1/message/{uuid}", delete=(api_people.delete_message, "deleteGlobalMessage")),
    _resource("/api/v1/find/repositories", get=(api_repositories.find_repositories, "conductRepoSearch")),
    _resource(f"{_ORG}/robots", get=(api_people.list_robots, "getOrgRobots")),
    _resource(
        f"{_ORG}/notifications",
        get=(_NOTE.list_all, "listOrgNotifications"),
        post=(_NOTE.create, "createOrgNotification"),
    ),
    _resource(
        f"{_ORG}/notifications/{{uuid}}",
        get=(_NOTE.get_one, "getOrgNotification"),
        delete=(_NOTE.delete, "deleteOrgNotification"),
        post=(_NOTE.reset, "resetOrgNotificationFailures"),
    ),
    _resource(f"{_ORG}/notifications/{{uuid}}/test", post=(_NOTE.test, "testOrgNotification")),
    _resource("/api/v1/repository", get=(api_repositories.list_repositories, "listRepos")),
    _resource(f"{_R}/tag/", get=(api_repositories.list_tags, "listRepoTags")),
    _resource(
        f"{_R}/manifest/{{manifestref}}/security", get=(api_repositories.get_security, "getRepoManifestSecurity")
    ),
    _resource(
        f"{_R}/notification/",
        get=(_NOTE.list_all, "listRepoNotifications"),
        post=(_NOTE.create, "createRepoNotification"),
    ),
    _resource(
        f"{_R}/notification/{{uuid}}",
        get=(_NOTE.get_one, "getRepoNotification"),
        delete=(_NOTE.delete, "deleteRepoNotification"),
        post=(_NOTE.reset, "resetRepositoryNotificationFailures"),
    ),
    _resource(f"{_R}/notification/{{uuid}}/test", post=(_NOTE.test, "testRepoNotification")),
    _resource(
        f"{_R}/build/",
        get=(api_builds.list_builds, "getRepoBuilds"),
        post=(api_builds.request_build, "requestRepoBuild"),
    ),
    _resource(
        f"{_R}/build/{{build_uuid}}",
        get=(api_builds.get_build, "getRepoBuild"),
        delete=(api_builds.cancel_build, "cancelRepoBuild"),
    ),
    _resource(f"{_R}/build/{{build_uuid}}/status", get=(api_builds.get_status, "getRepoBuildStatus")),
    _resource(f"{_R}/build/{{build_uuid}}/logs", get=(api_builds.get_logs, "getRepoBuildLogs")),
    _resource(f"{_R}/trigger/", get=(api_triggers.list_triggers, "listBuildTriggers")),
    _resource(
        f"{_R}/trigger/{{trigger_uuid}}",
        get=(api_triggers.get_trigger, "getBuildTrigger"),
        put=(api_triggers.switch_trigger, "updateBuildTrigger"),
    ),
    _resource(f"{_R}/trigger/{{trigger_uuid}}/builds", get=(api_triggers.trigger_builds, "listTriggerRecentBuilds")),
    _resource(f"{_R}/trigger/{{trigger_uuid}}/start", post=(api_triggers.start_trigger, "manuallyStartBuildTrigger")),
    _resource(_R, get=(api_repositories.get_repository, "getRepo")),
)
COLLECTIONS = frozenset({"build", "notification", "tag", "trigger"})
