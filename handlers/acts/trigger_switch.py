"""The acts "trigger enable" and "trigger disable"."""

from dataclasses import replace

from bot.blocks.layout import section
from bot.blocks.text import code
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.ports import Quay, Trigger
from bot.services.gate import Going
from handlers.announcing import announce
from handlers.command import ActKind, Desk, Preview, Reply
from handlers.proposing import Undo
from handlers.triggers import described, named
from handlers.words import whisper

ENABLE_NAME, DISABLE_NAME = "trigger enable", "trigger disable"
_ID = "trigger id"


def wanted(name: str, repository: str, trigger: str) -> Act:
    """Switch the trigger with that id, service or source. `name` is that of one of the two acts."""
    return Act(name, repository, {"trigger": trigger})


async def resolve(act: Act, quay: Quay) -> Act:
    """Which trigger is meant; one that is as it should be already needs no preview."""
    found = named(act.repository, act.parameters.get("trigger", ""), await quay.triggers(act.repository))
    if not found.active:
        raise UserError(
            f"The set-up of the trigger {described(found)} is not finished. Please finish it in Quay first."
        )
    if found.enabled is _on(act):
        raise UserError(f"The trigger {found.service} {found.id[:8]} is switched {_word(act)} already.")
    words = described(found).removesuffix(" (switched off)")
    return replace(act, parameters={"trigger": words, _ID: found.id})


async def pin(act: Act, quay: Quay) -> str:
    """Whether it is switched on now."""
    return _pinned(await _now(act, quay))


async def preview(act: Act, _going: Going, _desk: Desk) -> Preview:
    """What follows from it."""
    on = _on(act)
    means = (
        "From then on pushes to its source start builds again."
        if on
        else "From then on nothing starts a build through it: no push to its source, and nobody by hand. "
        "Builds that have begun go on."
    )
    head = (
        f"*Switch {_word(act)} the build trigger {code(act.parameters['trigger'], 300)}* of {code(act.repository, 260)}"
    )
    verb = "Switch it on" if on else "Switch it off"
    return Preview((section(f"{head}\n{means}"),), yes=verb, danger=not on)


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Switch it, look whether it is so, and tell the channel."""
    given, on = act.parameters, _on(act)
    await going.quay.repositories.switch_trigger(act.repository, given[_ID], enabled=on)
    now = await _now(act, going.quay)
    name, repository = code(given["trigger"], 300), code(act.repository, 260)
    if now is None or now.enabled is not on:
        going.result.detail = "Quay took it, but the trigger is not so."
        return whisper(f"Quay took it, but the trigger {name} is not switched {_word(act)} when I look again.")
    going.result.detail = f"It is switched {_word(act)}, verified."
    inverse = Act(DISABLE_NAME if on else ENABLE_NAME, act.repository, dict(given))
    question = f"Switch this build trigger {_word(inverse)} again?"
    said = f"<@{going.person.user}> switched the build trigger {name} of {repository} *{_word(act)}*. "
    said += "Verified by reading it back."
    await announce(going, desk, said, undo=Undo(inverse, _pinned(now), question))
    return whisper(f"Done. The trigger is switched {_word(act)}.")


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


ENABLE = ActKind(
    name=ENABLE_NAME, run=run, says=says, resolve=resolve, pin=pin, quay_log="toggle_repo_trigger", preview=preview
)
DISABLE = replace(ENABLE, name=DISABLE_NAME)
