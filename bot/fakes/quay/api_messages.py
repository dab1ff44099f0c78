"""Global messages over the API (facts §3.4). The usage log does not tell of them."""

from aiohttp import web

from bot.fakes.quay import answers
from bot.fakes.quay.call import Call
from bot.fakes.quay.records import Message
from bot.fakes.quay.rights import is_superuser

_MESSAGE = {
    "type": "object",
    "description": "Create a new message",
    "properties": {
        "message": {
            "type": "object",
            "description": "A single message",
            "required": ["content", "media_type", "severity"],
            "properties": {
                "content": {"type": "string", "description": "The actual message"},
                "media_type": {
                    "type": "string",
                    "description": "The media type of the message",
                    "enum": ["text/plain", "text/markdown"],
                },
                "severity": {
                    "type": "string",
                    "description": "The severity of the message",
                    "enum": ["info", "warning", "error"],
                },
            },
        }
    },
}
_PAGE_TYPE = "text/html; charset=utf-8"


def _superuser(call: Call) -> None:
    if not is_superuser(call.who):
        raise answers.message(403, answers.HIDDEN)


async def list_all(call: Call) -> web.Response:
    """GET messages: for everybody."""
    shown = [
        {"uuid": m.uuid, "content": m.content, "severity": m.severity, "media_type": m.media_type}
        for m in call.quay.messages
    ]
    return answers.answer({"messages": shown})


async def create(call: Call) -> web.Response:
    """POST messages: 201 without a body; without the wrapper the server falls over."""
    wish = await call.body(_MESSAGE)
    _superuser(call)
    if "message" not in wish:
        raise answers.crash()
    known = {key: wish["message"][key] for key in ("content", "media_type", "severity")}
    call.quay.messages.append(Message(uuid=call.quay.uuid(), **known))
    call.quay.changed()
    return answers.raw("", 201, _PAGE_TYPE)


async def delete(call: Call) -> web.Response:
    """DELETE message/<uuid>: 204, also for unknown ids."""
    _superuser(call)
    call.quay.messages[:] = [m for m in call.quay.messages if m.uuid != call.names["uuid"]]
    call.quay.changed()
    return answers.nothing(_PAGE_TYPE)
