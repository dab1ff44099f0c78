"""The app's Home tab as people use it: opening it and pressing its buttons (facts §8)."""

from typing import Any

from bot.fakes.slack import components, fields
from bot.fakes.slack.keyboard import Keyboard
from bot.fakes.slack.modals import public
from bot.fakes.slack.model import Answer, Json


async def visit(keyboard: Keyboard, user: str) -> Answer:
    """Open the Home tab: the bot is told at each visit, and gets the view that is shown until it publishes another."""
    workspace = keyboard.workspace
    if user not in workspace.users:
        raise ValueError(f"there is no user {user}")
    if not workspace.home_tab_enabled:
        raise ValueError("the app has no Home tab")
    event: Json = {"type": "app_home_opened", "user": user, "channel": workspace.open_im(user).id, "tab": "home"}
    if old := workspace.homes.get(user):
        event["view"] = public(old)
    return await keyboard.event(event, None, None)


async def click(keyboard: Keyboard, user: str, action_id: str, value: Any, *, block_id: str, index: int) -> Answer:
    """Press a button (or choose `value`) in the Home tab; `index`: which one of those that are called so."""
    payload, view = keyboard.envelope("block_actions", user), keyboard.workspace.homes.get(user)
    if view is None:
        raise ValueError(f"{user} has no Home tab yet")
    every = (components.find([block], action_id, block_id) for block in view["blocks"])
    found = [one for one in every if one]
    if index >= len(found):
        raise ValueError(f"the Home tab has no {action_id}")
    block, element = found[index]
    held = fields.take(keyboard.workspace, view["id"], block, element, value)
    if element["type"] not in fields.STATELESS:
        view["state"]["values"].setdefault(block["block_id"], {})[action_id] = held
    act = components.action(block, element, held, keyboard.workspace.next_ts())
    payload |= {
        "container": {"type": "view", "view_id": view["id"]}, "view": public(view), "actions": [act],
        "trigger_id": keyboard.workspace.trigger(user),
    }  # fmt: skip
    return await keyboard.bell.ring("interactive", payload)
