"""The paths of the API, in the order in which they are tried, with the operation names of Quay's discovery."""

from aiohttp import web

from bot.fakes.quay import (
    answers,
    api_accounts,
    api_builds,
    api_logs,
    api_messages,
    api_notifications,
    api_repositories,
    api_search,
    api_triggers,
)
from bot.fakes.quay.call import Call
from bot.fakes.quay.resources import Resource, resource
from bot.fakes.quay.routes_images import IMAGES
from bot.fakes.quay.routes_people import PEOPLE
from bot.fakes.quay.routes_robots import ROBOTS


async def _discovery(call: Call) -> web.Response:
    """GET discovery: the paths of this fake with their operation names, which are the real ones."""
    paths = {
        found.path: {method: {"operationId": name} for method, name in found.operations.items() if name}
        for found in RESOURCES
        if any(found.operations.values())
    }
    host = call.quay.url.partition("://")[2]
    about = {"version": "v1", "title": "Quay Frontend"}
    head = {"swagger": "2.0", "host": host, "basePath": "/", "schemes": ["http"], "info": about}
    return answers.answer({**head, "paths": paths})


_R = "/api/v1/repository/{repository}"
_ORG = "/api/v1/organization/{orgname}"
_OWN = "/api/v1/user/namespacenotifications"
_NOTE = api_notifications

RESOURCES: tuple[Resource, ...] = (
    resource("/api/v1/discovery", get=(_discovery, "discovery")),
    *PEOPLE,
    resource("/api/v1/user/", get=(api_accounts.get_me, "getLoggedInUser")),
    resource("/api/v1/users/{username}", get=(api_accounts.describe_user, "getUserInformation")),
    resource(
        "/api/v1/messages",
        get=(api_messages.list_all, "getGlobalMessages"),
        post=(api_messages.create, "createGlobalMessage"),
    ),
    resource("/api/v1/message/{uuid}", delete=(api_messages.delete, "deleteGlobalMessage")),
    resource("/api/v1/find/all", get=(api_search.find_all, "conductSearch")),
    resource("/api/v1/find/repositories", get=(api_search.find_repositories, "conductRepoSearch")),
    resource("/api/v1/entities/{prefix}", get=(api_search.find_entities, "getMatchingEntities")),
    *ROBOTS,
    resource(
        f"{_ORG}/notifications",
        get=(_NOTE.list_all, "listOrgNotifications"),
        post=(_NOTE.create, "createOrgNotification"),
    ),
    resource(
        f"{_ORG}/notifications/{{uuid}}",
        get=(_NOTE.get_one, "getOrgNotification"),
        delete=(_NOTE.delete, "deleteOrgNotification"),
        post=(_NOTE.reset, "resetOrgNotificationFailures"),
    ),
    resource(f"{_ORG}/notifications/{{uuid}}/test", post=(_NOTE.test, "testOrgNotification")),
    resource(
        _OWN,
        get=(_NOTE.list_all, "listUserNamespaceNotifications"),
        post=(_NOTE.create, "createUserNamespaceNotification"),
    ),
    resource(
        f"{_OWN}/{{uuid}}",
        get=(_NOTE.get_one, "getUserNamespaceNotification"),
        delete=(_NOTE.delete, "deleteUserNamespaceNotification"),
        post=(_NOTE.reset, "resetUserNamespaceNotificationFailures"),
    ),
    resource(f"{_OWN}/{{uuid}}/test", post=(_NOTE.test, "testUserNamespaceNotification")),
    resource("/api/v1/repository", get=(api_repositories.list_repositories, "listRepos")),
    *IMAGES,
    resource(
        f"{_R}/notification/",
        get=(_NOTE.list_all, "listRepoNotifications"),
        post=(_NOTE.create, "createRepoNotification"),
    ),
    resource(
        f"{_R}/notification/{{uuid}}",
        get=(_NOTE.get_one, "getRepoNotification"),
        delete=(_NOTE.delete, "deleteRepoNotification"),
        post=(_NOTE.reset, "resetRepositoryNotificationFailures"),
    ),
    resource(f"{_R}/notification/{{uuid}}/test", post=(_NOTE.test, "testRepoNotification")),
    resource(
        f"{_R}/build/",
        get=(api_builds.list_builds, "getRepoBuilds"),
        post=(api_builds.request_build, "requestRepoBuild"),
    ),
    resource(
        f"{_R}/build/{{build_uuid}}",
        get=(api_builds.get_build, "getRepoBuild"),
        delete=(api_builds.cancel_build, "cancelRepoBuild"),
    ),
    resource(f"{_R}/build/{{build_uuid}}/status", get=(api_builds.get_status, "getRepoBuildStatus")),
    resource(f"{_R}/build/{{build_uuid}}/logs", get=(api_builds.get_logs, "getRepoBuildLogs")),
    resource(f"{_R}/trigger/", get=(api_triggers.list_triggers, "listBuildTriggers")),
    resource(
        f"{_R}/trigger/{{trigger_uuid}}",
        get=(api_triggers.get_trigger, "getBuildTrigger"),
        put=(api_triggers.switch_trigger, "updateBuildTrigger"),
    ),
    resource(f"{_R}/trigger/{{trigger_uuid}}/builds", get=(api_triggers.trigger_builds, "listTriggerRecentBuilds")),
    resource(f"{_R}/trigger/{{trigger_uuid}}/start", post=(api_triggers.start_trigger, "manuallyStartBuildTrigger")),
    resource(f"{_R}/logs", get=(api_logs.of_repository, "listRepoLogs")),  # a build's log is found before
    resource(f"{_R}/aggregatelogs", get=(api_logs.counts_of_repository, "getAggregateRepoLogs")),
    resource(f"{_R}/mirror", get=(api_repositories.get_mirror, "getRepoMirrorConfig")),
    resource(f"{_R}/changevisibility", post=(api_repositories.change_visibility, "changeRepoVisibility")),
    resource(
        _R,
        get=(api_repositories.get_repository, "getRepo"),
        put=(api_repositories.describe, "updateRepo"),
    ),
)
# What ends like this without its slash is no repository of that name.
COLLECTIONS = ("/build", "/notification", "/tag", "/trigger", "/permissions/team", "/permissions/user")
