"""Which entry of Quay's own usage log belongs to something that was done through the bot; pure.

Quay knows nothing of our references: kind, repository, account and time have to do (facts §3.5).
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from bot.domain.acts import Act, Deed
from bot.domain.repositories import LogEntry

_CUT = "…"  # how a text ends that was too long to be kept whole
NEAR = timedelta(minutes=5)  # clocks differ, and an answer may come late


def matching(deed: Deed, entries: Iterable[LogEntry]) -> LogEntry | None:
    """The entry that fits what was done, the nearest in time; None if none fits.

    `entries` are those of the log that tells of it (`Act.log`). Of a build from an archive Quay names nobody as its
    performer, the account is only in `manual_user` (facts §3.3).
    """
    fitting = [entry for entry in entries if _fits(deed, entry)]
    return min(fitting, key=lambda entry: (abs(entry.at - deed.at), entry.at), default=None)


def _fits(deed: Deed, entry: LogEntry) -> bool:
    who = entry.performer or entry.about.get("manual_user", "")
    return (
        entry.kind in deed.quay_log.split()
        and who == deed.username
        and abs(entry.at - deed.at) <= NEAR
        and _same_repository(deed.act.repository, entry.about)
        and _same_robot(deed.act.target, entry.about)
        and _same_tags(deed.act, entry.about)
        and _same_build(deed.act, entry.about)
    )


def _same_repository(repository: str, about: Mapping[str, str]) -> bool:
    """Metadata names the repository with or without its namespace, or not at all."""
    if not repository:
        return True
    namespace, _, name = repository.partition("/")
    return about.get("namespace", namespace) == namespace and about.get("repo", name) in (name, repository)


def _same_robot(target: str, about: Mapping[str, str]) -> bool:
    """Metadata names a robot without its namespace (facts §3.2)."""
    _, plus, short = target.partition("+")
    return not plus or about.get("robot", "") == short


def _same_tags(act: Act, about: Mapping[str, str]) -> bool:
    """Where both name tags: the tag that was changed, or all that a build writes (they come as one text)."""
    written = set(act.parameters.get("tags", "").split())
    theirs = about.get("docker_tags", "")
    if written and theirs and not theirs.endswith(_CUT):
        return set(theirs.split(", ")) == written
    return not act.tag or about.get("tag", act.tag) == act.tag


def _same_build(act: Act, about: Mapping[str, str]) -> bool:
    """Where both name the build that something was done to. Of a new build it is another one: `build_id`."""
    build = act.parameters.get("build", "")
    return not build or about.get("build_uuid", build) == build
