"""Webhook URLs: made, listed, replaced and forgotten."""

import re
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.domain.errors import UserError
from bot.operator.opening import opened
from bot.ports import Hook, Store
from bot.rules import filters
from bot.settings import Settings
from webhooks.kinds import KINDS
from webhooks.reading import Unreadable, read
from webhooks.sample import conditions, sample
from webhooks.server import token_hash

_CHANNEL = re.compile(r"[CGDUW][A-Z0-9]{2,}\Z")
_NAMESPACE = re.compile(r"[A-Za-z0-9._-]{1,255}\Z")
_REPOSITORY = re.compile(r"[A-Za-z0-9._-]{1,255}(/[a-z0-9._-]+)+\Z")


async def add_hooks(
    settings: Settings, target: str, events: Sequence[str], channels: Sequence[str], only: str = ""
) -> list[tuple[str, str]]:
    """Make hooks; gives (event, URL) for each. `only` is what their channels let pass (rules/filters).

    Raises UserError when target, events, channels or filter make no sense.
    """
    names = _events(target, events)
    for channel in channels:
        check_channel(channel)
    filters.parse(only)
    made = []
    async with opened(settings) as store:
        for name in names:
            token = secrets.token_urlsafe(32)
            unique, now = list(dict.fromkeys(channels)), datetime.now(UTC)
            await store.hooks.add(name, target, unique, token_hash(token), now, filter_=" ".join(only.split()))
            made.append((name, _url(settings, token)))
    return made


def idle_words(target: str, events: Sequence[str], only: str) -> list[str]:
    """A sentence about each event that words of the filter can never keep out. Raises UserError as add_hooks does."""
    said = []
    for name in _events(target, events):
        events_ = [read(name, target, sample(name, which), datetime.now(UTC)) for which in ("", *conditions(name))]
        known = [event for event in events_ if not isinstance(event, Unreadable)]
        idle = [key for key in filters.parse(only).rules if not any(map(filters.KEYS[key].things, known))]
        if idle:
            said.append(f"{name} has nothing that `{'` or `'.join(idle)}` could look at, so it passes all the same.")
    return said


async def same_hooks(
    settings: Settings, target: str, events: Sequence[str], channels: Sequence[str], only: str = ""
) -> list[tuple[str, str]]:
    """The oldest hook of each event that has some of these channels already: (id, what it does). Raises UserError."""
    names, own = _events(target, events), " ".join(only.split())
    async with opened(settings) as store:
        hooks = [hook for hook in await store.hooks.all() if hook.target == target]
    found = []
    for name in names:
        for hook in hooks:
            shared = [channel for channel in hook.channels if channel in channels]
            if hook.event == name and shared:
                found.append((hook.id, _sameness(hook, shared, own)))
                break
    return found


def _sameness(hook: Hook, shared: Sequence[str], only: str) -> str:
    """How much of the same it does."""
    about = f"{hook.event} of {hook.target} in {', '.join(shared)}"
    other = next((found for found in (hook.filters.get(channel, "") for channel in shared) if found != only), only)
    if other == only:
        return f"does the same already ({about})"
    return f"is told the same events ({about}; {f'its filter: {other}' if other else 'without a filter'})"


def check_channel(channel: str) -> None:
    """Raise UserError if this is no channel id of Slack."""
    if not _CHANNEL.match(channel):
        raise UserError(
            f"{channel!r} is not a Slack channel id. Ids look like C0123ABCD; "
            "in Slack, the id is at the end of the channel's details."
        )


def _events(target: str, events: Sequence[str]) -> list[str]:
    namespace = "/" not in target
    if not (_NAMESPACE if namespace else _REPOSITORY).match(target):
        raise UserError(
            f"{target!r} is not a repository. Write it as namespace/name, e.g. acme/web "
            "(for quota events the namespace alone)."
        )
    fitting = [name for name, kind in KINDS.items() if kind.namespace == namespace]
    if list(events) == ["all"]:
        return fitting
    for name in events:
        if name not in KINDS:
            raise UserError(f"{name!r} is no event of Quay. Events: {', '.join(KINDS)}.")
        if name not in fitting:
            needed = "namespace/name" if namespace else "the namespace alone"
            raise UserError(f"{name} belongs to {'a repository' if namespace else 'a namespace'}: write {needed}.")
    return list(dict.fromkeys(events))


def _url(settings: Settings, token: str) -> str:
    return f"{settings.webhooks_at or f'http://{settings.host}:{settings.port}'}/webhooks/quay/{token}"


async def list_hooks(settings: Settings) -> list[str]:
    """A line for each hook."""
    async with opened(settings) as store:
        hooks = await store.hooks.all()
    if not hooks:
        return ["There are no webhook URLs yet. Make one with: quaybot hooks add NS/REPO EVENT --channel C…"]
    return [_line(hook) for hook in hooks]


def _line(hook: Hook) -> str:
    """What it tells whom since when, and what its channels let pass (all of them have the same filter); whose it is."""
    told = ",".join(hook.channels) or "-"
    words = f"{hook.id}  {hook.target}  {hook.event}  {told}  {hook.created_at:%Y-%m-%d}"
    whose = f"  of subscription {hook.subscription}{' (for quaybot alone)' if hook.silent else ''}"
    return "  only ".join([words, *dict.fromkeys(hook.filters.values())]) + (whose if hook.subscription else "")


async def _refuse_subscribed(store: Store, hook: str) -> None:
    """Raise UserError if the hook belongs to a subscription: that looks after its URLs by itself."""
    whose = next((one.subscription for one in await store.hooks.all() if one.id == hook), "")
    if whose:
        raise UserError(
            f"Hook {hook} belongs to the subscription {whose}, which looks after its URLs by itself. "
            f"To end it, write /quay unsubscribe {whose} in its channel."
        )


async def remove_hook(settings: Settings, hook: str) -> None:
    """Forget a hook. Raises UserError when there is none of that id, or when it is a subscription's."""
    async with opened(settings) as store:
        await _refuse_subscribed(store, hook)
        if not await store.hooks.remove(hook):
            raise UserError(f"There is no hook {hook}. See: quaybot hooks list")


async def rotate_hook(settings: Settings, hook: str, grace: timedelta) -> str:
    """A new URL for a hook; the old one works for `grace`. Raises UserError as remove_hook does."""
    token = secrets.token_urlsafe(32)
    async with opened(settings) as store:
        await _refuse_subscribed(store, hook)
        if not await store.hooks.rotate(hook, token_hash(token), datetime.now(UTC), grace):
            raise UserError(f"There is no hook {hook}. See: quaybot hooks list")
    return _url(settings, token)
