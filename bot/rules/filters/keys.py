"""The words of a filter: what each looks at in an event, and how it reads what stands behind it. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.domain.events import BuildMoved, Event, Pushed, VulnerabilityFound
from bot.rules.filters.patterns import ACCOUNTS, REFS, REPOSITORIES, TAGS, Test, glob, regular, severity

FORMS = "tag:v*,release-*  -tag:*-dev  severity:high+  fixable"
EXPRESSION = "~"  # what a regular expression begins with

_REF_NAME = re.compile(r"refs/[^/]+/(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Key:
    """One word of the grammar: what it looks at, how its values are read, and how a refusal is worded.

    `things`: what an event has of it, nothing if the key does not concern the event or it is not known. `read` makes a
    test out of one value and raises UserError without naming the word; None for a key that stands alone. `named` puts a
    thing in words. `kinds` are Quay's names of the events that the key can say something about.
    `expressions`: a value may be a regular expression, which then is the only one of its word: it may have commas.
    """

    things: Callable[[Event], tuple[str, ...]]
    read: Callable[[str], Test] | None
    named: Callable[[str], str]
    example: str
    kinds: frozenset[str]
    expressions: bool = False


def ref_name(ref: str) -> str:
    """The name of a branch or tag: `feature/x` of `refs/heads/feature/x`."""
    found = _REF_NAME.fullmatch(ref)
    return found[1] if found else ref


def repository_name(repository: str) -> str:
    """What comes behind the namespace."""
    return repository.partition("/")[2]


def _ref(value: str) -> Test:
    """A glob over the name of the branch or tag, over all of it if it begins with refs/; ~ and a regular expression.

    A build without a ref fits none: Quay does the same (facts §1.1).
    """
    if value.startswith(EXPRESSION):
        found = regular(value.removeprefix(EXPRESSION))
        return lambda ref: bool(ref) and found(ref)
    fits, whole = glob(value, REFS), value.startswith("refs/")
    return lambda ref: bool(ref) and fits(ref if whole else ref_name(ref))


def _repository(value: str) -> Test:
    """A glob over the name, and over namespace and name if it has a slash."""
    fits, whole = glob(value, REPOSITORIES), "/" in value
    return lambda repository: fits(repository_name(repository)) or (whole and fits(repository))


def _tags(event: Event) -> tuple[str, ...]:
    return tuple(getattr(event, "tags", ()))


def _ref_of(event: Event) -> tuple[str, ...]:
    return (event.ref,) if isinstance(event, BuildMoved) else ()


def _severity_of(event: Event) -> tuple[str, ...]:
    return (event.severity.value,) if isinstance(event, VulnerabilityFound) else ()


def _fix_of(event: Event) -> tuple[str, ...]:
    """A word that counts as true if there is a fix. Nothing if Quay does not say: nobody should miss that finding."""
    if not isinstance(event, VulnerabilityFound) or event.fixable is None:
        return ()
    return ("fix",) if event.fixable else ("",)


def _by(event: Event) -> tuple[str, ...]:
    """Who pushed, or asked for the build; nothing while nobody knows."""
    who = event.by if isinstance(event, Pushed) else event.requested_by if isinstance(event, BuildMoved) else ""
    return (who,) if who else ()


def _repository_of(event: Event) -> tuple[str, ...]:
    return (event.repository,) if event.repository else ()


_BUILDS = frozenset({"build_queued", "build_start", "build_success", "build_failure", "build_cancelled"})
_PUSHES, _FINDINGS = frozenset({"repo_push"}), frozenset({"vulnerability_found"})
_MIRRORS = frozenset({"repo_mirror_sync_started", "repo_mirror_sync_success", "repo_mirror_sync_failed"})
_TAGGED = _PUSHES | _BUILDS | _FINDINGS | {"repo_image_expiry"}

KEYS: Mapping[str, Key] = {
    "tag": Key(_tags, lambda value: glob(value, TAGS), lambda tag: f"the tag {tag[:128]}", "tag:v*,release-*", _TAGGED),
    "ref": Key(
        _ref_of,
        _ref,
        lambda ref: f"the ref {ref[:128]}" if ref else "a build without a git ref",
        "ref:main",
        _BUILDS,
        expressions=True,
    ),
    "severity": Key(_severity_of, severity, lambda value: f"the severity {value.lower()}", "severity:high+", _FINDINGS),
    "fixable": Key(
        _fix_of, None, lambda fix: "a finding with a fix" if fix else "a finding without a fix", "fixable", _FINDINGS
    ),
    "by": Key(
        _by,
        lambda value: glob(value, ACCOUNTS),
        lambda who: f"the account {who[:128]}",
        "by:acme+ci",
        _PUSHES | _BUILDS,
    ),
    "repo": Key(
        _repository_of,
        _repository,
        lambda repository: f"the repository {repository[:255]}",
        "repo:app-*",
        _TAGGED | _MIRRORS,
    ),
}
"""The words of the grammar. Another one is a line here."""
