"""What the page needs: the simulated Slack and Quay, and what its buttons make happen."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from bot.demo.city import CHANNELS, PEOPLE, REPOSITORIES, SCANNED
from bot.demo.invitations import Invitations
from bot.domain.errors import UserError
from bot.fakes.page import Board, Hint
from bot.fakes.quay import FakeQuay
from bot.fakes.quay.records import FAILURES_THAT_DISABLE
from bot.fakes.slack import FakeSlack
from bot.ports import Channel, Clock, Store
from bot.ports.records import LAYOUTS
from handlers.commands import COMMANDS

_OUTAGE = 60.0  # seconds
_LOOK = 0.3  # seconds between two looks at the outbox
_FINDINGS = (
    ("CVE-2024-6387", "Critical", "openssh", "A signal handler race in sshd lets an attacker run code as root."),
    ("CVE-2023-4911", "High", "glibc", "A buffer overflow in the dynamic loader's handling of GLIBC_TUNABLES."),
    ("CVE-2023-44487", "High", "nghttp2", "Rapid resets of HTTP/2 streams use up the server."),
    ("CVE-2024-2961", "Medium", "glibc", "An out-of-bounds write in iconv for ISO-2022-CN-EXT."),
    ("CVE-2023-31484", "Low", "perl", "Certificates of download servers are not checked."),
)
_SCAN = 50  # findings in each repository
_PROMOTED = ("", "-debug", "-slim", "-arm64", "-amd64", "-ubi9", "-alpine", "-fips", "-rc1", "-rc2", "-lts", "-edge")
_SAYS = {
    "card": "each card changes in place.",
    "thread": "each card changes in place, and further events are told in its thread as well.",
    "compact": "each card is one line.",
}
_QUOTA = ((84, 80), (91, 90), (97, 95))  # percent in use, and the threshold that is crossed by it


class World:
    """Keeps the promises of the page's DemoWorld."""

    def __init__(
        self, slack: FakeSlack, quay: FakeQuay, board: Board, clock: Clock, store: Store, invitations: Invitations
    ) -> None:
        self.slack = slack
        self.quay = quay
        self.board = board
        self.waiting = 0
        self.notes = invitations.notes
        self.tries = invitations.tries
        self._restock = invitations.restock
        self._clock = clock
        self._store = store
        self._layout = LAYOUTS[0]
        self._count = 0
        self._quota_steps = iter(_QUOTA)
        self._outage: asyncio.Task[None] | None = None
        self._acts: dict[str, Callable[[str, str], Awaitable[str]]] = {
            "push": self._push,
            "build": self._build,
            "build-failure": self._failing_build,
            "vulnerability": self._vulnerability,
            "mirror-failure": self._mirror_failure,
            "expiry": self._expiry,
            "quota": self._quota,
            "scan": self._scan,
            "promotion": self._promotion,
            "slack-outage": self._slack_outage,
            "webhooks-lost": self._webhooks_lost,
            "layout": self._change_layout,
        }

    @property
    def queued(self) -> int:
        """How many webhook deliveries Quay has queued."""
        return len(self.quay.queue)

    async def watch(self) -> None:
        """Keep `waiting` up to date, and carol provided, until cancelled."""
        while True:
            self._restock()
            waiting = await self._store.outbox.waiting()
            if waiting != self.waiting:
                self.waiting = waiting
                self.board.bump()
            await self._clock.sleep(_LOOK)

    def repositories(self) -> Sequence[str]:
        """The repositories of the panel."""
        return REPOSITORIES

    def hints(self) -> Sequence[Hint]:
        """What the composer suggests: every form of every command."""
        return [Hint(f"/quay {form}", command.summary) for command in COMMANDS.values() for form in command.usage]

    async def happen(self, what: str, wish: Mapping[str, str]) -> str:
        """Make it happen; gives a sentence. Raises UserError where it cannot be done."""
        self._count += 1
        repository = wish.get("repository") or "acme/web"
        if repository not in REPOSITORIES:
            raise UserError(f"There is no repository {repository} here.")
        return await self._acts[what](repository, wish.get("tag") or f"v1.{4 + self._count // 10}.{self._count % 10}")

    async def _push(self, repository: str, tag: str) -> str:
        self.quay.push(repository, tag)
        return f"{repository}:{tag} was pushed."

    async def _build(self, repository: str, tag: str) -> str:
        return await self._request(f"{repository} --archive-url https://git.example/{repository}.tar.gz --tag {tag}")

    async def _failing_build(self, repository: str, tag: str) -> str:
        return await self._request(f"{repository} --archive-url https://git.example/broken.tar.gz --tag {tag}")

    async def _request(self, words: str) -> str:
        if self.slack.down:
            raise UserError(
                "Slack is down: alice’s /quay build cannot reach the bot. What Quay does itself still works."
            )
        await self.slack.command(PEOPLE["alice"], CHANNELS["builds"], f"build {words}")
        return f"alice typed in #builds: /quay build {words}"

    async def _vulnerability(self, repository: str, tag: str) -> str:
        cve, severity, package, words = _FINDINGS[self._count % len(_FINDINGS)]
        self.quay.find_vulnerability(repository, [tag], cve, severity, description=words, package=package)
        return f"The scanner found {cve} ({severity}) in {repository}:{tag}."

    async def _mirror_failure(self, repository: str, tag: str) -> str:
        del repository, tag
        pattern = "'registry.example/base/ubi9' with tag pattern '9.*'"
        self.quay.mirror("acme/mirrored", "started", pattern)
        self.quay.mirror(
            "acme/mirrored",
            "failed",
            f"{pattern}: ('skopeo list-tags failed: See output', '', 'time=\"2026-11-23T11:26:56Z\" level=fatal "
            'msg="Error listing repository tags: unable to retrieve auth token: invalid username/password: '
            "unauthorized\"\\n')",
        )
        return "A sync of acme/mirrored failed."

    async def _expiry(self, repository: str, tag: str) -> str:
        self.quay.expire(repository, [tag, f"{tag}-debug"])
        return f"{repository}:{tag} and {tag}-debug expire in a few days."

    async def _quota(self, repository: str, tag: str) -> str:
        del repository, tag
        step = next(self._quota_steps, None)
        if step is None:
            raise UserError("Quay has warned of each threshold already. It does that once a day.")
        percent, threshold = step
        self.quay.quota("acme", warning=True, percent=percent, threshold=threshold)
        return f"acme uses {percent} % of its storage."

    async def _scan(self, repository: str, tag: str) -> str:
        """The same weaknesses of a base image in every repository."""
        del repository
        for number in range(_SCAN):
            _, severity, package, words = _FINDINGS[number % len(_FINDINGS)]
            cve = f"CVE-2026-{20000 + self._count * 100 + number}"
            for one in SCANNED:
                self.quay.find_vulnerability(one, [tag], cve, severity, description=words, package=package)
        much = f"{_SCAN * len(SCANNED)} vulnerabilities in {len(SCANNED)} repositories"
        return f"The scanner found {much}, and Quay sends one call for each. Look into #security."

    async def _promotion(self, repository: str, tag: str) -> str:
        for ending in _PROMOTED:
            self.quay.push(repository, f"{tag}{ending}")
        return f"{len(_PROMOTED)} tags of {repository} were pushed, and Quay sends one call for each."

    async def _change_layout(self, repository: str, tag: str) -> str:
        """The next one, in every channel."""
        del repository, tag
        self._layout = LAYOUTS[(LAYOUTS.index(self._layout) + 1) % len(LAYOUTS)]
        for channel in CHANNELS.values():
            await self._store.channels.keep(Channel(channel, self._layout))
        return f"The layout is {self._layout} now: {_SAYS[self._layout]} Make something happen."

    async def _webhooks_lost(self, repository: str, tag: str) -> str:
        """As after two minutes without the bot: Quay has given its notifications up, and drops what happens."""
        for one in self.quay.notifications.values():
            if one.target == repository:
                one.number_of_failures = FAILURES_THAT_DISABLE
        self.quay.push(repository, tag)
        return (
            f"Quay has switched the notifications of {repository} off, told nobody, and dropped the push of {tag}. "
            "The bot finds out by itself; give it two minutes and look into #releases."
        )

    async def _slack_outage(self, repository: str, tag: str) -> str:
        del repository, tag
        if self.slack.down:
            await self.close()
            self.slack.down = False
            return "Slack is back. What had to wait arrives now."
        self.slack.down = True
        self._outage = asyncio.create_task(self._back())
        return "Slack is down for a minute. Make things happen meanwhile: all of it will arrive. Press again to end it."

    async def _back(self) -> None:
        await self._clock.sleep(_OUTAGE)
        self.slack.down = False
        self.board.tell("Slack is back.")

    async def close(self) -> None:
        """Forget a running outage."""
        if self._outage is not None:
            self._outage.cancel()
            await asyncio.gather(self._outage, return_exceptions=True)
