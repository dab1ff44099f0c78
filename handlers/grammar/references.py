"""Which repository (and tag) a word means: `acme/web`, `acme/web:v1`, or an address copied from the browser."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from bot.domain.errors import UserError

# A little wider than Quay's own rules (lower-case letters, digits, dots, dashes, underscores; at most 255 characters):
# Quay has the last word, this only catches what can never be a name.
_PART = re.compile(r"[a-z0-9][a-z0-9._-]*")
_TAG = re.compile(r"\w[\w.-]{0,127}", re.ASCII)
_LONGEST = 255
_PAGES = frozenset({"tag", "build", "trigger", "manifest"})  # pages below a repository in Quay's own addresses


@dataclass(frozen=True, slots=True)
class Reference:
    """A repository as "namespace/name" (the name may hold slashes), with a tag if one was given."""

    repository: str
    tag: str = ""


def valid_tag(tag: str) -> bool:
    """Whether a registry can have a tag of that name: 1 to 128 of letters, digits, `_`, `.` and `-`."""
    return _TAG.fullmatch(tag) is not None


def reference(word: str, quay_url: str) -> Reference:
    """The repository that `word` means at the Quay of `quay_url`. Raises UserError with an example otherwise."""
    host = urlsplit(quay_url).netloc.lower()
    scheme, mark, rest = word.partition("://")
    if mark and scheme.lower() in ("http", "https"):
        found = _from_address(word, rest, host)
    else:
        found = _from_name(word, word, host)
    return _checked(word, found)


def _from_address(word: str, rest: str, host: str) -> Reference:
    """From a browser's address, or from a name that Slack took for one (`acme.io/web` becomes `http://acme.io/web`)."""
    try:
        parts = urlsplit("//" + rest)
    except ValueError:
        raise _strange(word) from None
    segments = [unquote(segment) for segment in parts.path.split("/") if segment]
    if segments[:1] != ["repository"]:
        return _from_name(word, rest.partition("?")[0].partition("#")[0], host)
    if parts.netloc.lower() != host:
        raise _elsewhere(parts.netloc, host)
    segments, tag = segments[1:], "".join(parse_qs(parts.query).get("tag", [])[:1])
    if len(segments) >= 4 and segments[-2] in _PAGES:  # …/repository/acme/web/tag/v1
        tag = tag or (segments[-1] if segments[-2] == "tag" else "")
        segments = segments[:-2]
    return Reference("/".join(segments), tag)


def _from_name(word: str, name: str, host: str) -> Reference:
    if "@sha256:" in name:
        raise UserError(f"“{word[:200]}” names a digest. Name the repository, or a tag of it: acme/web:v1.2")
    first, slash, rest = name.strip("/").partition("/")
    if first.lower() == host and slash:
        name = rest
    elif (":" in first and slash) or ("." in first and "/" in rest):
        raise _elsewhere(first, host)
    path, colon, tag = name.strip("/").partition(":")
    if colon and not tag:
        raise UserError(f"The tag is missing after the colon in “{word[:200]}”.")
    return Reference(path, tag)


def _checked(word: str, found: Reference) -> Reference:
    parts = found.repository.split("/")
    if len(found.repository) <= _LONGEST and len(parts) > 1 and all(map(_PART.fullmatch, parts)):
        if found.tag and not valid_tag(found.tag):
            raise bad_tag(found.tag)
        return found
    lowered = [part.lower() for part in parts]
    if len(parts) > 1 and lowered != parts and all(map(_PART.fullmatch, lowered)):
        raise UserError(f"Quay's names are lower-case. Did you mean {'/'.join(lowered)[:_LONGEST]}?")
    raise _strange(word)


def bad_tag(tag: str) -> UserError:
    """The error for a tag that no registry can have."""
    return UserError(
        f"“{tag[:140]}” cannot be a tag. Tags have 1 to 128 letters, digits, dots, dashes and underscores, "
        "and start with a letter, a digit or an underscore."
    )


def _strange(word: str) -> UserError:
    return UserError(f"That does not look like a repository: “{word[:200]}”. Write it as namespace/name, e.g. acme/web")


def _elsewhere(there: str, host: str) -> UserError:
    return UserError(f"That is on {there[:100]}, but I work with {host}. Write it as namespace/name, e.g. acme/web")
