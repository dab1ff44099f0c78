"""Quay's notification worker: no order, five attempts 30 s apart, off after three failures in a row (facts §1.3)."""

import asyncio
import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import aiohttp

from bot.fakes.quay.happenings import Happenings
from bot.fakes.quay.hooks import FORBIDDEN_HOSTS, host_of
from bot.fakes.quay.records import BODY, FakeNotification, Item
from bot.fakes.quay.samples import LEVELS
from bot.fakes.quay.templates import fill

_RETRY = timedelta(seconds=30)
_HEADERS = {
    "User-Agent": "python-requests/2.32.3",
    "Accept-Encoding": "gzip, deflate",
    "Accept": "*/*",
    "Connection": "keep-alive",
    "Content-Type": "application/json",
}


def _passes_level(config: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    level = config.get("level")
    if level is None or "vulnerable_index_report_created" in body:
        return True
    if not str(level).isdecimal():
        return False
    return LEVELS.index(body["vulnerability"]["priority"]) <= int(str(level))


def _passes_ref(config: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    wanted = config.get("ref-regex")
    if not wanted:
        return True
    ref = (body.get("trigger_metadata") or {}).get("ref")
    try:
        return ref is not None and re.match(wanted, ref) is not None
    except re.error:
        return False


def wanted(notification: FakeNotification, body: Mapping[str, Any]) -> bool:
    """Whether the notification's own filter lets this body through; asked when it is delivered."""
    if notification.event == "vulnerability_found":
        return _passes_level(notification.event_config, body)
    if notification.event.startswith("build_"):
        return _passes_ref(notification.event_config, body)
    return True


class Worker(Happenings):
    """The part that speaks to webhooks. Methods other than webhook are accepted and lead nowhere."""

    poll_seconds: float = 10
    send_timeout: float = 10  # seconds for one delivery, by the real clock
    cut_off: bool = False  # nothing that it sends arrives anywhere

    async def work(self) -> int:
        """One poll: work off everything that is due. Returns how many deliveries were tried."""
        tried = 0
        async with aiohttp.ClientSession(
            headers=_HEADERS,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=self.send_timeout),
        ) as session:
            while due := [item for item in self.queue if item.due <= self.clock.now()]:
                item = self.pick(due)
                self.queue.remove(item)
                tried += await self._deliver(session, item)
        return tried

    async def run(self) -> None:
        """Poll for ever."""
        while True:
            await self.work()
            await self.clock.sleep(self.poll_seconds)

    async def _deliver(self, session: aiohttp.ClientSession, item: Item) -> int:
        hook = self.notifications.get(item.notification)
        if hook is None or hook.disabled or hook.method != "webhook" or not wanted(hook, item.data):
            return 0
        try:
            good = await self._post(session, hook, item.data)
        except asyncio.CancelledError:
            self.queue.append(item)
            raise
        hook.number_of_failures = 0 if good else hook.number_of_failures + 1
        item.attempts_left -= 1
        if not good and item.attempts_left:
            item.due = self.clock.now() + _RETRY
            self.queue.append(item)
        self.changed()
        return 1

    async def _post(self, session: aiohttp.ClientSession, hook: FakeNotification, data: BODY) -> bool:
        """Whether the receiver answered 2xx. Redirects are followed as python-requests follows them."""
        if self.cut_off or host_of(hook.url) in FORBIDDEN_HOSTS:
            return False
        template = hook.config.get("template")
        body = json.dumps(fill(json.loads(template), data) if template else data)
        try:
            async with session.post(hook.url, data=body.encode(), max_redirects=30) as response:
                return 200 <= response.status < 300
        except (aiohttp.ClientError, TimeoutError):
            return False
