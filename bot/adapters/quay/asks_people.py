"""The calls about people: the token for a code, tokens, stars, organizations and teams.

All of them read, except for two: a code is exchanged once, and a token is revoked for good.
"""

from bot.adapters.quay import words
from bot.adapters.quay.ask import USER, Ask, segment
from bot.ports import Client


def exchange(client: Client, code: str, redirect_uri: str, scope: str) -> Ask:
    """The token for a code. Id and secret stand in the body: in a Basic header they crash Quay (facts §2.1)."""
    form = {
        "grant_type": "authorization_code",
        "client_id": client.id,
        "client_secret": client.secret,
        "redirect_uri": redirect_uri,
        "code": code,
        "scope": scope,
    }
    return Ask(
        "POST",
        "/oauth/access_token",
        "exchange your sign-in for a token",
        form=form,
        secrets=tuple(filter(None, (code, client.secret))),
        public=True,
        in_doubt=words.LINK_AGAIN,
    )


def starred() -> Ask:
    """The owner's stars: takes user:admin, and a 401 for nobody at all (facts §2.4)."""
    return Ask("GET", f"{USER}starred", "see your stars")


def application(client_id: str) -> Ask:
    """What everybody may know of an application: its name, and whose it is."""
    return Ask("GET", f"/api/v1/app/{segment(client_id, 'application')}", "see this bot's application")


def authorizations() -> Ask:
    """The owner's tokens: each with its application and a uuid, never the token itself (facts §2.3)."""
    return Ask("GET", f"{USER}authorizations", "see your tokens")


def revoke(uuid: str) -> Ask:
    """End one of the owner's tokens."""
    path = f"{USER}authorizations/{segment(uuid, 'token')}"
    return Ask("DELETE", path, "revoke your token", in_doubt=words.LOOK_AT_TOKENS)


def repositories(namespace: str) -> Ask:
    """The first hundred that the owner may see there; takes no scope (facts §2.4)."""
    return Ask("GET", "/api/v1/repository", "list repositories", query={"namespace": namespace})


def organization(name: str) -> Ask:
    """An organization: everybody gets its public part, members its teams, under this token's scopes (facts §2.4)."""
    return Ask("GET", f"/api/v1/organization/{segment(name, 'organization')}", "see the organization")


def team_members(organization: str, team: str) -> Ask:
    """Who is in a team: for its members and for admins of the organization (facts §2.4)."""
    path = f"/api/v1/organization/{segment(organization, 'organization')}/team/{segment(team, 'team')}/members"
    return Ask("GET", path, "see the team")
