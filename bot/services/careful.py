"""A voice that checks every message and form against Slack's limits before it is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from bot.blocks.neutral import named
from bot.blocks.text import escape
from bot.blocks.validator import neutral_problems, problems, view_problems
from bot.domain.errors import GiveUp, Refused
from bot.domain.messages import Modal
from bot.ports import Voice

log = structlog.stdlib.get_logger(__name__)

_TEXT = 3900  # characters: edits refuse more than 4,000
_DRAWN_BADLY = "quaybot could not draw this message; its log says why."


@dataclass(frozen=True, slots=True)
class CarefulVoice(Voice):
    """Wraps a voice. A message that Slack would refuse is a bug of ours, but its words still arrive, as plain text."""

    voice: Voice

    async def post(self, channel: str, payload: Mapping[str, Any], key: str) -> str:
        """As Voice.post; a form that Slack refuses all the same is said in words alone, at last without its key."""
        fitted = fit(payload)
        for attempt, name in ((fitted, key), (_words_alone(fitted), key)):
            try:
                return await self.voice.post(channel, attempt, name)
            except Refused as error:
                log.error("slack_refused_the_form", key=key, channel=channel, why=str(error))
        return await self.voice.post(channel, _words_alone(fitted), "")

    async def update(self, channel: str, ts: str, payload: Mapping[str, Any], key: str) -> None:
        """As Voice.update; a form that Slack refuses all the same is said in words alone, at last without its key."""
        fitted = fit(payload)
        for attempt, name in ((fitted, key), (_words_alone(fitted), key)):
            try:
                return await self.voice.update(channel, ts, attempt, name)
            except Refused as error:
                log.error("slack_refused_the_form", key=key, channel=channel, why=str(error))
        return await self.voice.update(channel, ts, _words_alone(fitted), "")

    async def find(self, channel: str, key: str, since: datetime, until: datetime, thread: str = "") -> str | None:
        """As Voice.find."""
        return await self.voice.find(channel, key, since, until, thread)

    async def whisper(self, channel: str, user: str, payload: Mapping[str, Any]) -> None:
        """As Voice.whisper."""
        fitted = fit(payload)
        try:
            await self.voice.whisper(channel, user, fitted)
        except Refused as error:
            log.error("slack_refused_the_form", channel=channel, why=str(error))
            await self.voice.whisper(channel, user, _words_alone(fitted))

    async def respond(self, url: str, payload: Mapping[str, Any]) -> None:
        """As Voice.respond."""
        fitted = fit(payload)
        try:
            await self.voice.respond(url, fitted)
        except Refused as error:
            log.error("slack_refused_the_form", why=str(error))
            await self.voice.respond(url, _words_alone(fitted))

    async def upload(self, user: str, filename: str, data: bytes, comment: str) -> None:
        """As Voice.upload; words that could become markup are said as they are."""
        words = escape(comment) if neutral_problems({"text": comment}) else comment
        await self.voice.upload(user, filename, data, words[:_TEXT])

    async def open(self, trigger: str, modal: Modal) -> str:
        """As Voice.open. Raises GiveUp for a form that Slack would refuse."""
        return await self.voice.open(trigger, _checked(modal))

    async def update_view(self, view: str, modal: Modal) -> None:
        """As Voice.update_view. Raises GiveUp for a form that Slack would refuse."""
        await self.voice.update_view(view, _checked(modal))

    async def publish(self, user: str, blocks: Sequence[Mapping[str, Any]]) -> None:
        """As Voice.publish. Raises GiveUp for what Slack would refuse."""
        view = {"type": "home", "blocks": list(blocks)}
        if wrong := view_problems(view) + neutral_problems(view, mentions=named(view)):
            raise GiveUp("I could not draw your Home tab.", detail=f"invalid home: {wrong[:5]}")
        await self.voice.publish(user, blocks)

    async def unfurl(self, place: Mapping[str, str], unfurls: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        """As Voice.unfurl. What Slack would refuse below a link is left out: nobody waits for it."""
        good = {url: blocks for url, blocks in unfurls.items() if _showable(blocks)}
        if good:
            await self.voice.unfurl(place, good)


def fit(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The payload itself if Slack takes it, or else its text alone."""
    wrong = problems(payload) + neutral_problems(payload, mentions=named(payload))
    if not wrong:
        return dict(payload)
    log.error("invalid_message", problems=wrong[:5])
    return _words_alone(payload)


def _showable(blocks: Sequence[Mapping[str, Any]]) -> bool:
    """Blocks that Slack takes below a link: it refuses rich text there (facts §9)."""
    payload = {"text": "-", "blocks": list(blocks)}
    wrong = problems(payload) + neutral_problems(payload)
    wrong += ["rich text below a link" for block in blocks if block.get("type") == "rich_text"]
    if wrong:
        log.error("invalid_unfurl", problems=wrong[:5])
    return not wrong


def _words_alone(payload: Mapping[str, Any]) -> dict[str, Any]:
    rest = {key: value for key, value in payload.items() if key not in {"text", "blocks", "attachments"}}
    text = str(payload.get("text") or "").strip() or _DRAWN_BADLY
    if neutral_problems({"text": text}):
        text = escape(text)  # what was foreign in it must not become a mention now
    return {**rest, "text": text[:_TEXT], "blocks": [], "attachments": []}


def _checked(modal: Modal) -> Modal:
    if wrong := view_problems(modal.view()):
        raise GiveUp("I could not draw that dialog.", detail=f"invalid view {modal.callback}: {wrong[:5]}")
    return modal
