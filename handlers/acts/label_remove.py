"""The act "label remove": taking a label off the image that a tag has now."""

from dataclasses import replace

from bot.blocks.layout import section
from bot.blocks.tag_marks import image
from bot.blocks.text import code, plain
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.domain.images import Label
from bot.domain.sight import Sight
from bot.ports import Quay
from bot.services.gate import Going
from handlers.acting.carrying import Change, carry_out, tell
from handlers.acting.proposing import Undo
from handlers.acts import label_add
from handlers.acts.label_add import KEY, LABEL, VALUE
from handlers.acts.tag_labels import DIGEST, digest_of, labels_of
from handlers.acts.tagging import marked, state
from handlers.command import ActKind, Desk, Preview, Reply

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
    given, digest, quay = act.parameters, act.parameters[DIGEST], going.quay
    seen = await carry_out(
        quay.tagging.remove_label(act.repository, digest, given[LABEL]),
        lambda: quay.tags.labels(act.repository, digest),
        lambda found: all(one.id != given[LABEL] for one in found or ()),
    )
    inverse = Act(label_add.NAME, act.target, {KEY: given[KEY], VALUE: given[VALUE], DIGEST: digest})
    label, off = f"{code(given[KEY], 120)} = {plain(given[VALUE], 200)}", code(act.target, 300)
    change = Change(
        did=f"took the label {label} off {off} ({image(digest)}).",
        now=f"{digest} {'has' if seen.sight is Sight.OTHER else 'does not have'} the label {given[KEY]}",
        other="it was still there",
        where=label_add.LOOK.format(code(f"/quay tag labels {act.target}", 400)),
        undo=Undo(inverse, marked(act, digest), f"Put the label {given[KEY][:90]} on {act.target[:180]} again?"),
        again=f"the label {code(given[KEY], 120)} is gone again",
    )
    return await tell(seen, change, going, desk)


def says(act: Act) -> str:
    """Which label off what."""
    given = act.parameters
    off = f" ({image(given[DIGEST])})" if DIGEST in given else ""
    value = f" = {plain(given[VALUE], 2000)}" if VALUE in given else ""
    return f"Take the label {code(given.get(KEY, ''), 120)}{value} off {code(act.target, 400)}{off}."


KIND = ActKind(
    name=NAME, run=run, says=says, resolve=resolve, pin=state, quay_log="manifest_label_delete", preview=preview
)
