"""Typing into an external select: the bot is asked for options, and what it offers can be chosen (facts §8)."""

from copy import deepcopy

from bot.fakes.slack import components, modals
from bot.fakes.slack.blockkit import judge_options
from bot.fakes.slack.keyboard import Keyboard
from bot.fakes.slack.model import Answer, Json

LETTERS = 3
"""How many have to be typed before the bot is asked, unless the menu says otherwise (min_query_length)."""


async def type_in_modal(
    keyboard: Keyboard, user: str, action_id: str, value: str, *, block_id: str = "", seen_by: str = ""
) -> Answer:
    """Type into a menu of the top modal.

    The view's state that is sent along is that of its last opening or update: what was chosen or typed since then is
    not in it (facts §8; bolt-js #1146). `seen_by` as in `click`.
    """
    view = modals.top(keyboard, seen_by or user)
    found = _menu(view["blocks"], action_id, block_id, "the modal")
    sent = modals.public(view) | {"state": deepcopy(keyboard.workspace.sent_states[view["id"]])}
    place = {"container": {"type": "view", "view_id": view["id"]}, "view": sent}
    return await _ask(keyboard, user, view["id"], found, value, place)


async def type_in_message(  # noqa: PLR0913 - a search has that many facts
    keyboard: Keyboard, user: str, action_id: str, value: str, channel: str, ts: str, *, block_id: str, whisper: bool
) -> Answer:
    """Type into a menu of a message."""
    message = keyboard.message(user, channel, ts, whisper=whisper)
    blocks = [*message["blocks"], *(block for each in message["attachments"] for block in each.get("blocks") or [])]
    found = _menu(blocks, action_id, block_id, "the message")
    container = {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": whisper}
    place: Json = {"container": container, "channel": keyboard.place(channel)}
    if not whisper:
        place["message"] = message
    return await _ask(keyboard, user, f"{channel}/{ts}", found, value, place)


def _menu(blocks: list[Json], action_id: str, block_id: str, where: str) -> tuple[Json, Json]:
    found = components.find(blocks, action_id, block_id)
    if not found or not found[1]["type"].endswith("external_select"):
        raise ValueError(f"{where} has no menu {action_id}")
    return found


async def _ask(
    keyboard: Keyboard, user: str, surface: str, found: tuple[Json, Json], value: str, place: Json
) -> Answer:
    """Too few letters ask nobody. A wrong answer shows nothing, and neither does one that comes late."""
    block, element = found
    if len(value) < element.get("min_query_length", LETTERS):
        return Answer(0, None, "min_query_length")
    payload = keyboard.envelope("block_suggestion", user) | place
    payload |= {"action_id": element["action_id"], "block_id": block["block_id"], "value": value}
    answer = await keyboard.bell.ring("interactive", payload)
    if answer.status != 200 or answer.error:
        return answer
    if judge_options(answer.body):
        return Answer(200, answer.body, "invalid_options")
    shown = keyboard.workspace.offered.setdefault((surface, block["block_id"], element["action_id"]), {})
    shown |= {option["value"]: option for option in components.options_of(answer.body)}
    return answer
