"""The acts "trigger enable" and "trigger disable"."""

from dataclasses import replace

from bot.blocks.layout import section
from bot.blocks.text import code
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.domain.repositories import LogEntry, Trigger
from bot.domain.sight import Sight
from bot.ports import Quay
from bot.services.gate import Going
from handlers.acting.carrying import Change, carry_out, tell
from handlers.acting.proposing import Undo
from handlers.acts.blaming import from_log
from handlers.command import ActKind, Desk, Preview, Reply
from handlers.triggers import named, short

ENABLE_NAME, DISABLE_NAME = "trigger enable", "trigger disable"
_ID, _SOURCE = "trigger id", "source"


def wanted(name: str, repository: str, trigger: str) -> Act:
    """Switch the trigger with that id, service or source. `name` is that of one of the two acts."""
    return Act(name, repository, {"trigger": trigger})


async def resolve(act: Act, quay: Quay) -> Act:
    """Which trigger is meant; one that is as it should be already needs no preview."""
    found = named(act.repository, act.parameters.get("trigger", ""), await quay.triggers(act.repository))
    if not found.active:
        raise UserError(f"The set-up of the trigger {short(found)} is not finished. Please finish it in Quay first.")
    if found.enabled is _on(act):
        raise UserError(f"The trigger {short(found)} is switched {_word(act)} already.")
    source = {_SOURCE: found.source} if found.source else {}
    return replace(act, parameters={"trigger": short(found), _ID: found.id, **source})


async def pin(act: Act, quay: Quay) -> str:
    """Whether it is switched on now."""
    return _pinned(await _now(act, quay))


async def preview(act: Act, _going: Going, _desk: Desk) -> Preview:
    """What follows from it."""
    on, source = _on(act), act.parameters.get(_SOURCE, "")
    means = (
        "From then on pushes to its source start builds again."
        if on
        else "From then on nothing starts a build through it: no push to its source, and nobody by hand. "
        "Builds that have begun go on."
    )
    head = (
        f"*Switch {_word(act)} the build trigger {code(act.parameters['trigger'], 300)}* of {code(act.repository, 260)}"
    )
    where = f"It builds from {code(source, 300)}. " if source else ""
    verb = "Switch it on" if on else "Switch it off"
    return Preview((section(f"{head}\n{where}{means}"),), yes=verb, danger=not on)


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Switch it, look whether it is so, and tell the channel."""
    given, on = act.parameters, _on(act)
    seen = await carry_out(
        going.quay.repositories.switch_trigger(act.repository, given[_ID], enabled=on),
        lambda: _now(act, going.quay),
        lambda found: found is not None and found.enabled is on,
    )
    right = seen.sight is not Sight.OTHER
    name, repository = code(given["trigger"], 300), code(act.repository, 260)
    inverse = Act(DISABLE_NAME if on else ENABLE_NAME, act.repository, dict(given))
    question = f"Switch this build trigger of {act.repository[:200]} {_word(inverse)} again?"
    change = Change(
        did=f"switched the build trigger {name} of {repository} *{_word(act)}*.",
        now=f"it is {'' if right else 'not '}switched {_word(act)}",
        other=f"it was not switched {_word(act)}",
        where=f"{code('/quay triggers ' + act.repository, 300)} shows how it is.",
        undo=Undo(inverse, f"trigger={_word(act)}", question),
        again=f"{name} is switched *{_word(act)}* again",
    )
    return await tell(seen, change, going, desk)


def says(act: Act) -> str:
    """Which trigger, and which way."""
    name = code(act.parameters.get("trigger", ""), 300)
    return f"Switch the build trigger {name} of {code(act.repository, 260)} *{_word(act)}*."


async def _now(act: Act, quay: Quay) -> Trigger | None:
    wanted_id = act.parameters.get(_ID, "")
    return next((one for one in await quay.triggers(act.repository) if one.id == wanted_id), None)


def _pinned(trigger: Trigger | None) -> str:
    return f"trigger={'none' if trigger is None else 'on' if trigger.enabled else 'off'}"


def _on(act: Act) -> bool:
    return act.name == ENABLE_NAME


def _word(act: Act) -> str:
    return "on" if _on(act) else "off"


def _is_about(act: Act, entry: LogEntry) -> bool:
    return entry.about.get("trigger_id", "") in ("", act.parameters.get(_ID, ""))


ENABLE = ActKind(
    name=ENABLE_NAME,
    run=run,
    says=says,
    resolve=resolve,
    pin=pin,
    quay_log="toggle_repo_trigger",
    preview=preview,
    blame=from_log("toggle_repo_trigger", _is_about),
)
DISABLE = replace(ENABLE, name=DISABLE_NAME)
