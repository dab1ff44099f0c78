"""A global message of the registry that begins or ends at a certain time."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.people import Person


class BannerStage(StrEnum):
    """Where it is."""

    WAITING = "waiting"  # for its time to begin
    POSTING = "posting"  # right now; one that stays here was cut off, and may be shown
    SHOWN = "shown"
    REMOVING = "removing"
    ENDED = "ended"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Banner:
    """What is shown to every user of the registry, and when; done with the account of `person`.

    `name` is what people type ("M7PX4"). `severity` is info, warning or error; `media_type` text/plain or
    text/markdown. `ends_at` None: until somebody deletes it. `uuid` is its id at Quay once it is there. `moved_at` is
    when it came to its stage.
    """

    name: str
    person: Person
    username: str
    channel: str
    content: str
    severity: str
    media_type: str
    begins_at: datetime
    ends_at: datetime | None
    reference: str
    created_at: datetime
    moved_at: datetime
    stage: BannerStage = BannerStage.WAITING
    uuid: str = ""
    reason: str = ""
