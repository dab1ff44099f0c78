"""What a test or the demo may turn on the fake Slack while it runs."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bot.fakes.slack.doorbell import Doorbell
from bot.fakes.slack.model import Fault
from bot.fakes.slack.shortcuts import judged
from bot.fakes.slack.state import Workspace
from bot.fakes.slack.transport import Transport


class Knobs:
    """The switches, each kept by the part that it belongs to."""

    _workspace: Workspace
    _bell: Doorbell
    _transport: Transport

    @property
    def deliver_to(self) -> str:
        """The bot's address for everything; ignored while a Socket Mode client is connected."""
        return self._bell.deliver_to

    @deliver_to.setter
    def deliver_to(self, url: str) -> None:
        self._bell.deliver_to = url

    @property
    def deadline(self) -> float:
        """How long the bot may take to answer, in real seconds (Slack: 3)."""
        return self._bell.deadline

    @deadline.setter
    def deadline(self, seconds: float) -> None:
        self._bell.deadline = seconds

    @property
    def down(self) -> bool:
        """Whether every call is answered 503."""
        return self._transport.trouble.down

    @down.setter
    def down(self, value: bool) -> None:
        self._transport.trouble.down = value

    @property
    def faults(self) -> list[Fault]:
        """What shall go wrong, in order; used up as it happens."""
        return self._transport.trouble.faults

    @faults.setter
    def faults(self, faults: list[Fault]) -> None:
        self._transport.trouble.faults = faults

    @property
    def struck(self) -> Counter[str]:
        """How often each kind of fault went wrong."""
        return self._transport.trouble.struck

    def seed(self, seed: int) -> None:
        """Throw the dice of faults that are left to chance from here on as any run with this seed does."""
        self._transport.trouble.dice.seed(seed)

    @property
    def rate_limits(self) -> bool:
        """Whether rate limits are in force."""
        return self._transport.limits.on

    @rate_limits.setter
    def rate_limits(self, value: bool) -> None:
        self._transport.limits.on = value

    @property
    def burst(self) -> int:
        """How many messages a channel takes at once after a pause."""
        return self._transport.limits.burst

    @burst.setter
    def burst(self, value: int) -> None:
        self._transport.limits.burst = value

    @property
    def workspace_posts(self) -> int:
        """How many messages a minute all channels take together."""
        return self._transport.limits.workspace_posts

    @workspace_posts.setter
    def workspace_posts(self, value: int) -> None:
        self._transport.limits.workspace_posts = value

    @property
    def tiers(self) -> dict[str, int | None]:
        """Calls a minute that differ from a method's own (None: no limit); "*" is for all that are not named."""
        return self._transport.limits.tiers

    @tiers.setter
    def tiers(self, tiers: dict[str, int | None]) -> None:
        self._transport.limits.tiers = tiers

    @property
    def refused(self) -> Counter[str]:
        """How many calls of each method came too fast. Faults are not in it."""
        return self._transport.limits.refused

    @property
    def home_tab_enabled(self) -> bool:
        """Whether the app has a Home tab."""
        return self._workspace.home_tab_enabled

    @home_tab_enabled.setter
    def home_tab_enabled(self, value: bool) -> None:
        self._workspace.home_tab_enabled = value

    @property
    def unfurl_domains(self) -> list[str]:
        """The domains of links that the app is told of, as in its manifest."""
        return self._workspace.unfurl_domains

    @unfurl_domains.setter
    def unfurl_domains(self, domains: list[str]) -> None:
        self._workspace.unfurl_domains = domains

    @property
    def any_domain(self) -> bool:
        """Whether links to addresses and bare names count as well: the demo's Quay has no domain. Slack never does."""
        return self._workspace.any_domain

    @any_domain.setter
    def any_domain(self, value: bool) -> None:
        self._workspace.any_domain = value

    @property
    def shortcuts(self) -> Sequence[Mapping[str, Any]]:
        """The shortcuts of the app, as in its manifest: name, type (global or message), callback_id, description."""
        return self._workspace.shortcuts

    @shortcuts.setter
    def shortcuts(self, shortcuts: Iterable[Mapping[str, Any]]) -> None:
        self._workspace.shortcuts = judged(shortcuts)

    @property
    def on_change(self) -> Callable[[], None] | None:
        """Called at every change that somebody could see."""
        return self._workspace.on_change

    @on_change.setter
    def on_change(self, callback: Callable[[], None] | None) -> None:
        self._workspace.on_change = callback
