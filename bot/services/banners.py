"""Global messages with a time: what they are called, and how many one person may have."""

from bot.domain.banners import BannerStage
from bot.domain.errors import UserError
from bot.domain.people import Person
from bot.ports import Banners
from bot.services.references import new_name

MOST_WAITING = 20  # scheduled messages of one person


async def free_name(banners: Banners) -> str:
    """A name that people can type and that no other has: "M7PX4"."""
    for _ in range(20):
        name = f"M{new_name()[1:]}"
        if await banners.get(name) is None:
            return name
    raise UserError("I could not find a name for this message. Please try again.")


async def sure_of_room(person: Person, banners: Banners) -> None:
    """Raises UserError if as many of the person's messages wait as may wait."""
    theirs = [one for one in await banners.open() if one.person == person and one.stage is BannerStage.WAITING]
    if len(theirs) >= MOST_WAITING:
        raise UserError(
            f"You have {len(theirs)} scheduled messages that have not begun, and {MOST_WAITING} are as many as one "
            "person may have. Please cancel one first: `/quay message list` shows them."
        )
