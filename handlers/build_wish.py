"""What somebody wants built, read from the words after `/quay build` and checked before anybody is called. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bot.ports import BuildRequest
from handlers.grammar import Option, Parsed, Spec, UsageError, reference
from handlers.grammar.references import bad_tag, valid_tag

SPEC = Spec(
    (
        Option("archive-url", "URL", "a .tar.gz, .zip or Dockerfile that Quay can download"),
        Option("tag", "TAG", "tag for the image, may be repeated (latest if none is given)", repeatable=True),
        Option("dockerfile", "PATH", "path of the Dockerfile in the archive"),
        Option("context", "PATH", "path of the build context in the archive"),
        Option("subdirectory", "PATH", "folder of the archive that holds the Dockerfile"),
        Option("pull-robot", "NS+NAME", "robot account that pulls private base images"),
        Option("trigger", "NAME", "build through this trigger: its service, its source or the beginning of its id"),
        Option("branch", "BRANCH", "branch to build (triggers of GitHub, GitLab, Bitbucket)"),
        Option("commit", "SHA", "commit to build (custom git triggers)"),
    )
)
OF_ARCHIVES = ("tag", "dockerfile", "context", "subdirectory", "pull-robot")
OF_TRIGGERS = ("trigger", "branch", "commit")
MOST_TAGS = 10
_MOST = 200  # characters of an option; the address of an archive may be longer
_COMMIT = re.compile(r"[0-9a-fA-F]{7,64}")
_ROBOT = re.compile(r"[a-z0-9][a-z0-9._-]*\+[a-z0-9][a-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class BuildWish:
    """A build to start: from an archive (`request`), or else through a trigger with a branch or a commit.

    `again`: nothing but the repository was said, so what was built last is built once more. `tagged`: tags were said.
    """

    repository: str
    request: BuildRequest | None = field(default=None, repr=False)  # holds an address with a secret in it, sometimes
    trigger: str = ""
    branch: str = ""
    commit: str = ""
    again: bool = False
    tagged: bool = False


def read(words: Sequence[str], quay_url: str) -> BuildWish:
    """The wish in these words. Raises UsageError (or UserError for a single odd value) with what to mend."""
    parsed = SPEC.parse(words)
    if not parsed.words:
        raise UsageError("Which repository? Write it as namespace/name, e.g. acme/web")
    if len(parsed.words) > 1:
        raise UsageError(f"I do not understand “{parsed.words[1][:60]}” after the repository.")
    found = reference(parsed.words[0], quay_url)
    tags = tuple(dict.fromkeys((*((found.tag,) if found.tag else ()), *parsed.many("tag"))))  # Quay wants each once
    _no_conflicts(parsed, tag_in_name=bool(found.tag))
    _not_too_much(parsed, tags)
    for tag in tags:
        if not valid_tag(tag):
            raise bad_tag(tag)
    if url := parsed.one("archive-url"):
        return BuildWish(found.repository, _request(url, tags, parsed))
    commit = parsed.one("commit")
    if commit and not _COMMIT.fullmatch(commit):
        raise UsageError(f"--commit needs a commit id of 7 or more hex digits, not “{commit[:60]}”.")
    again = not tags and not parsed.values
    trigger, branch = parsed.one("trigger"), parsed.one("branch")
    return BuildWish(found.repository, None, trigger, branch, commit, again=again, tagged=bool(tags))


def _not_too_much(parsed: Parsed, tags: Sequence[str]) -> None:
    """So that a card can show all of it, and that one command is one command's work."""
    if len(tags) > MOST_TAGS:
        raise UsageError(f"A build writes at most {MOST_TAGS} tags, not {len(tags)}. Leave some out.")
    for name in (*OF_ARCHIVES, *OF_TRIGGERS):
        if name != "tag" and len(parsed.one(name)) > _MOST:
            raise UsageError(f"What stands after --{name} is too long: at most {_MOST} characters.")


def _no_conflicts(parsed: Parsed, *, tag_in_name: bool) -> None:
    by_trigger, by_archive = parsed.given(OF_TRIGGERS), parsed.given(OF_ARCHIVES)
    if "archive-url" in parsed.values and by_trigger:
        raise UsageError(f"Choose one: --archive-url builds an archive, --{by_trigger[0]} builds through a trigger.")
    if by_trigger and by_archive:
        raise UsageError(f"A trigger has its own settings, so --{by_archive[0]} goes with --archive-url only.")
    if by_trigger and tag_in_name:
        raise UsageError("A trigger chooses the tags itself. Write the repository without a tag.")
    for one, other in (("dockerfile", "subdirectory"), ("branch", "commit")):
        if one in parsed.values and other in parsed.values:
            raise UsageError(f"Give either --{one} or --{other}, not both.")


def _request(url: str, tags: tuple[str, ...], parsed: Parsed) -> BuildRequest:
    robot = parsed.one("pull-robot")
    if robot and not _ROBOT.fullmatch(robot):
        raise UsageError(f"“{robot[:100]}” is not the name of a robot account. It looks like acme+puller")
    return BuildRequest(
        archive_url=_checked_url(url),
        tags=tags,
        dockerfile=parsed.one("dockerfile"),
        context=parsed.one("context"),
        subdirectory=parsed.one("subdirectory"),
        pull_robot=robot,
    )


def _checked_url(url: str) -> str:
    """The address, if it is http(s) with a host, and ASCII: Quay refuses others, or crashes on them (facts §3.3).

    The address is not repeated in the answer: it may hold a secret.
    """
    if url.endswith(("://…", "://...")):  # somebody sent the suggestion as it stands in the help
        raise UsageError("Put the address of an archive there, in place of the dots.")
    if not url.isascii() or any(char.isspace() or not char.isprintable() for char in url):
        raise UsageError("The address after --archive-url may have plain ASCII characters only.")
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        fine = False
    if not fine:
        raise UsageError("--archive-url needs a full address that begins with http:// or https://")
    return url
