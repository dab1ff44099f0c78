"""The check-up: what works, what does not, and what to do about it."""

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from bot.adapters.quay import QuayRegistry
from bot.adapters.slack.voice import SlackVoice
from bot.app import spool_folder
from bot.blocks.clean import one_line
from bot.blocks.text import count
from bot.domain.errors import BotError, TryLater, UserError
from bot.operator.checkup_people import people_troubles, ways_to_link
from bot.operator.checkup_subscriptions import subscription_troubles
from bot.operator.dead import parked
from bot.operator.opening import opened
from bot.operator.policy import sum_up_policy
from bot.operator.secrets import unopened_accounts
from bot.settings import Settings, mistyped

_TRIAL = "check-up"  # the name of a lease that nobody needs
_BOT = 'copy it anew from your Slack app\'s page "OAuth & Permissions"; if scopes have changed, reinstall the app first'
_APP = 'make one with the scope connections:write on your Slack app\'s page "Basic Information"'


async def doctor(settings: Settings) -> tuple[list[str], bool]:
    """Lines that say what works and what does not, and whether everything does. What is not set is not called."""
    troubles = [*settings.missing(), *_unset(settings), *people_troubles(settings), *_mistyped(settings)]
    lines = [f"✗ {trouble}" for trouble in troubles]
    checks: list[Callable[[Settings], Awaitable[str]]] = [_check_database]
    if settings.spool_limit_mb:
        checks.append(_check_spool)
    if settings.slack_bot_token.get_secret_value():
        checks.append(_check_slack)
    if settings.slack_app_token.get_secret_value():
        checks.append(_check_socket)
    if settings.quay_url:
        checks.append(_check_quay)
    if settings.policy_file:
        checks.append(sum_up_policy)
    lines += dict.fromkeys([await _tried(check, settings) for check in checks])  # the same trouble is told once
    lines += [f"✓ {ways}"] if (ways := ways_to_link(settings)) else []
    stored = [*await _given_up(settings), *await _closed(settings), *await subscription_troubles(settings)]
    lines += [f"✗ {trouble}" for trouble in stored]
    return lines, not any(line.startswith("✗") for line in lines)


async def _tried(check: Callable[[Settings], Awaitable[str]], settings: Settings) -> str:
    try:
        return f"✓ {await check(settings)}"
    except BotError as error:
        return f"✗ {error.say}"


def without_https(settings: Settings) -> bool:
    """Whether PUBLIC_URL is set, but to something that Slack does not take as a request URL."""
    return bool(settings.public_url) and urlsplit(settings.public_url).scheme != "https"


def _mistyped(settings: Settings) -> list[str]:
    return [
        f"{one_line(name)[:80]} in .env is no setting; did you mean {ours}?"
        for name, ours in mistyped(settings).items()
    ]


def _unset(settings: Settings) -> list[str]:
    """What `serve` can do without, but people cannot."""
    troubles = []
    if not settings.secret_keys:
        troubles.append("SECRET_KEYS is missing: nobody can link a Quay account. Make one with: quaybot keygen")
    if not settings.public_url:
        troubles.append(
            "PUBLIC_URL is missing: Quay has to know where to send its webhooks. Set it to the address at which Quay "
            "reaches the bot"
        )
    elif urlsplit(settings.public_url).hostname in {"localhost", "127.0.0.1"}:
        troubles.append(
            f"PUBLIC_URL is {settings.public_url}: Quay refuses to send webhooks there. Set it to a name or an address "
            "at which Quay reaches the bot"
        )
    if without_https(settings) and not settings.slack_app_token.get_secret_value():
        troubles.append(
            f"PUBLIC_URL is {settings.public_url}: Slack takes https addresses only. Put something that speaks TLS in "
            "front, or set SLACK_APP_TOKEN to use Socket Mode"
        )
    return troubles


