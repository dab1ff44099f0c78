"""What a link to a page of our own Quay is about. Pure; links to anywhere else, or to other pages, are none."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

_LONGEST = 2000  # characters of a link
_NAME = 255
_PART = re.compile(r"[a-z0-9][a-z0-9._-]*")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_BUILD = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class QuayLink:
    """A page of a repository ("namespace/name"; the name may hold slashes): one of these at most is set."""

    repository: str
    tag: str = ""
    digest: str = ""
    build: str = ""


def quay_link(url: str, quay_url: str) -> QuayLink | None:
    """What the link shows at the Quay of `quay_url`; None if it leads elsewhere or shows something else.

    Whoever writes a user or a password before the host means to mislead: such a link is none of ours.
    """
    if len(url) > _LONGEST or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        return None
    parts, home = _split(url.replace("&amp;", "&")), _split(quay_url)
    if parts is None or home is None or _place(parts) != _place(home):
        return None
    base = home.path.rstrip("/")
    if not parts.path.startswith(f"{base}/repository/"):
        return None
    raw = parts.path[len(base) + len("/repository/") :].rstrip("/").split("/")
    segments = [unquote(segment) for segment in raw]
    return _page(segments, parse_qs(parts.query, max_num_fields=20) if parts.query.count("&") < 20 else {})


def unfurl_domain(quay_url: str) -> str:
    """The domain by which Slack knows links to that Quay; "" if it cannot: it takes no address and no bare name.

    (facts §9)
    """
    parts = _split(quay_url)
    host = parts.hostname or "" if parts else ""
    try:
        ip_address(host)
    except ValueError:
        return host if re.fullmatch(r"[a-z0-9.-]+\.[a-z][a-z0-9-]*", host) else ""
    return ""


def _page(segments: list[str], query: dict[str, list[str]]) -> QuayLink | None:
    if len(segments) >= 4:
        kind, what = segments[-2:]
        for name, pattern in (("manifest", _DIGEST), ("build", _BUILD), ("tag", _TAG)):
            if kind == name:
                repository = _repository(segments[:-2])
                field = {"manifest": "digest"}.get(name, name)
                return QuayLink(repository, **{field: what}) if repository and pattern.fullmatch(what) else None
    repository, tags = _repository(segments), query.get("tag", [])
    if not repository or (tags and not _TAG.fullmatch(tags[0])):
        return None
    return QuayLink(repository, tag=tags[0] if tags else "")


def _repository(segments: list[str]) -> str:
    name = "/".join(segments)
    return name if len(segments) > 1 and len(name) <= _NAME and all(map(_PART.fullmatch, segments)) else ""


def _split(url: str) -> SplitResult | None:
    """The parts of an http(s) address without a user; None for anything else."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises ValueError for a port that is no number
    except ValueError:
        return None
    good = parts.scheme in _PORTS and parts.hostname and "@" not in parts.netloc
    return parts if good else None


def _place(parts: SplitResult) -> tuple[str, int]:
    """Host and port; Quay's http and https pages are the same where no port is named."""
    port = parts.port
    return parts.hostname or "", 0 if port is None or port == _PORTS[parts.scheme] else port
