"""Which build an act means: the beginning of an id becomes the whole id, before anything is shown or done."""

import re
from dataclasses import replace

from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.ports import Quay

BEGINNING = re.compile(r"[0-9a-f]{7}[0-9a-f-]{0,28}")
WHOLE = 36  # characters of an id
_LOOKED_AT = 100  # of the newest builds


async def whole(act: Act, quay: Quay) -> Act:
    """The act with the whole id. Raises UserError if no build of the repository begins like that, or several do."""
    start = act.parameters.get("build", "")
    if not BEGINNING.fullmatch(start):
        return act
    found = [build.id for build in await quay.builds(act.repository, limit=_LOOKED_AT) if build.id.startswith(start)]
    if len(found) == 1:
        return replace(act, parameters={**act.parameters, "build": found[0]})
    if found:
        raise UserError(f"{len(found)} builds of {act.repository} begin with {start}. Please write more of the id.")
    raise UserError(
        f"None of the newest builds of {act.repository} begins with {start}. "
        f"`/quay builds {act.repository}` lists them."
    )
