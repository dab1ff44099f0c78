"""Sending: one deadline for a whole call, a bounded answer, and only such repetition as cannot do harm.

The token travels in one header of one request. Redirects are not followed and no cookie is kept, so it reaches no
other server and no other person's call.
"""

import asyncio
import logging
import random
import ssl
from collections.abc import Awaitable, Callable

import httpx

from bot.adapters.quay import words
from bot.adapters.quay.answers import Answer
from bot.adapters.quay.ask import Ask
from bot.adapters.quay.errors import is_frozen
from bot.domain.errors import BotError, GiveUp, NotLinked, TryLater

MOST_BYTES = 5_000_000
"""More than any answer we ask for; a build log is read in pages."""
TRIES = 3

_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_log = logging.getLogger(__name__)


class TooMuch(Exception):
    """The answer is longer than MOST_BYTES."""


class Transport:
    """The way to one Quay. Raises TryLater, GiveUp or NotLinked; an HTTP refusal is an Answer, not an error."""

    def __init__(
        self, base_url: str, client: httpx.AsyncClient, *, deadline: float, sleep: Callable[[float], Awaitable[object]]
    ) -> None:
        base = _base(base_url)
        self.host = base.netloc.decode()
        self._base = str(base).rstrip("/")
        self.deadline = deadline
        self._client = client
        self._sleep = sleep

    async def exchange(self, ask: Ask, token: str, *, tries: int = TRIES, deadline: float | None = None) -> Answer:
        """Ask, again where that is safe, for at most `deadline` seconds in all."""
        if (not token and not ask.public) or not token.isascii() or not token.isprintable() or " " in token:
            raise NotLinked(words.BROKEN_LINK)
        seconds = deadline or self.deadline
        try:
            async with asyncio.timeout(seconds):
                return await self._again(ask, token, tries, seconds)
        except TimeoutError:
            raise self._unanswered(ask, f"no answer within {seconds:g} s") from None

    async def _again(self, ask: Ask, token: str, tries: int, seconds: float) -> Answer:
        number = 0
        while True:
            number += 1
            try:
                answer = await self._once(ask, token, seconds)
            except TooMuch:
                raise GiveUp(words.too_much(self.host), detail=f"{_name(ask)}: more than {MOST_BYTES} bytes") from None
            except httpx.HTTPError as broken:
                if number == tries or not _may_repeat(ask, broken):
                    raise self._broken(ask, broken) from broken
                reason = type(broken).__name__
            else:
                if number == tries or not _worth_repeating(ask, answer):
                    return answer
                reason = str(answer.status)
            _log.info("Quay: %s failed (%s), try %d of %d", _name(ask), reason, number, tries)
            await self._sleep(pause(number, random.random()))  # noqa: S311 - spreads load, guards nothing

    async def _once(self, ask: Ask, token: str, seconds: float) -> Answer:
        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "identity",  # what we count is what was sent
        }
        if token:
            headers["Authorization"] = f"Bearer {token}"
        content = None
        if ask.content:
            headers["Content-Type"], content = ask.content
        # A read that hangs leaves time for a second one, a connection for two more; a write gets all the time there is.
        timeout = httpx.Timeout(seconds / 2 if ask.reads else seconds, connect=seconds / 4)
        url = f"{self._base}{ask.target}"
        request = self._client.build_request(ask.method, url, headers=headers, content=content, timeout=timeout)
        request.headers.pop("Cookie", None)
        response = await self._client.send(request, stream=True, follow_redirects=False, auth=None)
        try:
            return Answer(
                response.status_code,
                await _body(response),
                _seconds(response.headers.get("Retry-After", "")),
                hidden=(*filter(None, (token,)), *ask.secrets),
            )
        finally:
            await response.aclose()

    def _broken(self, ask: Ask, broken: httpx.HTTPError) -> BotError:
        detail = f"{_name(ask)}: {type(broken).__name__} {broken}".rstrip()
        if _is_untrusted(broken):
            return GiveUp(words.untrusted(self.host), detail=detail)
        if isinstance(broken, _UNSENT):
            return TryLater(words.no_answer(self.host), after=10.0, detail=detail)
        return self._unanswered(ask, type(broken).__name__)

    def _unanswered(self, ask: Ask, why: str) -> TryLater:
        say = words.no_answer(self.host) if ask.reads else words.unknown_fate(self.host, ask.does, ask.in_doubt)
        return TryLater(say, after=10.0, doubtful=not ask.reads, detail=f"{_name(ask)}: {why}")


def pause(tried: int, share: float) -> float:
    """Seconds before the next try: 0.1 to 0.2 after the first, 0.3 to 0.6 after the second. `share` is 0..1."""
    return (0.2, 0.6)[min(tried, 2) - 1] * (0.5 + share / 2)


async def _body(response: httpx.Response) -> bytes:
    """The body, as long as it is not too long."""
    taken = bytearray()
    async for chunk in response.aiter_bytes():
        taken += chunk
        if len(taken) > MOST_BYTES:
            raise TooMuch
    return bytes(taken)


def _may_repeat(ask: Ask, broken: httpx.HTTPError) -> bool:
    """Reads always; writes only if nothing was sent. A certificate does not become valid by asking again."""
    return (ask.reads or isinstance(broken, _UNSENT)) and not _is_untrusted(broken)


def _worth_repeating(ask: Ask, answer: Answer) -> bool:
    return ask.reads and answer.status in {502, 503, 504} and not is_frozen(answer)


def _is_untrusted(broken: BaseException) -> bool:
    cause: BaseException | None = broken
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _seconds(value: str) -> float | None:
    """Retry-After in its simple form, at most an hour."""
    return min(float(value), 3600.0) if value.isascii() and value.isdigit() else None


def _name(ask: Ask) -> str:
    return f"{ask.method} {ask.path}"


def _base(base_url: str) -> httpx.URL:
    """The address of Quay. Raises ValueError with a sentence for the operator."""
    try:
        url = httpx.URL(base_url.strip())
        url.host.encode("idna")  # what the resolver will do with it
    except (httpx.InvalidURL, UnicodeError):
        raise ValueError("The address of Quay is not a URL, for example https://quay.example.com") from None
    if url.scheme not in {"http", "https"} or not url.host:
        raise ValueError("The address of Quay must be an http or https URL, for example https://quay.example.com")
    if url.userinfo or url.query or url.fragment:
        raise ValueError("The address of Quay must have no user, password, query or fragment in it")
    return url
