"""The calls about repositories as a whole, their usage logs, and the switch of a build trigger (facts §3.5)."""

from bot.adapters.quay import words
from bot.adapters.quay.ask import USER, Ask, Right, repository_path, segment


def get(repository: str) -> Ask:
    """One repository with its living tags; Quay lists 500 of them at most (facts §3.5)."""
    query = {"includeTags": "true", "includeStats": "false"}
    return Ask("GET", repository_path(repository), "see the repository", repository=repository, query=query)


def page(namespace: str, next_page: str = "") -> Ask:
    """A page of what the caller sees in a namespace; takes no scope (facts §2.4). An unknown one is empty."""
    query = {"namespace": namespace, "last_modified": "true"} | ({"next_page": next_page} if next_page else {})
    return Ask("GET", "/api/v1/repository", "list repositories", query=query)


def search(text: str, number: int) -> Ask:
    """A page of what fits: ten rows, and ten pages at most (facts §3.5)."""
    query = {"query": text, "page": str(number), "includeUsage": "true"}
    return Ask("GET", "/api/v1/find/repositories", "search repositories", query=query)


def set_visibility(repository: str, *, public: bool) -> Ask:
    """Show it to everybody, or only to those with a role."""
    return Ask(
        "POST",
        f"{repository_path(repository)}/changevisibility",
        "change its visibility",
        Right.ADMIN,
        repository,
        body={"visibility": "public" if public else "private"},
        in_doubt=words.LOOK_AT_REPOSITORY,
    )


def describe(repository: str, description: str) -> Ask:
    """Replace the description."""
    return Ask(
        "PUT",
        repository_path(repository),
        "change its description",
        Right.WRITE,
        repository,
        body={"description": description},
        in_doubt=words.LOOK_AT_REPOSITORY,
    )


def switch_trigger(repository: str, trigger: str, *, enabled: bool) -> Ask:
    """Switch a build trigger on or off; the answer hides its config (facts §3.3)."""
    return Ask(
        "PUT",
        f"{repository_path(repository)}/trigger/{segment(trigger, 'build trigger')}",
        "switch build triggers on and off",
        Right.ADMIN,
        repository,
        f"build trigger {trigger}",
        body={"enabled": enabled},
        in_doubt=words.LOOK_AT_TRIGGERS,
    )


def usage_log(target: str, first: str, last: str, page: str = "", *, own: bool = False) -> Ask:
    """A page of a usage log: of a repository, of an organization, or (`own`) of the caller's own namespace.

    Dates are MM/DD/YYYY, anything else is passed over in silence (facts §3.3).
    """
    query = {"starttime": first, "endtime": last} | ({"next_page": page} if page else {})
    if "/" in target:
        path = f"{repository_path(target)}/logs"
        return Ask("GET", path, "read the usage log", Right.ADMIN, target, query=query)
    if own:
        return Ask("GET", f"{USER}logs", "read your usage log", scope="user:admin", query=query)
    path = f"/api/v1/organization/{segment(target, 'organization')}/logs"
    thing = f"organization {target}"
    return Ask("GET", path, "read the usage log", thing=thing, scope="org:admin", query=query)
