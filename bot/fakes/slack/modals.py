"""A person at the keyboard, in modals: filling in, submitting, closing, clicking."""

from copy import deepcopy
from typing import Any

from bot.fakes.slack import components, fields, views
from bot.fakes.slack.keyboard import Keyboard
from bot.fakes.slack.model import Answer, Json, Refused
from bot.fakes.slack.state import Workspace

Values = dict[str, dict[str, Any]]
"""What fields hold, by block_id and action_id: a text, an option or its value, a list of these, an id."""


def top(keyboard: Keyboard, user: str) -> Json:
    """The modal in front of this person."""
    stack = keyboard.workspace.stacks.get(user)
    if not stack:
        raise ValueError(f"{user} has no modal open")
    return stack[-1]


async def click(
    keyboard: Keyboard,
    user: str,
    action_id: str,
    value: Any,
    *,
    block_id: str = "",
    values: Values | None = None,
    seen_by: str = "",
) -> Answer:
    """Press a button (or choose `value`) in the top modal; what was chosen is kept in the view's state.

    An input block tells the bot only with dispatch_action; without it, nothing is sent. `values`: what the other fields
    hold by then, as for `submit`. `seen_by`: in the modal of that other person, as no honest client does.
    """
    payload, view = keyboard.envelope("block_actions", user), top(keyboard, seen_by or user)
    found = components.find(view["blocks"], action_id, block_id)
    if not found:
        raise ValueError(f"the modal has no {action_id}")
    block, element = found
    held = fields.take(keyboard.workspace, view["id"], block, element, value)
    fill_in(keyboard.workspace, view, values or {}, only_known=True)
    if element["type"] not in fields.STATELESS:
        view["state"]["values"].setdefault(block["block_id"], {})[action_id] = held
    keyboard.workspace.changed()
    if block["type"] == "input" and not block.get("dispatch_action"):
        return Answer(200)
    act = components.action(block, element, held, keyboard.workspace.next_ts())
    payload |= {
        "container": {"type": "view", "view_id": view["id"]}, "view": public(view), "actions": [act],
        "trigger_id": keyboard.workspace.trigger(user, stack=True),
    }  # fmt: skip
    return await keyboard.bell.ring("interactive", payload)


def public(view: Json) -> Json:
    """A copy of a view without what only the person sees."""
    return {name: deepcopy(value) for name, value in view.items() if name != "errors"}


def fill_in(workspace: Workspace, view: Json, values: Values, *, only_known: bool = False) -> None:
    """Type and choose; ValueError for what nobody could. `only_known`: pass over fields that the view has no more."""
    state = view["state"]["values"]
    for block_id, entered in values.items():
        for action_id, value in entered.items():
            found = components.find(view["blocks"], action_id, block_id)
            if found:
                state.setdefault(block_id, {})[action_id] = fields.take(workspace, view["id"], *found, value)
            elif not only_known:
                raise ValueError(f"the modal has no field {block_id}/{action_id}")


def hold_back(view: Json) -> None:
    """ValueError where Slack's own form would not send what its fields hold."""
    for block, element in fields.stateful(view["blocks"]):
        held = view["state"]["values"].get(block["block_id"], {}).get(element["action_id"])
        if held:
            components.check_text(element, held)
        if block["type"] == "input" and not block.get("optional") and components.is_empty(held):
            raise ValueError(f"{block['block_id']} must be filled in")


def _response_urls(workspace: Workspace, user: str, view: Json) -> list[Json]:
    """One for each channel that was chosen in a field with response_url_enabled."""
    found = []
    for block, element in fields.stateful(view["blocks"]):
        held = view["state"]["values"].get(block["block_id"], {}).get(element["action_id"]) or {}
        channel = held.get("selected_conversation") or held.get("selected_channel")
        if element.get("response_url_enabled") and channel:
            found.append({"block_id": block["block_id"], "action_id": element["action_id"], "channel_id": channel,
                          "response_url": workspace.response_url(user, channel)})  # fmt: skip
    return found


async def submit(keyboard: Keyboard, user: str, values: Values, seen_by: str = "") -> Answer:
    """Fill in and submit the top modal, then do what the bot answers; `seen_by` as in `click`."""
    payload, view = keyboard.envelope("view_submission", user), top(keyboard, seen_by or user)
    if not view.get("submit"):
        raise ValueError("the modal has no submit button")
    fill_in(keyboard.workspace, view, values)
    hold_back(view)
    view.pop("errors", None)
    payload |= {"view": public(view), "response_urls": _response_urls(keyboard.workspace, user, view),
                "trigger_id": keyboard.workspace.trigger(user, stack=True)}  # fmt: skip
    answer = await keyboard.bell.ring("interactive", payload)
    if answer.status != 200:
        return answer
    try:
        _obey(keyboard, seen_by or user, view, answer.body)
    except Refused as refusal:
        return Answer(answer.status, answer.body, refusal.error)
    finally:
        keyboard.workspace.changed()
    return answer


def _obey(keyboard: Keyboard, user: str, submitted: Json, body: Any) -> None:
    """Facts §8: errors, update, push or clear; nothing said closes the modal."""
    workspace = keyboard.workspace
    stack = workspace.stacks.get(user, [])
    place = next((index for index, view in enumerate(stack) if view["id"] == submitted["id"]), None)
    if place is None:
        return  # closed meanwhile
    if not body:
        views.forget(workspace, [stack.pop(place)])
        return
    action = body.get("response_action") if isinstance(body, dict) else None
    if action == "errors":
        _show_errors(stack[place], body.get("errors"))
    elif action == "update":
        stack[place] = views.build(workspace, views.judged(body.get("view"), "modal"), old=stack[place])
    elif action == "push":
        views.push_onto(workspace, user, views.judged(body.get("view"), "modal"))
    elif action == "clear":
        views.forget(workspace, workspace.stacks.pop(user))
    else:
        raise Refused("invalid_response_action")


def _show_errors(view: Json, errors: Any) -> None:
    inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    good = isinstance(errors, dict) and errors and set(errors) <= inputs
    if not good or not all(isinstance(text, str) and text for text in errors.values()):
        raise Refused("invalid_errors")
    view["errors"] = dict(errors)


async def close(keyboard: Keyboard, user: str) -> Answer:
    """Close the top modal; the bot hears of it only if the view has notify_on_close."""
    payload, view = keyboard.envelope("view_closed", user), top(keyboard, user)
    stack = keyboard.workspace.stacks[user]
    gone = list(stack) if view["clear_on_close"] else [view]
    views.forget(keyboard.workspace, gone)
    del stack[-len(gone) :]
    keyboard.workspace.changed()
    if not view["notify_on_close"]:
        return Answer(200)
    payload |= {"view": public(view), "is_cleared": len(gone) > 1}
    return await keyboard.bell.ring("interactive", payload)
