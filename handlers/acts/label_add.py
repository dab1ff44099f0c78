"""The act "label add": a label on the image that a tag has now."""

from dataclasses import replace

from bot.blocks.tag_marks import image
from bot.blocks.text import code, plain
from bot.domain.acts import Act
from bot.domain.errors import BotError
from bot.ports import Label, Quay
from bot.services.gate import Going
from handlers.acts.tag_labels import DIGEST, digest_of
from handlers.announcing import announce
from handlers.command import ActKind, Desk, Reply
from handlers.proposing import Undo
from handlers.words import whisper

NAME = "label add"
REMOVE = "label remove"  # the inverse
KEY, VALUE, LABEL = "key", "value", "label"


def wanted(repository: str, tag: str, key: str, value: str) -> Act:
    """That label on that tag's image."""
    return Act(NAME, f"{repository}:{tag}", {KEY: key, VALUE: value})


async def resolve(act: Act, quay: Quay) -> Act:
    """Which image."""
    if DIGEST in act.parameters:
        return act
    return replace(act, parameters={**act.parameters, DIGEST: await digest_of(act, quay)})


async def pin(act: Act, quay: Quay) -> str:
    """The image that the tag has."""
    tag = act.target.partition(":")[2]
    return f"{tag}={await quay.tag_digest(act.repository, tag) or 'none'}"


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Put it on, look whether it is there, and tell the channel."""
    given, digest = act.parameters, act.parameters[DIGEST]
    made = await going.quay.tagging.add_label(act.repository, digest, given[KEY], given[VALUE])
    seen = await _seen(act.repository, digest, made, going.quay)
    going.result.detail = f"Label {given[KEY]} was put on {digest}. {seen}"
    inverse = Act(REMOVE, act.target, {KEY: given[KEY], VALUE: given[VALUE], LABEL: made.id, DIGEST: digest})
    label = f"{code(given[KEY], 120)} = {plain(given[VALUE], 200)}"
    who = f"<@{going.person.user}>"
    await announce(
        going,
        desk,
        f"🔖 {who} put the label {label} on {code(act.target, 300)} ({image(digest)}). {seen}",
        undo=Undo(inverse, await pin(act, going.quay), f"Take the label {given[KEY]} off again?") if made.id else None,
    )
    return whisper(f"Done. {code(act.target, 300)} has the label {label} now. {seen}")


async def _seen(repository: str, digest: str, made: Label, quay: Quay) -> str:
    """Whether it is there, read back; it was done all the same if that cannot be found out."""
    try:
        found = await quay.tags.labels(repository, digest)
    except BotError:
        return "Quay could not be asked again whether it is there."
    there = any((one.key, one.value) == (made.key, made.value) for one in found or ())
    return "Verified." if there else "But Quay does not show it: please look there."


def says(act: Act) -> str:
    """Which label on what."""
    given = act.parameters
    on = f" ({image(given[DIGEST])})" if DIGEST in given else ""
    label = f"{code(given.get(KEY, ''), 120)} = {plain(given.get(VALUE, ''), 2000)}"
    return f"Put the label {label} on {code(act.target, 400)}{on}."


KIND = ActKind(name=NAME, run=run, says=says, resolve=resolve, pin=pin, quay_log="manifest_label_add")
