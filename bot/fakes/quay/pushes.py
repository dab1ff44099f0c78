"""Images come and go: pushed, pulled, scanned, deleted, collected (facts §1.1, §3.1)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.fakes.quay import bodies
from bot.fakes.quay.accounts import Accounts
from bot.fakes.quay.images import SCANS, Finding, Image, Label, Layer, family, sha
from bot.fakes.quay.records import FakeNotification
from bot.fakes.quay.samples import LEVELS

_AGENT = "docker/24.0.7 go/go1.20.10 kernel/6.1 os/linux arch/amd64"
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_LINK = "https://access.redhat.com/security/cve/"


def _floor(hook: FakeNotification) -> int:
    """Down to which severity a notification asks for call-backs; Critical where it says nothing usable."""
    wish = hook.event_config.get("vulnerability")
    priority = wish.get("priority") if isinstance(wish, dict) else None
    return LEVELS.index(priority) if priority in LEVELS else 0


def _ends(image: Image, now: datetime) -> datetime | None:
    """When a tag of an image with the label quay.expires-after ends."""
    labels = {label.key: label.value for label in image.labels}
    found = re.fullmatch(r"(\d+)([smhdw])", labels.get("quay.expires-after", ""))
    return now + timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else None


class Pushes(Accounts):
    """What happens to images."""

    def spawn(self, target: str, event: str, body: Mapping[str, Any]) -> None:
        """Queue a body for every notification of the repository or namespace for this event."""
        for notification in self.listening(target, event):
            self.enqueue(notification, body)

    def push(  # noqa: PLR0913  # an image has that many facts
        self,
        repository: str,
        *tags: str,
        digest: str | None = None,
        by: str | None = None,
        layers: Sequence[Layer] = (),
        labels: Mapping[str, str] | None = None,
        findings: Iterable[Finding] = (),
        architectures: Sequence[str] = (),
        scan: str = "scanned",
        docker: bool = False,
        ago: timedelta = timedelta(),
    ) -> str:
        """Push one manifest to tags: one event for each of them. Returns its digest.

        `by` is who did it, an account or a robot. `architectures` makes it an index with an image for each; findings
        are theirs then. A `digest` that is there already is the same image again. What was pushed a while `ago` (call
        it oldest first) tells nobody now. ValueError for an immutable tag.
        """
        found, pushed, now = self.repositories[repository], digest or self.digest(), self.clock.now() - ago
        if any((row := found.living(tag, now)) is not None and row.immutable for tag in tags):
            raise ValueError(f"an immutable tag among {tags!r}")
        if scan not in SCANS:
            raise ValueError(f"not a status of a scan: {scan!r}")
        if found.known(pushed) is None:
            bottom = tuple(layers) or (Layer(sha("layer of", pushed)),)
            made = Image(pushed, now, bottom, scan=scan, docker=docker, findings=list(findings))
            made.labels = [Label(self.handle_uuid(), key, value) for key, value in (labels or {}).items()]
            found.images |= {child.digest: child for child in family(made, architectures)} if architectures else {}
            found.images[pushed] = made
        for tag in tags:
            found.point(tag, pushed, now, end=_ends(found.images[pushed], now))
            if not ago:
                self.spawn(repository, "repo_push", bodies.pushed(self.url, repository, tag))
            self._transfer("push_repo", repository, by, now, tag=tag)
        self.changed()
        return pushed

    def pull(self, repository: str, what: str, by: str | None = None, *, ago: timedelta = timedelta()) -> None:
        """Pull a tag, or a digest: a row of the usage log, and a robot that was here."""
        key = "manifest_digest" if what.startswith("sha256:") else "tag"
        self._transfer("pull_repo", repository, by, self.clock.now() - ago, **{key: what})
        self.changed()

    def _transfer(self, kind: str, repository: str, by: str | None, at: datetime, **about: str) -> None:
        """The usage log's row about something that came or went over the registry protocol."""
        namespace, _, name = repository.partition("/")
        who: dict[str, Any] = {"username": by} if by else {}
        if by in self.robots:
            who["is_robot"] = True
            robot = self.robots[by]
            robot.last_accessed = max(at, robot.last_accessed or at)
        place = {"repo": name, "namespace": namespace, "user-agent": _AGENT}
        self.note(kind, repository, performer=by, at=at, **place, **about, **who)

    def scanned(self, repository: str, digest: str, status: str = "scanned", *findings: Finding) -> None:
        """The scanner is done with an image, or is not (`status`), and found this in it; nobody is told."""
        if status not in SCANS:
            raise ValueError(f"not a status of a scan: {status!r}")
        image = self.repositories[repository].images[digest]
        if image.is_list:
            raise ValueError("an index is never scanned itself")
        image.scan, image.findings = status, list(findings)
        self.changed()

    def collect(self, repository: str, digest: str, *, rows_too: bool = True) -> None:
        """The garbage collector takes an image that no living tag has, the rows of the history with it.

        `rows_too` False is the moment before the rows go: the history still shows what cannot be restored any more.
        """
        found = self.repositories[repository]
        if found.shown(digest, self.clock.now()) is not None:
            raise ValueError(f"a living tag has {digest}")
        found.images[digest].collected = True
        if rows_too:
            found.tags = [row for row in found.tags if row.digest != digest]
        self.changed()

    def make_immutable(self, repository: str, tag: str) -> None:
        """Nobody may change or delete this tag any more; switches the feature on."""
        row = self.repositories[repository].living(tag, self.clock.now())
        if row is None:
            raise KeyError(tag)
        self.immutable_tags = row.immutable = True
        self.changed()

    def find_vulnerability(  # noqa: PLR0913  # a finding has that many facts
        self,
        repository: str,
        tags: Iterable[str],
        cve: str,
        severity: str,
        *,
        description: str = "",
        link: str | None = None,
        fixable: bool = True,
        package: str | None = None,
    ) -> None:
        """The scanner calls back. Every hook gets a copy for each hook there is (facts §1.1, "Duplicates").

        Only findings at or above the repository's lowest `vulnerability.priority` (Critical where none is set) are
        queued at all; `level` is looked at when they are delivered.
        """
        word, where = str(severity), list(tags)
        level, address = LEVELS.index(word), f"{_LINK}{cve}" if link is None else link
        new = Finding(cve, word, package or Finding.package, description=description, link=address)
        new = new if fixable else replace(new, fixed_by="")
        for image in self._under(repository, where):
            image.findings.append(new)
        hooks = self.listening(repository, "vulnerability_found")
        if level > max((_floor(hook) for hook in hooks), default=0):
            return
        finding = {"id": cve, "description": description, "link": address, "priority": word, "has_fix": fixable}
        for _ in hooks:
            body = bodies.vulnerability(self.url, repository, where, finding)
            self.spawn(repository, "vulnerability_found", body)
        self.changed()

    def _under(self, repository: str, tags: Iterable[str]) -> list[Image]:
        """The images that these tags have now, each once; of an index those inside it."""
        found, now = self.repositories[repository], self.clock.now()
        rows = [row for tag in tags if (row := found.living(tag, now)) is not None]
        tops = [found.images[digest] for digest in dict.fromkeys(row.digest for row in rows)]
        return [found.images[one] for top in tops for one in (top.children.values() or [top.digest])]
