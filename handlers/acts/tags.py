"""What builds share: which tags they write, and what these tags point at now."""

from collections.abc import Sequence

from bot.blocks.text import code
from bot.domain.acts import Act
from bot.domain.images import GONE
from bot.ports import Quay

DEFAULT = "latest"  # what Quay tags if nobody says otherwise (facts §3.3)


def target_of(repository: str, tags: Sequence[str]) -> str:
    """The one tag that is written, or the repository if there are several or none is known."""
    return f"{repository}:{tags[0]}" if len(tags) == 1 else repository


def tags_of(act: Act) -> tuple[str, ...]:
    """The tags that the act writes, as far as they are known before."""
    return tuple(act.parameters.get("tags", "").split())


async def digests(act: Act, quay: Quay) -> str:
    """The digest that each of its tags has now: "v1=sha256:… latest=none"."""
    found = [f"{tag}={await quay.tag_digest(act.repository, tag) or GONE}" for tag in tags_of(act)]
    return " ".join(found)


def said(act: Act) -> str:
    """The tags that it writes, as mrkdwn."""
    tags = tags_of(act)
    if not tags:
        return "Its trigger decides which tags are written."
    return f"Writes {'the tag' if len(tags) == 1 else 'the tags'} {', '.join(code(tag, 130) for tag in tags)}."
