"""What the person in front of the page does: one POST each, answered with JSON."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from bot.domain.errors import BotError
from bot.fakes.page.door import Refused, guarded, told, wish, word
from bot.fakes.page.happenings import HAPPENINGS
from bot.fakes.page.state import people
from bot.fakes.page.world import Answer, DemoWorld

COMMAND = "/quay"
Act = Callable[[DemoWorld, Mapping[str, Any]], Awaitable[Any]]


def routes(demo: DemoWorld) -> list[web.RouteDef]:
    """A route per act."""
    return [web.post(f"/demo/{name}", guarded(_handler(demo, name, act))) for name, act in ACTS.items()]


async def command(demo: DemoWorld, body: Mapping[str, Any]) -> Any:
    """`{user, channel, text}`: send a slash command."""
    name, _, rest = word(body, "text").strip().partition(" ")
    if not name.startswith("/"):
        raise Refused(400, f"This composer only speaks slash commands. Try {COMMAND} help.")
    if name != COMMAND:
        raise Refused(404, f"{name} is not a command here. Try {COMMAND} help.")
    return _done(await demo.slack.command(_user(demo, body), _channel(demo, body), rest.strip(), name), name)


async def click(demo: DemoWorld, body: Mapping[str, Any]) -> Any:
    """`{user, channel, ts, action_id, block_id?, whisper?, value?}`: press or choose something in a message."""
    user, channel, ts, action = _user(demo, body), _channel(demo, body), word(body, "ts"), word(body, "action_id")
    whisper, value, block = body.get("whisper") is True, _chosen(body.get("value")), _maybe(body, "block_id")
    answer = await demo.slack.click(user, channel, ts, action, whisper=whisper, value=value, block_id=block)
    return _done(answer, "The button")


async def click_view(demo: DemoWorld, body: Mapping[str, Any]) -> Any:
    """`{user, action_id, block_id?, value?, values?}`: press a button or choose in a menu of the topmost modal.

    `values`: what the other fields hold by then, as for `submit`.
    """
    user, action, value = _user(demo, body), word(body, "action_id"), _chosen(body.get("value"))
    values = _values(body) if "values" in body else {}
    block = _maybe(body, "block_id")
    answer = await demo.slack.click_view(user, action, value=value, block_id=block, values=values)
    return _done(answer, "The button")


async def home(demo: DemoWorld, body: Mapping[str, Any]) -> Any:
    """`{user}`: open the app's Home tab."""
    return _done(await demo.slack.open_home(_user(demo, body)), "The Home tab")


async def click_home(demo: DemoWorld, body: Mapping[str, Any]) -> Any:
    """`{user, action_id, block_id?, value?}`: press a button or choose in a menu of the Home tab."""
    user, action, value = _user(demo, body), word(body, "action_id"), _chosen(body.get("value"))
    answer = await demo.slack.click_home(user, action, value=value, block_id=_maybe(body, "block_id"))
    return _done(answer, "The button")


async def share(demo: DemoWorld, body: Mapping[str, Any]) -> Any:
    """`{user, channel, text}`: write a message with a link in it."""
    text = word(body, "text").strip()
    if "://" not in text:
        raise Refused(400, f"This composer only speaks slash commands, and shares links. Try {COMMAND} help.")
    await demo.slack.share(_user(demo, body), _channel(demo, body), text)
    return {}


async def submit(demo: DemoWorld, body: Mapping[str, Any]) -> Any:
    """`{user, values}`: submit the topmost modal; the answer carries the app's own (`response_action: errors` …).

    `values` is as in Slack's `state.values`: by block id and action id, objects with a type and what is chosen.
    """
    values = _values(body)
    return _answer(await demo.slack.submit(_user(demo, body), values))


async def close_view(demo: DemoWorld, body: Mapping[str, Any]) -> Any:
    """`{user}`: close the topmost modal."""
    return _done(await demo.slack.close_view(_user(demo, body)), "Closing")


