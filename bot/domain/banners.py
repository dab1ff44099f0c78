"""Global messages of the registry: those that are shown, and one that begins or ends at a certain time."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.acts import Vote
from bot.domain.people import Person


@dataclass(frozen=True, slots=True)
class GlobalMessage:
    """What every user of the registry sees as a banner. `severity`: info, warning, error."""

    uuid: str
    content: str
    severity: str
    media_type: str


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
    when it came to its stage. `votes` are those of the request `approval` under which it was scheduled, none and ""
    where nobody had to agree. `seen` are the ids of those that said the same in Quay right before it was posted; None:
    it surely was not posted yet.
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
    approval: str = ""
    votes: tuple[Vote, ...] = ()
    seen: tuple[str, ...] | None = None
