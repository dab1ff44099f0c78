"""Which repositories a subscription is about now."""

from bot.domain.repositories import Repository
from bot.ports import Quay
from bot.rules.subscribing import covers, is_pattern

_PAGES = 100  # of a namespace's list that are looked through, a hundred repositories each


async def covered(quay: Quay, target: str, *, most: int = 500) -> tuple[str, ...]:
    """The repositories that the target covers now, as far as that account sees them, by name; `most` at most.

    A repository or a namespace gives itself, without a look at Quay. Raises as Quay's list of a namespace does.
    """
    if not is_pattern(target):
        return (target,)
    return tuple(sorted(row.name for row in await rows(quay, target, most=most)))


async def rows(quay: Quay, pattern: str, *, most: int = 500) -> tuple[Repository, ...]:
    """The same of a pattern, as Quay's list shows them."""
    namespace, found, page = pattern.partition("/")[0], list[Repository](), ""
    for _ in range(_PAGES):
        part = await quay.repositories.page(namespace, next_page=page)
        found += [row for row in part.rows if covers(pattern, row.name)]
        page = part.next
        if not page or len(found) >= most:
            break
    return tuple(found[:most])
