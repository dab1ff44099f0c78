"""The act "tag labels": the labels of the image that a tag has now."""

from bot.blocks.tag_list import labels_body, labels_headline
from bot.blocks.text import code
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.ports import Label, Quay
from bot.services.gate import Going
from handlers.command import ActKind, Desk, Reply
from handlers.words import whisper

NAME = "tag labels"
DIGEST = "digest"


def wanted(repository: str, tag: str) -> Act:
    """The labels of that tag."""
    return Act(NAME, f"{repository}:{tag}")


async def digest_of(act: Act, quay: Quay) -> str:
    """The image that the act's tag has now. Raises UserError if there is no such tag."""
    tag = act.target.partition(":")[2]
    found = await quay.tag_digest(act.repository, tag)
    if not found:
        raise UserError(f"There is no tag {tag} in {act.repository} now. `/quay tag history` shows deleted ones, too.")
    return found


async def labels_of(repository: str, digest: str, quay: Quay) -> tuple[Label, ...]:
    """Its labels. Raises UserError if no living tag has that image any more."""
    found = await quay.tags.labels(repository, digest)
    if found is None:
        raise UserError(f"No tag of {repository} has the image `{digest[:19]}` any more. Please ask again.")
    return found


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """All of them."""
    digest = await digest_of(act, going.quay)
    labels = await labels_of(act.repository, digest, going.quay)
    going.result.detail = f"{len(labels)} labels were shown."
    said = labels_headline(act.repository, act.target.partition(":")[2], digest, labels, desk.quay_url)
    return whisper(said, *labels_body(labels))


def says(act: Act) -> str:
    """Whose labels."""
    return f"Show the labels of {code(act.target, 400)}. Only whoever asked will see them."


KIND = ActKind(name=NAME, run=run, says=says)
