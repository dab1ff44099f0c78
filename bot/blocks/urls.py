"""Addresses that are safe to put behind a word or a button."""

from urllib.parse import quote, urlsplit

LONGEST_URL = 2000  # Slack takes 3,000 in a button (facts §5); percent-encoding and &amp; need room

_SAFE = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in "|<>\"'`\\^{}")


def safe_url(url: str) -> str | None:
    """`url` if it is a plain http(s) address, with everything that could end a link percent-encoded; None if not.

    Addresses with a user or password in front of the host are refused: they hide where they lead, or hold a secret.
    """
    url = url.strip()
    if any(ord(char) < 0x20 or ord(char) == 0x7F for char in url):
        return None
    try:
        parts = urlsplit(url)
        bad = parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc
        parts.port  # noqa: B018 - raises ValueError for a port that is no number
    except ValueError:
        return None
    encoded = quote(url, safe=_SAFE, errors="replace")
    return None if bad or len(encoded) > LONGEST_URL else encoded


def repository_url(quay: str, repository: str) -> str:
    """The repository's page."""
    return f"{quay.rstrip('/')}/repository/{_segments(repository)}"


def tag_url(quay: str, repository: str, tag: str) -> str:
    """The repository's list of tags, at one tag; for a digest, the page of that manifest."""
    if tag.startswith("sha256:"):
        return f"{repository_url(quay, repository)}/manifest/{quote(tag, safe=':', errors='replace')}"
    return f"{repository_url(quay, repository)}?tab=tags&tag={_segment(tag)}"


def build_url(quay: str, repository: str, build: str) -> str:
    """The build's page with its log."""
    return f"{repository_url(quay, repository)}/build/{_segment(build)}"


def image(quay: str, repository: str, tag: str) -> str:
    """What to pull: host/namespace/name:tag (or @digest). The host is the one people open in a browser."""
    joint = "@" if tag.startswith("sha256:") else ":"
    return f"{urlsplit(quay).netloc}/{repository}{joint}{tag}"


def namespace_url(quay: str, namespace: str) -> str:
    """The organization's page."""
    return f"{quay.rstrip('/')}/organization/{_segment(namespace)}"


def user_url(quay: str, username: str) -> str:
    """A user's own settings, at the applications that they have let in."""
    return f"{quay.rstrip('/')}/user/{_segment(username)}?tab=external"


def _segment(text: str) -> str:
    return quote(text, safe="", errors="replace")


def _segments(text: str) -> str:
    return quote(text, safe="/", errors="replace")
