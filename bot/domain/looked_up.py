"""What is known so far about pushes that are looked up: it is kept between two looks, as JSON."""

from datetime import datetime
from enum import StrEnum

from bot.domain.events import Frozen, PushFacts


class Missing(StrEnum):
    """What another look may still find."""

    ROW = "row"  # which image was pushed
    PUSHER = "pusher"
    IMAGE = "image"  # platforms and sizes of indexes, and which of their images stands for them
    SCAN = "scan"


EVERYTHING = tuple(Missing)


class Found(Frozen):
    """One pushed tag. `start` is when its row in Quay began, None as long as that is not known.

    `image` is the digest whose scan is told (an index has none of its own, facts §3.1), `earlier` that of the image
    before; "" where there is none. `missing` is in the order of `Missing`.
    """

    facts: PushFacts
    start: datetime | None = None
    image: str = ""
    earlier: str = ""
    missing: tuple[Missing, ...] = EVERYTHING

    def without(self, *found: Missing) -> "Found":
        """The same, and these are not looked for any more."""
        return self.model_copy(update={"missing": tuple(one for one in self.missing if one not in found)})


class Known(Frozen):
    """All tags of one push, in their order."""

    found: tuple[Found, ...]
