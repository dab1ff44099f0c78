"""The bytes of a file on their way to the address that Slack named for them (facts §10)."""

import asyncio
from urllib.parse import urlsplit

import aiohttp

from bot.adapters.slack.errors import silent
from bot.domain.errors import GiveUp, TryLater

_SLOWEST = 100_000  # bytes a second at which a file is sent at least
_BYTES = {"Content-Type": "application/octet-stream"}


def trusted(url: str, base: str) -> bool:
    """May a file go there? Over https, or to the very host that every other call goes to (`base`)."""
    try:
        address, known = urlsplit(url), urlsplit(base)
    except ValueError:
        return False
    return bool(address.hostname) and (address.scheme == "https" or (address[:2] == known[:2]))


async def send(session: aiohttp.ClientSession, url: str, data: bytes, deadline: float) -> None:
    """Send `data` in one try, without our token: the address is the right to send. `deadline` is in seconds.

    Raises TryLater or GiveUp as the Web API does.
    """
    try:
        async with (
            asyncio.timeout(deadline + len(data) / _SLOWEST),
            session.post(url, data=data, headers=_BYTES, allow_redirects=False) as response,
        ):
            status = response.status
    except (TimeoutError, aiohttp.ClientError) as error:
        raise silent("upload_url", error) from None
    if status == 429 or status >= 500:
        raise TryLater("Slack does not take the file now.", doubtful=status != 429, detail=f"upload_url: {status}")
    if status != 200:
        raise GiveUp("Slack did not take the file.", detail=f"upload_url: {status}")
