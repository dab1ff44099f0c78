"""The calls that look at tags and images (facts §3.1, §3.5). All of them take the read role."""

from bot.adapters.quay.ask import Ask, repository_path, segment
from bot.domain.images import PAGE_ROWS
from bot.domain.said import short_digest

MOST = PAGE_ROWS  # on a page; Quay holds larger numbers down to this


def history(repository: str, tag: str, page: int) -> Ask:
    """A page of everything that one tag has pointed at: dead rows are listed unless asked not to (facts §3.1)."""
    query = {"specificTag": tag, "limit": str(MOST), "page": str(page)}
    return Ask("GET", f"{repository_path(repository)}/tag/", "see tags", repository=repository, query=query)


def page(repository: str, like: str, number: int, limit: int, *, dead: bool) -> Ask:
    """A page of the living tags, or of all rows, those with `like` in their names."""
    query = {"limit": str(min(max(1, limit), MOST)), "page": str(max(1, number))}
    query |= {} if dead else {"onlyActiveTags": "true"}
    query |= {"filter_tag_name": f"like:{like}"} if like else {}
    return Ask("GET", f"{repository_path(repository)}/tag/", "see tags", repository=repository, query=query)


def manifest(repository: str, digest: str) -> Ask:
    """What a digest is; Quay takes no tag here (facts §3.1)."""
    return _image(repository, digest, "")


def labels(repository: str, digest: str) -> Ask:
    """The labels of an image."""
    return _image(repository, digest, "/labels")


def security(repository: str, digest: str) -> Ask:
    """What the scanner found in an image, also in one that only the history has (facts §3.1)."""
    return _image(repository, digest, "/security", {"vulnerabilities": "true"})


def _image(repository: str, digest: str, rest: str, query: dict[str, str] | None = None) -> Ask:
    algorithm, _, sha = digest.partition(":")
    path = f"{repository_path(repository)}/manifest/{segment(algorithm, 'digest')}:{segment(sha, 'digest')}{rest}"
    means = {404: f"No tag of {repository} has the image {short_digest(digest)} now."}
    return Ask("GET", path, "see images", repository=repository, query=query or {}, means=means)
