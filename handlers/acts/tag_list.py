"""The act "tag list": the living tags of a repository."""

from bot.blocks.tag_list import PAGE, Listed, body, headline
from bot.blocks.text import code, count
from bot.domain.acts import Act
from bot.services.gate import Going
from handlers.command import ActKind, Desk, Reply
from handlers.words import whisper

NAME = "tag list"


def wanted(repository: str, like: str = "", page: int = 1) -> Act:
    """That page of the tags with `like` in their names."""
    return Act.of(NAME, repository, {"filter": like, "page": str(page) if page > 1 else ""})


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """The page."""
    like, page = act.parameters.get("filter", ""), int(act.parameters.get("page", "1"))
    found = await going.quay.tags.page(act.repository, like=like, page=page, limit=PAGE)
    going.result.detail = f"Shown: {count(len(found.rows), 'tag')}."
    told = Listed(act.repository, found, desk.clock.now(), like)
    return whisper(headline(told, desk.quay_url), *body(told))


def says(act: Act) -> str:
    """Whose tags."""
    like = act.parameters.get("filter", "")
    which = f" with {code(like, 130)} in their names" if like else ""
    page = f", page {code(act.parameters['page'])}" if "page" in act.parameters else ""
    return f"List the tags of {code(act.repository, 260)}{which}{page}. Only whoever asked will see them."


KIND = ActKind(name=NAME, run=run, says=says, looks=True)
