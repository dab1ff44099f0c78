"""views.*: modals and home tabs."""

import hashlib
from copy import deepcopy
from typing import Any

from bot.fakes.slack.arguments import Arguments
from bot.fakes.slack.blockkit import judge_view, too_large
from bot.fakes.slack.fields import initial_state, kept_state
from bot.fakes.slack.model import Json, Refused, invalid
from bot.fakes.slack.state import APP_ID, BOT_ID, Workspace, with_ids

STACK = 3


def judged(view: Any, kind: str) -> Json:
    """The view, if it is a good one of its kind."""
    wrong = judge_view(view)
    if not wrong and view["type"] != kind:
        wrong = [f"[ERROR] must be a {kind} [json-pointer:/view/type]"]
    if wrong:
        raise invalid("invalid_arguments", wrong)
    if too_large(view):
        raise Refused("view_too_large")
    return dict(view)


def _read(args: Arguments, kind: str) -> Json:
    view = args.json("view", error="invalid_arguments")
    if view is None:
        raise invalid("invalid_arguments", ["[ERROR] missing required field: view"])
    return judged(view, kind)


def _hash(workspace: Workspace) -> str:
    return f"{int(workspace.clock.now().timestamp())}.{hashlib.md5(workspace.serial('').encode()).hexdigest()[:8]}"


def build(workspace: Workspace, view: Json, *, old: Json | None = None, external: str = "", channel: str = "") -> Json:
    """A view as Slack keeps it: with id, hash and state. `old` is the one it takes the place of: its fields keep what
    they hold where block_id and action_id are the same. `channel`: where it was opened from.
    """
    name = view.get("external_id") or ""
    if name and name in workspace.external_ids and name != (old or {}).get("external_id"):
        raise Refused("duplicate_external_id")
    if old and old.get("external_id"):
        workspace.external_ids.discard(old["external_id"])
    if name:
        workspace.external_ids.add(name)
    view_id = old["id"] if old else workspace.serial("V")
    blocks = with_ids(view["blocks"], view_id)
    state = kept_state(initial_state(blocks, channel), old["state"] if old else {}, blocks)
    workspace.sent_states[view_id] = deepcopy(state)
    for name_of in [key for key in workspace.offered if key[0] == view_id]:
        if name_of[2] not in state["values"].get(name_of[1], {}):
            del workspace.offered[name_of]
    return {
        "private_metadata": "", "callback_id": "", "clear_on_close": False, "notify_on_close": False,
        "submit": None, "close": None, "previous_view_id": old and old["previous_view_id"],
        "root_view_id": old["root_view_id"] if old else view_id,
        **view, "id": view_id, "team_id": workspace.team, "app_id": APP_ID, "bot_id": BOT_ID,
        "external_id": name or external, "blocks": blocks, "hash": _hash(workspace), "state": state,
    }  # fmt: skip


def forget(workspace: Workspace, views: list[Json]) -> None:
    """These views are gone: their external ids are free again, and nobody knows what their menus have shown."""
    workspace.external_ids -= {view["external_id"] for view in views}
    gone = {view["id"] for view in views}
    workspace.offered = {key: shown for key, shown in workspace.offered.items() if key[0] not in gone}
    for view_id in gone:
        workspace.sent_states.pop(view_id, None)


def push_onto(workspace: Workspace, user: str, view: Json, channel: str = "") -> Json:
    """Lay a view on the user's stack; at most three lie there."""
    stack = workspace.stacks.setdefault(user, [])
    if len(stack) >= STACK:
        raise Refused("push_limit_reached")
    built = build(workspace, view, channel=channel)
    if stack:
        built |= {"previous_view_id": stack[-1]["id"], "root_view_id": stack[0]["id"]}
    stack.append(built)
    workspace.changed()
    return built


def open_view(workspace: Workspace, args: Arguments) -> Json:
    """views.open. A bad view does not use up the trigger."""
    name = args.need("trigger_id")
    view = _read(args, "modal")
    trigger = workspace.exchange(name)
    if not trigger.stack:
        forget(workspace, workspace.stacks.pop(trigger.user, []))
    built = push_onto(workspace, trigger.user, view, trigger.channel)
    trigger.used = True
    return {"ok": True, "view": built}


def push(workspace: Workspace, args: Arguments) -> Json:
    """views.push: only with a trigger from inside an open modal."""
    name = args.need("trigger_id")
    view = _read(args, "modal")
    trigger = workspace.exchange(name)
    if not trigger.stack or not workspace.stacks.get(trigger.user):
        raise Refused("not_found")
    built = push_onto(workspace, trigger.user, view)
    trigger.used = True
    return {"ok": True, "view": built}


def update(workspace: Workspace, args: Arguments) -> Json:
    """views.update by view_id or external_id; `hash` guards against races. A closed view is not found."""
    view_id, external = args.text("view_id"), args.text("external_id")
    if not view_id and not external:
        raise invalid("invalid_arguments", ["[ERROR] missing required field: view_id"])
    view = _read(args, "modal")
    for stack in workspace.stacks.values():
        for place, old in enumerate(stack):
            if old["id"] == view_id or (external and old["external_id"] == external):
                if "hash" in args and args.text("hash") != old["hash"]:
                    raise Refused("hash_conflict")
                stack[place] = build(workspace, view, old=old, external=external)
                workspace.changed()
                return {"ok": True, "view": stack[place]}
    raise Refused("not_found")


def publish(workspace: Workspace, args: Arguments) -> Json:
    """views.publish: a person's home tab."""
    user = args.need("user_id")
    view = _read(args, "home")
    if user not in workspace.users:
        raise invalid("invalid_arguments", ["[ERROR] user not found [json-pointer:/user_id]"])
    if not workspace.home_tab_enabled:
        raise Refused("not_enabled")
    old = workspace.homes.get(user)
    if "hash" in args and old and args.text("hash") != old["hash"]:
        raise Refused("hash_conflict")
    workspace.homes[user] = build(workspace, view, old=old)
    workspace.changed()
    return {"ok": True, "view": workspace.homes[user]}
