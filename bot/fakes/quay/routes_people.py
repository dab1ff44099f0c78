"""The paths of the API about accounts, organizations, applications, tokens and the usage log."""

from bot.fakes.quay import (
    api_accounts,
    api_applications,
    api_authorizations,
    api_logs,
    api_organizations,
    api_session,
    api_team_roles,
    api_teams,
    api_tokens,
    api_user_roles,
)
from bot.fakes.quay.resources import Resource, resource

_ORG = "/api/v1/organization/{orgname}"
_APP = f"{_ORG}/applications/{{client_id}}"
_TEAM = f"{_ORG}/team/{{teamname}}"
_R = "/api/v1/repository/{repository}"

PEOPLE: tuple[Resource, ...] = (
    resource("/api/v1/signin", post=(api_session.sign_in, "")),
    resource("/api/v1/signout", post=(api_session.sign_out, "")),
    resource(
        "/api/v1/user/starred",
        get=(api_accounts.list_stars, "listStarredRepos"),
        post=(api_accounts.star, "createStar"),
    ),
    resource("/api/v1/user/starred/{repository}", delete=(api_accounts.unstar, "deleteStar")),
    resource("/api/v1/user/authorizations", get=(api_authorizations.list_all, "")),
    resource(
        "/api/v1/user/authorizations/{access_token_uuid}",
        get=(api_authorizations.get_one, ""),
        delete=(api_authorizations.delete, ""),
    ),
    resource("/api/v1/user/assignedauthorization", get=(api_authorizations.list_assigned, "")),
    resource(
        "/api/v1/user/assignedauthorization/{assigned_authorization_uuid}",
        delete=(api_authorizations.delete_assigned, ""),
    ),
    resource("/api/v1/superuser/users/", get=(api_accounts.list_users, "listAllUsers")),
    resource(
        "/api/v1/superuser/users/{username}",
        get=(api_accounts.get_user, "getInstallUser"),
        put=(api_accounts.change_user, "changeInstallUser"),
    ),
    resource("/api/v1/app/{client_id}", get=(api_applications.describe, "getApplicationInformation")),
    resource("/api/v1/organization/", post=(api_organizations.create, "createOrganization")),
    resource(
        _ORG,
        get=(api_organizations.get_one, "getOrganization"),
        put=(api_organizations.change, "changeOrganizationDetails"),
    ),
    resource(f"{_ORG}/logs", get=(api_logs.of_organization, "listOrgLogs")),
    resource(f"{_ORG}/aggregatelogs", get=(api_logs.counts_of_organization, "getAggregateOrgLogs")),
    resource("/api/v1/user/logs", get=(api_logs.of_user, "listUserLogs")),
    resource("/api/v1/user/aggregatelogs", get=(api_logs.counts_of_user, "getAggregateUserLogs")),
    resource(
        f"{_ORG}/applications",
        get=(api_applications.list_all, "getOrganizationApplications"),
        post=(api_applications.create, "createOrganizationApplication"),
    ),
    resource(
        _APP,
        get=(api_applications.get_one, "getOrganizationApplication"),
        put=(api_applications.change, "updateOrganizationApplication"),
        delete=(api_applications.delete, "deleteOrganizationApplication"),
    ),
    resource(f"{_APP}/resetclientsecret", post=(api_applications.reset_secret, "")),
    resource(
        f"{_APP}/tokens",
        get=(api_tokens.list_all, "listOrganizationApplicationTokens"),
        post=(api_tokens.create, "createOrganizationApplicationToken"),
    ),
    resource(f"{_APP}/tokens/{{token_uuid}}", delete=(api_tokens.delete, "deleteOrganizationApplicationToken")),
    resource(
        _TEAM,
        put=(api_teams.put_team, "updateOrganizationTeam"),
        delete=(api_teams.delete_team, "deleteOrganizationTeam"),
    ),
    resource(f"{_TEAM}/members", get=(api_teams.list_members, "getOrganizationTeamMembers")),
    resource(
        f"{_TEAM}/members/{{membername}}",
        put=(api_teams.put_member, "updateOrganizationTeamMember"),
        delete=(api_teams.delete_member, "deleteOrganizationTeamMember"),
    ),
    resource(f"{_TEAM}/permissions", get=(api_teams.list_permissions, "getOrganizationTeamPermissions")),
    resource(f"{_R}/permissions/user/", get=(api_user_roles.list_roles, "listRepoUserPermissions")),
    resource(
        f"{_R}/permissions/user/{{username}}",
        get=(api_user_roles.get_role, "getUserPermissions"),
        put=(api_user_roles.put_role, "changeUserPermissions"),
        delete=(api_user_roles.delete_role, "deleteUserPermissions"),
    ),
    resource(
        f"{_R}/permissions/user/{{username}}/transitive",
        get=(api_user_roles.list_transitive, "getUserTransitivePermission"),
    ),
    resource(f"{_R}/permissions/team/", get=(api_team_roles.list_roles, "listRepoTeamPermissions")),
    resource(
        f"{_R}/permissions/team/{{teamname}}",
        get=(api_team_roles.get_role, "getTeamPermissions"),
        put=(api_team_roles.put_role, "changeTeamPermissions"),
        delete=(api_team_roles.delete_role, "deleteTeamPermissions"),
    ),
)
