"""What an operator does from the command line: webhook URLs, samples, a look at what was set aside, a check-up."""

import re
import secrets
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import aiohttp

from bot.adapters.quay import QuayRegistry
from bot.adapters.slack.voice import SlackVoice
from bot.app import open_database
from bot.domain.errors import BotError, UserError
from bot.services.families import BY_EVENT
from bot.settings import Settings
from webhooks.kinds import KINDS
from webhooks.reading import Unreadable, read
from webhooks.sample import conditions, sample
from webhooks.server import token_hash

_CHANNEL = re.compile(r"[CGDUW][A-Z0-9]{2,}\Z")
_NAMESPACE = re.compile(r"[A-Za-z0-9._-]{1,255}\Z")
_REPOSITORY = re.compile(r"[A-Za-z0-9._-]{1,255}(/[a-z0-9._-]+)+\Z")


def now() -> datetime:
    """The time in UTC."""
    return datetime.now(UTC)


async def add_hooks(
    settings: Settings, target: str, events: Sequence[str], channels: Sequence[str]
) -> list[tuple[str, str]]:
    """Make hooks; gives (event, URL) for each. Raises UserError when target, events or channels make no sense."""
    names = _events(target, events)
    for channel in channels:
        _check_channel(channel)
    made = []
    async with AsyncExitStack() as closing:
        store = await open_database(settings, closing)
        for name in names:
            token = secrets.token_urlsafe(32)
            await store.hooks.add(name, target, list(dict.fromkeys(channels)), token_hash(token), now())
            made.append((name, _url(settings, token)))
    return made


def _check_channel(channel: str) -> None:
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
    return f"{settings.public_url or f'http://{settings.host}:{settings.port}'}/webhooks/quay/{token}"


async def list_hooks(settings: Settings) -> list[str]:
    """A line for each hook."""
    async with AsyncExitStack() as closing:
        store = await open_database(settings, closing)
        hooks = await store.hooks.all()
    if not hooks:
        return ["There are no webhook URLs yet. Make one with: quaybot hooks add NS/REPO EVENT --channel C…"]
    return [
        f"{hook.id}  {hook.target}  {hook.event}  {','.join(hook.channels)}  {hook.created_at:%Y-%m-%d}"
        for hook in hooks
    ]


async def remove_hook(settings: Settings, hook: str) -> None:
    """Forget a hook. Raises UserError when there is none of that id."""
    async with AsyncExitStack() as closing:
        store = await open_database(settings, closing)
        if not await store.hooks.remove(hook):
            raise UserError(f"There is no hook {hook}. See: quaybot hooks list")


async def rotate_hook(settings: Settings, hook: str, grace: timedelta) -> str:
    """A new URL for a hook; the old one works for `grace`. Raises UserError when there is none of that id."""
    token = secrets.token_urlsafe(32)
    async with AsyncExitStack() as closing:
        store = await open_database(settings, closing)
        if not await store.hooks.rotate(hook, token_hash(token), now(), grace):
            raise UserError(f"There is no hook {hook}. See: quaybot hooks list")
    return _url(settings, token)


async def list_aside(settings: Settings, number: int) -> list[bytes]:
    """A line for each body that was set aside; with a number, that body itself."""
    async with AsyncExitStack() as closing:
        store = await open_database(settings, closing)
        kept = await store.inbox.aside()
    if number:
        bodies = [one.body for one in kept if one.id == number]
        if not bodies:
            raise UserError(f"There is no delivery {number} among those set aside. See: quaybot aside")
        return bodies
    if not kept:
        return [b"Nothing was set aside."]
    return [f"{one.id}  {one.received_at:%Y-%m-%d %H:%M:%S}  hook {one.hook}  {one.reason}".encode() for one in kept]


