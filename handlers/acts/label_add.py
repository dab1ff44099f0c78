"""The act "label add": a label on the image that a tag has now."""

from collections.abc import Sequence
from dataclasses import replace

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
from handlers.acts.tag_labels import DIGEST, digest_of, labels_of
from handlers.acts.tagging import marked, state
from handlers.command import ActKind, Desk, Reply

NAME = "label add"
REMOVE = "label remove"  # the inverse
KEY, VALUE, LABEL = "key", "value", "label"
LOOK = "{} shows them."


def wanted(repository: str, tag: str, key: str, value: str) -> Act:
    """That label on that tag's image."""
    return Act(NAME, f"{repository}:{tag}", {KEY: key, VALUE: value})


async def resolve(act: Act, quay: Quay) -> Act:
    """Which image. Raises UserError if it has just that label: Quay would put it on twice (facts §3.5)."""
    if DIGEST in act.parameters:
        return act
    digest = await digest_of(act, quay)
    if _same(await labels_of(act.repository, digest, quay), act):
        given = act.parameters
        raise UserError(f"The image of {act.target} has the label {given[KEY]} = {given[VALUE][:200]} already.")
    return replace(act, parameters={**act.parameters, DIGEST: digest})


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Put it on, look whether it is there, and tell the channel."""
    given, digest, quay = act.parameters, act.parameters[DIGEST], going.quay
    seen = await carry_out(
        quay.tagging.add_label(act.repository, digest, given[KEY], given[VALUE]),
        lambda: quay.tags.labels(act.repository, digest),
        lambda found: bool(_same(found, act)),
    )
    made = seen.made or next(reversed(_same(seen.found, act)), None)
    inverse = Act(
        REMOVE, act.target, {KEY: given[KEY], VALUE: given[VALUE], LABEL: made.id if made else "", DIGEST: digest}
    )
    label, on = f"{code(given[KEY], 120)} = {plain(given[VALUE], 200)}", code(act.target, 300)
    question = f"Take the label {given[KEY][:90]} off {act.target[:180]} again?"
    change = Change(
        did=f"put the label {label} on {on} ({image(digest)}).",
        now=f"{digest} has {'the' if seen.sight is not Sight.OTHER else 'no'} label {given[KEY]}",
        other="it was not there",
        where=LOOK.format(code(f"/quay tag labels {act.target}", 400)),
        undo=Undo(inverse, marked(act, digest), question) if made and made.id else None,
        again=f"the label {code(given[KEY], 120)} is back",
    )
    return await tell(seen, change, going, desk)


def _same(labels: Sequence[Label] | None, act: Act) -> list[Label]:
    given = act.parameters
    return [one for one in labels or () if (one.key, one.value) == (given[KEY], given[VALUE])]


def says(act: Act) -> str:
    """Which label on what."""
    given = act.parameters
    on = f" ({image(given[DIGEST])})" if DIGEST in given else ""
    label = f"{code(given.get(KEY, ''), 120)} = {plain(given.get(VALUE, ''), 2000)}"
    return f"Put the label {label} on {code(act.target, 400)}{on}."


KIND = ActKind(name=NAME, run=run, says=says, resolve=resolve, pin=state, quay_log="manifest_label_add")
