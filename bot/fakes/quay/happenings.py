"""Things that happen in a registry, each with the notifications that Quay queues for it and no others (facts §1.1)."""

import hashlib
from collections.abc import Iterable
from datetime import timedelta

from bot.fakes.quay import bodies
from bot.fakes.quay.pushes import Pushes
from bot.fakes.quay.records import BODY, FAILURES_THAT_DISABLE, FakeBuild
from bot.fakes.quay.samples import GIB

EVENTS = (
    "repo_push",
    "build_queued",
    "build_start",
    "build_success",
    "build_failure",
    "build_cancelled",
    "vulnerability_found",
    "repo_mirror_sync_started",
    "repo_mirror_sync_success",
    "repo_mirror_sync_failed",
    "repo_image_expiry",
    "quota_warning",
    "quota_error",
)
_ENDED = frozenset({"complete", "error", "cancelled"})
PHASES = _ENDED | {
    "waiting",
    "build-scheduled",
    "unpacking",
    "pulling",
    "building",
    "pushing",
    "internalerror",
    "expired",
}
_COOLDOWN = timedelta(days=1)


class Happenings(Pushes):
    """What others do to the registry: besides pushing and scanning, they build and mirror."""

    def open_build(self, build: FakeBuild, *, performer: str | None = None) -> FakeBuild:
        """Make a build row: build_queued. The usage log names a performer only for triggers that somebody started."""
        self.builds[build.id] = build
        trigger = self.triggers.get(build.trigger or "")
        self.note("build_dockerfile", build.repository, performer=performer, **bodies.build_logged(build, trigger))
        self.spawn(build.repository, "build_queued", bodies.build_queued(self.url, build, trigger))
        self.changed()
        return build

    def git_push(
        self, trigger: str, *, ref: str = "refs/heads/main", message: str = "fix it", user: str | None = None
    ) -> str:
        """A commit arrives at a trigger: a build that nobody asked for by hand. Returns the build's id."""
        found = self.triggers[trigger]
        commit = hashlib.sha1(f"{ref} {len(self.builds)}".encode()).hexdigest()
        branch = ref.rpartition("/")[2]
        person = {"username": "dev", "avatar_url": "https://git.example/dev.png", "url": "https://git.example/dev"}
        metadata: BODY = {
            "commit": commit,
            "ref": ref,
            "default_branch": "main",
            "commit_info": {
                "url": f"https://git.example/c/{commit[:7]}",
                "message": message,
                "date": self.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
                "author": person,
                "committer": dict(person),
            },
            "git_url": found.source,
        }
        build = FakeBuild(
            id=self.uuid(),
            repository=found.repository,
            name=commit[:7],
            tags=["latest", branch] if branch == "main" else [branch],
            started=self.clock.now(),
            manual_user=user,
            is_manual=False,
            trigger=trigger,
            trigger_metadata=metadata,
            pull_robot=found.pull_robot,
        )
        return self.open_build(build).id

    def move_build(
        self,
        build_id: str,
        phase: str,
        *,
        step: int | None = None,
        steps: int | None = None,
        log: Iterable[tuple[str, str | None]] = (),
        last_try: bool = True,
    ) -> None:
        """Move a build on, as the build manager does, and add to its log: (message, kind) pairs.

        `error` tells build_failure only on the last try; "internalerror" never tells and may be moved on; "expired" is
        the job that ran out of tries. Raises ValueError for a build that has ended or a phase that does not exist.
        """
        build = self.builds[build_id]
        if phase not in PHASES or build.phase in _ENDED:
            raise ValueError(f"a build in {build.phase} cannot become {phase}")
        entered = build.phase != phase
        build.phase = "internalerror" if phase == "expired" else phase
        build.retries = 0 if phase == "expired" else build.retries
        build.silent_since = None
        if step is not None or steps is not None:
            build.status |= {"total_commands": steps or 0, "current_command": step or 0}
        if entered:
            self.log(build_id, phase, "phase")
        for message, kind in log:
            self.log(build_id, message, kind)
        event = {"building": "build_start", "complete": "build_success", "cancelled": "build_cancelled"}.get(phase, "")
        if phase == "expired" or (phase == "error" and last_try):
            event = "build_failure"
        if event and entered:
            trigger = self.triggers.get(build.trigger or "")
            self.spawn(build.repository, event, bodies.build_moved(self.url, build, trigger))
        self.changed()

    def log(self, build_id: str, message: str, kind: str | None = None) -> None:
        """Add one entry to a build's log."""
        entry: BODY = {"message": message}
        if kind is not None:
            entry["type"] = kind
        entry["data"] = {"datetime": self.clock.now().strftime("%Y-%m-%d %H:%M:%S.%f")}
        self.builds[build_id].logs.append(entry)

    def mirror(self, repository: str, outcome: str, message: str) -> None:
        """A mirror sync "started", ended in "success", or "failed": told, written down, and seen in how it is."""
        event = f"repo_mirror_sync_{outcome}"
        if event not in EVENTS:
            raise ValueError(f"not an outcome: {outcome!r}")
        found = self.repositories[repository]
        if found.mirror:
            found.mirror.status = {"started": "SYNCING", "success": "SUCCESS", "failed": "FAIL"}[outcome]
        about: BODY = {"verb": "start" if outcome == "started" else "end", "namespace": found.namespace}
        about |= {"repo": found.name, "message": message, "tag": None, "tags": None, "stdout": None, "stderr": None}
        self.note(event, repository, **about)
        self.spawn(repository, event, bodies.mirrored(self.url, repository, message))
        self.changed()

    def expire(self, repository: str, tags: Iterable[str]) -> None:
        """The garbage collector's look at tags that expire soon. A tag is announced once per notification."""
        soon = list(tags)
        for hook in self.listening(repository, "repo_image_expiry"):
            news = [tag for tag in soon if tag not in hook.announced]
            days = hook.event_config.get("days")
            if days is None or not news:
                continue
            hook.announced.update(news)
            self.enqueue(hook, bodies.expiring(self.url, repository, hook.uuid, news, days))
        self.changed()

    def switch_off(self, uuid: str) -> None:
        """As many failures in a row as switch a notification off; what is queued for it is dropped (facts §1.3)."""
        self.notifications[uuid].number_of_failures = FAILURES_THAT_DISABLE
        self.changed()

    def quota(self, namespace: str, *, warning: bool, percent: int, threshold: int | None = None) -> None:
        """Storage of a namespace (of 1 GiB) is used to `percent`, which crosses `threshold`, or else the same number.

        Told once a day for each threshold.
        """
        event, now = "quota_warning" if warning else "quota_error", self.clock.now()
        limit = percent if threshold is None else threshold
        told = self.quota_told.get((namespace, event, limit))
        if told is not None and now - told < _COOLDOWN:
            return
        self.quota_told[namespace, event, limit] = now
        usage = -(-GIB * percent // 100)
        self.spawn(namespace, event, bodies.quota(self.url, namespace, limit, usage, GIB, percent))
        self.changed()