async def send_sample(settings: Settings, event: str, *, channel: str, to: str, condition: str) -> str:
    """Post a sample's alert to a channel, or send its body to a webhook URL. Gives a line that says what was done."""
    if event not in KINDS:
        raise UserError(f"{event!r} is no event of Quay. Events: {', '.join(KINDS)}.")
    if condition and condition not in conditions(event):
        known = ", ".join(conditions(event)) or "none"
        raise UserError(f"{event} has no sample {condition!r}. It has: {known}.")
    if bool(channel) == bool(to):
        raise UserError(
            "Say where to: either --channel C… (post it to Slack) or --to URL (send the body to a webhook)."
        )
    if channel:
        _check_channel(channel)
    body = sample(event, condition)
    return await (_deliver(to, body) if to else _post(settings, event, body, channel))


async def _deliver(to: str, body: bytes) -> str:
    timeout = aiohttp.ClientTimeout(total=10)  # Quay's own patience (quay facts §1.3)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as session:
            headers = {"Content-Type": "application/json"}
            async with session.post(to, data=body, headers=headers, allow_redirects=False) as response:
                status = response.status
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise UserError(f"The webhook could not be reached: {type(error).__name__}.") from None
    if not 200 <= status < 300:
        raise UserError(f"The receiver answered {status}. For Quay that is a failure.")
    return f"Sent. The receiver answered {status}."


async def _post(settings: Settings, event: str, body: bytes, channel: str) -> str:
    if not settings.slack_bot_token.get_secret_value():
        raise UserError("SLACK_BOT_TOKEN is missing.")
    happened = read(event, "", body, now())
    if isinstance(happened, Unreadable):
        raise UserError(happened.reason)
    happened = happened.model_copy(update={"note": "a sample, sent from the command line"})
    family = BY_EVENT[type(happened)]
    message = family.show(family.fold(None, happened), settings.quay_url or "https://quay.example.com")
    async with aiohttp.ClientSession() as session:
        voice = SlackVoice(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, session)
        ts = await voice.post(channel, message.payload(), f"sample:{secrets.token_hex(8)}")
    return f"Posted in {channel} as message {ts}."


async def doctor(settings: Settings) -> tuple[list[str], bool]:
    """Lines that say what works and what does not, and whether everything does. What is not set is not called."""
    troubles = [*settings.missing(), *_unset(settings)]
    lines = [f"✗ {trouble}" for trouble in troubles]
    checks = [_check_database]
    if settings.slack_bot_token.get_secret_value():
        checks.append(_check_slack)
    if settings.quay_url:
        checks.append(_check_quay)
    for check in checks:
        try:
            lines.append(f"✓ {await check(settings)}")
        except BotError as error:
            lines.append(f"✗ {error.say}")
    return lines, not any(line.startswith("✗") for line in lines)


def _unset(settings: Settings) -> list[str]:
    """What `serve` can do without, but people cannot."""
    troubles = []
    if not settings.secret_keys:
        troubles.append("SECRET_KEYS is missing: nobody can link a Quay account. Make one with: quaybot keygen")
    if not settings.public_url:
        troubles.append("PUBLIC_URL is missing: Quay has to know where to send its webhooks")
    elif urlsplit(settings.public_url).hostname in {"localhost", "127.0.0.1"}:
        troubles.append("PUBLIC_URL names localhost: Quay refuses to send webhooks there")
    return troubles


async def _check_database(settings: Settings) -> str:
    async with AsyncExitStack() as closing:
        store = await open_database(settings, closing)
        hooks, waiting = len(await store.hooks.all()), await store.outbox.waiting()
        return f"Database answers; {hooks} webhook URLs, {waiting} messages waiting"


async def _check_slack(settings: Settings) -> str:
    async with aiohttp.ClientSession() as session:
        voice = SlackVoice(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, session)
        me = await voice.identity()
        return f"Slack knows the bot as {me.get('user', '?')} in {me.get('team', '?')}"


async def _check_quay(settings: Settings) -> str:
    registry = QuayRegistry(settings.quay_url)
    try:
        return f"Quay answers at {settings.quay_url}: {await registry.describe()}"
    finally:
        await registry.aclose()
