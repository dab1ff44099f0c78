"""Whether somebody may ask for one more approval: not for the same twice, and not for any number. Pure."""

from collections.abc import Sequence

from bot.domain.acts import Act, Request
from bot.domain.errors import BotError, UserError

MOST = 10  # requests of one person that wait at the same time


def not_twice(act: Act, pin: str, waiting: Sequence[Request]) -> None:
    """Raises UserError if exactly this is among what waits of that person, bound to the same, or if too much waits."""
    for request in waiting:
        if request.pin == pin and _same(request.act, act):
            raise UserError(
                f"You have asked for exactly this already: request `{request.name}` waits for approvals. "
                f"`/quay deny {request.name}` takes it back."
            )
    if len(waiting) >= MOST:
        raise UserError(
            f"{MOST} requests of yours wait for approvals already. `/quay approve` lists them, and `/quay deny` "
            "with the name of one takes it back."
        )


def _same(one: Act, other: Act) -> bool:
    """To the last parameter, the hidden ones included; what cannot be opened any more is like nothing."""
    try:
        return one == other
    except BotError:
        return False
