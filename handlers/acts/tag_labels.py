"""The act "tag labels": the labels of the image that a tag has now."""

from bot.blocks.tag_list import labels_body, labels_headline
from bot.blocks.text import code, count
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.domain.images import Label
from bot.domain.said import short_digest
from bot.ports import Quay
from bot.services.gate import Going
from handlers.acts.tagging import missing
from handlers.command import ActKind, Desk, Reply
from handlers.words import whisper

NAME = "tag labels"
DIGEST = "digest"


def wanted(repository: str, tag: str) -> Act:
    """The labels of that tag."""
    return Act(NAME, f"{repository}:{tag}")


async def digest_of(act: Act, quay: Quay) -> str:
    """The image that the act's tag has now. Raises UserError if there is no such tag."""
    found = await quay.tag_digest(act.repository, act.tag)
    if not found:
        raise await missing(act.repository, act.tag, quay)
    return found


async def labels_of(repository: str, digest: str, quay: Quay) -> tuple[Label, ...]:
    """Its labels. Raises UserError if no living tag has that image any more."""
    found = await quay.tags.labels(repository, digest)
    if found is None:
        raise UserError(f"No tag of {repository} has the image `{short_digest(digest)}` any more. Please ask again.")
    return found


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """All of them."""
    digest = await digest_of(act, going.quay)
    labels = await labels_of(act.repository, digest, going.quay)
    going.result.detail = f"Shown: {count(len(labels), 'label')}."
    said = labels_headline(act.repository, act.tag, digest, labels, desk.quay_url)
    return whisper(said, *labels_body(labels))


def says(act: Act) -> str:
    """Whose labels."""
    return f"Show the labels of {code(act.target, 400)}. Only whoever asked will see them."


KIND = ActKind(name=NAME, run=run, says=says, looks=True)