async def options(demo: DemoWorld, body: Mapping[str, Any]) -> Any:
    """`{user, action_id, value, block_id?, channel?, ts?, whisper?}`: the options of an external select for what was
    typed so far; in the topmost modal, or in a message if its channel and ts are given.
    """
    user, action, typed, ts = _user(demo, body), word(body, "action_id"), word(body, "value"), _maybe(body, "ts")
    block, channel, whisper = _maybe(body, "block_id"), _channel(demo, body) if ts else "", body.get("whisper") is True
    return _answer(
        await demo.slack.options(user, action, typed, block_id=block, channel=channel, ts=ts, whisper=whisper)
    )


async def shortcut(demo: DemoWorld, body: Mapping[str, Any]) -> Any:
    """`{user, callback_id, channel?, ts?}`: use a global shortcut, or a message's if its channel and ts are given."""
    user, callback, ts = _user(demo, body), word(body, "callback_id"), _maybe(body, "ts") or None
    channel = _channel(demo, body) if ts else None
    return _done(await demo.slack.shortcut(user, callback, channel=channel, ts=ts), "The shortcut")


async def happen(demo: DemoWorld, body: Mapping[str, Any]) -> Any:
    """`{what, repository?, tag?}`: make something happen in Quay, and write into the log what was done."""
    what = word(body, "what")
    if what not in {happening.name for happening in HAPPENINGS}:
        raise Refused(404, "The panel knows no such happening.")
    try:
        said = await demo.happen(what, {name: word(body, name) for name in ("repository", "tag") if body.get(name)})
    except BotError as error:
        demo.board.tell(error.say)
        raise
    demo.board.tell(said)
    return {"said": said}


ACTS: dict[str, Act] = {
    "command": command,
    "click": click,
    "click_view": click_view,
    "home": home,
    "click_home": click_home,
    "share": share,
    "submit": submit,
    "close_view": close_view,
    "options": options,
    "shortcut": shortcut,
    "happen": happen,
}

CARRIED = {
    "command": "your command",
    "click": "your click",
    "click_view": "your click",
    "home": "your visit",
    "click_home": "your click",
    "share": "your link",
    "submit": "your form",
    "options": "your search",
    "shortcut": "your shortcut",
}
"""What Slack would have to carry to the bot. A modal is closed by Slack alone, and Quay needs no Slack to do things."""


def _handler(demo: DemoWorld, name: str, act: Act) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def post(request: web.Request) -> web.Response:
        body = await wish(request)
        if demo.slack.down and name in CARRIED:
            raise Refused(503, f"Slack is down: {CARRIED[name]} cannot reach the bot.")
        return told(await act(demo, body))

    return post


def _chosen(held: Any) -> Any:
    """What a field holds, without the field's type: {"type": "static_select", "selected_option": X} is X."""
    if not isinstance(held, dict):
        return None
    return next((value for name, value in held.items() if name != "type"), None)


def _values(body: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What the fields of a form hold. Raises Refused where it is missing or something else."""
    values = body.get("values")
    if not isinstance(values, dict) or not all(isinstance(fields, dict) for fields in values.values()):
        raise Refused(400, "“values” is missing or not an object of objects.")
    return {block: {action: _chosen(held) for action, held in fields.items()} for block, fields in values.items()}


def _maybe(body: Mapping[str, Any], name: str) -> str:
    """A text field of the body, "" where it is missing. Raises Refused where it is something else."""
    return "" if body.get(name) is None else word(body, name)


def _user(demo: DemoWorld, body: Mapping[str, Any]) -> str:
    user = word(body, "user")
    if user not in people(demo.slack):
        raise Refused(404, "There is no such person here.")
    return user


def _channel(demo: DemoWorld, body: Mapping[str, Any]) -> str:
    channel = word(body, "channel")
    if channel not in demo.slack.channels:
        raise Refused(404, "There is no such channel here.")
    return channel


def _answer(answer: Answer) -> dict[str, Any]:
    return {"status": answer.status, "body": answer.body, "error": answer.error}


def _done(answer: Answer | None, what: str) -> dict[str, Any]:
    """Raises Refused where the app did not answer well, in the words in which Slack tells it."""
    if answer and (answer.error or not 200 <= answer.status < 300):
        reason = answer.error or "dispatch_failed"
        raise Refused(502, f"{what} failed with the error “{reason}”. Try again in a moment.")
    return {}
