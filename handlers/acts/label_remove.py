"""The act "label remove": taking a label off the image that a tag has now."""

from dataclasses import replace

from bot.blocks.layout import section
from bot.blocks.tag_marks import image
from bot.blocks.text import code, plain
from bot.domain.acts import Act
from bot.domain.errors import BotError, UserError
from bot.ports import Label, Quay
from bot.services.gate import Going
from handlers.acts import label_add
from handlers.acts.label_add import KEY, LABEL, VALUE, pin
from handlers.acts.tag_labels import DIGEST, digest_of, labels_of
from handlers.announcing import announce
from handlers.command import ActKind, Desk, Preview, Reply
from handlers.proposing import Undo
from handlers.words import whisper

NAME = label_add.REMOVE


def wanted(repository: str, tag: str, key: str, value: str = "") -> Act:
    """The label with that key off that tag's image; its value too, where a key is there more than once."""
    return Act(NAME, f"{repository}:{tag}", {KEY: key, **({VALUE: value} if value else {})})


async def resolve(act: Act, quay: Quay) -> Act:
    """Which image, and which label of it. Raises UserError if there is none, or more than one, or it cannot go."""
    given = act.parameters
    if LABEL in given and DIGEST in given:
        return act
    digest = await digest_of(act, quay)
    found = [one for one in await labels_of(act.repository, digest, quay) if one.key == given[KEY]]
    found = [one for one in found if given.get(VALUE, one.value) == one.value]
    chosen = _chosen(found, act)
    more = {VALUE: chosen.value, LABEL: chosen.id, DIGEST: digest}
    return replace(act, parameters={**given, **more})


def _chosen(found: list[Label], act: Act) -> Label:
    key = act.parameters[KEY][:120]
    removable = [one for one in found if one.source != "manifest"]
    if not found:
        raise UserError(f"{act.target} has no such label {key}. `/quay tag labels {act.target}` shows those it has.")
    if not removable:
        raise UserError(f"The label {key} is part of the image itself, so Quay cannot take it off. Build a new image.")
    if len({one.value for one in removable}) > 1:
        values = ", ".join(f"`{one.value[:60]}`" for one in removable[:5])
        raise UserError(f"There are several labels {key}: {values}. Say which one: --remove {key}=VALUE")
    return removable[0]


async def preview(act: Act, _going: Going, _desk: Desk) -> Preview:
    """The label as it is now."""
    return Preview((section(says(act)),), yes="Remove the label", danger=True)


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Take it off, look whether it is gone, and tell the channel."""
    given, digest = act.parameters, act.parameters[DIGEST]
    await going.quay.tagging.remove_label(act.repository, digest, given[LABEL])
    seen = await _seen(act.repository, digest, given[LABEL], going.quay)
    going.result.detail = f"Label {given[KEY]} was taken off {digest}. {seen}"
    inverse = Act(label_add.NAME, act.target, {KEY: given[KEY], VALUE: given[VALUE], DIGEST: digest})
    label = f"{code(given[KEY], 120)} = {plain(given[VALUE], 200)}"
    await announce(
        going,
        desk,
        f"🔖 <@{going.person.user}> took the label {label} off {code(act.target, 300)} ({image(digest)}). {seen}",
        undo=Undo(inverse, await pin(act, going.quay), f"Put the label {given[KEY]} on it again?"),
    )
    return whisper(f"Done. {code(act.target, 300)} does not have the label {label} any more. {seen}")


async def _seen(repository: str, digest: str, label: str, quay: Quay) -> str:
    try:
        found = await quay.tags.labels(repository, digest)
    except BotError:
        return "Quay could not be asked again whether it is gone."
    there = any(one.id == label for one in found or ())
    return "But Quay still shows it: please look there." if there else "Verified."


def says(act: Act) -> str:
    """Which label off what."""
    given = act.parameters
    off = f" ({image(given[DIGEST])})" if DIGEST in given else ""
    value = f" = {plain(given[VALUE], 2000)}" if VALUE in given else ""
    return f"Take the label {code(given.get(KEY, ''), 120)}{value} off {code(act.target, 400)}{off}."


KIND = ActKind(
    name=NAME, run=run, says=says, resolve=resolve, pin=pin, quay_log="manifest_label_delete", preview=preview
)
