"""Shows an alert without Quay: a recorded sample, posted to a channel or sent to a webhook."""

import secrets
from datetime import UTC, datetime

import aiohttp

from bot.adapters.slack.voice import SlackVoice
from bot.domain.errors import UserError
from bot.operator.hooks import check_channel
from bot.services.families import BY_EVENT
from bot.settings import Settings, parts_of
from webhooks.kinds import KINDS
from webhooks.reading import Unreadable, read
from webhooks.sample import conditions, sample

_PATIENCE = 10
"""Seconds; Quay's own patience (quay facts §1.3)."""


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
        check_channel(channel)
    body = sample(event, condition)
    return await (_deliver(to, body) if to else _post(settings, event, body, channel))


async def _deliver(to: str, body: bytes) -> str:
    place = _place(to)
    timeout = aiohttp.ClientTimeout(total=_PATIENCE)
    headers = {"Content-Type": "application/json"}
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(to, data=body, headers=headers, allow_redirects=False) as response,
        ):
            status = response.status
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise UserError(why_not(error, place)) from None
    if not 200 <= status < 300:
        raise UserError(f"The receiver answered {status}. For Quay that is a failure.")
    return f"Sent. The receiver answered {status}."


def _place(to: str) -> str:
    """Host and port of a webhook URL: its path is secret and never shown. Raises UserError if it is no address."""
    try:
        parts = parts_of(to)
    except ValueError as error:
        raise UserError(
            "That is not an address. Write it whole, as quaybot hooks add prints it: https://…/webhooks/quay/…"
        ) from error
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else parts.hostname
    return f"{host}:{parts.port or {'http': 80, 'https': 443}[parts.scheme]}"


def why_not(error: Exception, place: str) -> str:
    """What hindered a delivery, in words."""
    match error:
        case aiohttp.InvalidURL():
            return "That is not an address. Write it whole, as quaybot hooks add prints it."
        case aiohttp.ClientConnectorDNSError():
            return f"There is no host named {place.rpartition(':')[0]}, or its name cannot be looked up now."
        case aiohttp.ClientSSLError():
            return f"There is no safe connection to {place}: its certificate is not trusted, or it speaks plain http."
        case aiohttp.ClientConnectorError():
            return f"Nothing answers at {place}."
        case TimeoutError():
            return f"{place} did not answer within {_PATIENCE} seconds. For Quay that is a failure."
    return f"{place} did not answer as a web server does."


async def _post(settings: Settings, event: str, body: bytes, channel: str) -> str:
    if not settings.slack_bot_token.get_secret_value():
        raise UserError("SLACK_BOT_TOKEN is missing. Put it into .env, or say --to URL to send it to a webhook.")
    happened = read(event, "", body, datetime.now(UTC))
    if isinstance(happened, Unreadable):
        raise UserError(happened.reason)
    happened = happened.model_copy(update={"note": "a sample, sent from the command line"})
    family = BY_EVENT[type(happened)]
    message = family.show(
        family.fold(None, happened, family.items(happened)), settings.quay_url or "https://quay.example.com"
    )
    async with aiohttp.ClientSession() as session:
        voice = SlackVoice(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, session)
        ts = await voice.post(channel, message.payload(), f"sample:{secrets.token_hex(8)}")
    return f"Posted in {channel} as message {ts}."