async def _check_database(settings: Settings) -> str:
    async with opened(settings) as store:
        hooks, unread = len(await store.hooks.all()), await store.inbox.waiting()
        unsent = await store.outbox.waiting()
        # It may be there to be read only: locked by somebody, or its disk full.
        await store.lease.hold(_TRIAL, _TRIAL, datetime.now(UTC), timedelta(seconds=1))
        await store.lease.let_go(_TRIAL, _TRIAL)
    waiting = f"{count(unread, 'webhook')} and {count(unsent, 'message')} waiting"
    return f"Database answers; {count(hooks, 'webhook URL')}, {waiting}"


async def _check_spool(settings: Settings) -> str:
    folder = spool_folder(settings)
    try:
        await asyncio.to_thread(_write_to, folder)
    except OSError as error:
        advice = "make the folder writable, or set another SPOOL_DIR"
        raise UserError(f"Spool cannot be written in {folder} ({error.strerror}): {advice}") from None
    return f"Spool can be written in {folder}, up to {settings.spool_limit_mb} MB"


def _write_to(folder: Path) -> None:
    """A small file, synced and gone again; above the folder while that is not there. Raises OSError."""
    place = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    with tempfile.TemporaryFile(dir=place) as file:
        file.write(b"quaybot")
        file.flush()
        os.fsync(file.fileno())


async def _given_up(settings: Settings) -> list[str]:
    """Dead letters and parked channels, as far as the database can tell: whether it does is told elsewhere."""
    try:
        async with opened(settings) as store:
            dead, lanes = sum((await store.dead.counts()).values()), await store.dead.lanes()
    except BotError:
        return []
    letters = f"{count(dead, 'dead letter')}: see what could not be read or delivered with quaybot dead list"
    return [*([letters] if dead else []), *map(parked, lanes)]


async def _closed(settings: Settings) -> list[str]:
    """Accounts that no key opens, as far as the database can tell; without any key they are not looked at."""
    try:
        return await unopened_accounts(settings) if settings.secret_keys else []
    except BotError:
        return []


async def _check_slack(settings: Settings) -> str:
    async def ask(voice: SlackVoice) -> str:
        me = await voice.identity()
        return f"Slack knows the bot as {me.get('user', '?')} in {me.get('team', '?')}"

    return await _ask_slack(settings, "slack_bot_token", _BOT, ask)


async def _check_socket(settings: Settings) -> str:
    async def ask(voice: SlackVoice) -> str:
        await voice.offered_socket()
        return "Slack offers Socket Mode to SLACK_APP_TOKEN"

    return await _ask_slack(settings, "slack_app_token", _APP, ask)


async def _ask_slack(settings: Settings, name: str, advice: str, ask: Callable[[SlackVoice], Awaitable[str]]) -> str:
    token, url = getattr(settings, name).get_secret_value(), settings.slack_api_url
    async with aiohttp.ClientSession() as session:
        try:
            return await ask(SlackVoice(token, url, session))
        except BotError as error:
            raise UserError(_slack_says(error, url, name.upper(), advice)) from None


def _slack_says(error: BotError, url: str, name: str, advice: str) -> str:
    """An error of the Slack adapter for the operator. Its detail is `method: code …`."""
    if "token" in error.say:
        code = str(error).partition(": ")[2].partition(" ")[0]
        return f"{name} does not work at {url} ({code}): {advice}"
    say = error.say.removesuffix(".")
    if isinstance(error, TryLater) and error.after:
        return f"{say} at {url}: try again in {error.after:.0f} seconds"
    return f"{say} at {url}: check the network and SLACK_API_URL"


async def _check_quay(settings: Settings) -> str:
    registry = QuayRegistry(settings.quay_url)
    try:
        return f"Quay answers at {settings.quay_url}: {await registry.describe()}"
    except BotError as error:
        # What comes after "Please" is meant for people in Slack, who can only wait or ask the operator.
        say = error.say.partition(" Please ")[0].removesuffix(".")
        advice = "" if "QUAY_URL" in say else ": check the network and QUAY_URL"
        raise UserError(f"{say} ({settings.quay_url}){advice}") from None
    finally:
        await registry.aclose()
