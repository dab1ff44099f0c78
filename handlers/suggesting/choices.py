"""What can be chosen, in the words that a menu shows. Pure; everything is plain text."""

from dataclasses import dataclass
from datetime import datetime

from bot.blocks import limits
from bot.blocks.clean import one_line
from bot.blocks.layout import option
from bot.blocks.text import ago
from bot.domain.banners import GlobalMessage
from bot.domain.images import TagRow
from bot.domain.messages import Block
from bot.domain.repositories import Repository, Trigger
from bot.domain.robots import Robot
from bot.domain.said import short_digest
from bot.ports import Build
from handlers.command import Seek
from handlers.triggers import described


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry: the word that it stands for, and what people read."""

    value: str
    label: str


def shown(choice: Choice) -> Block | None:
    """As an option of a menu; None if Slack would not take it."""
    label = one_line(choice.label).strip()
    if not label or not 0 < len(choice.value) <= limits.OPTION_VALUE:
        return None
    return option(label, choice.value, emoji=False)


def as_own(seek: Seek, own: str) -> Choice:
    """What somebody typed, as it is; where that may stand for many, it says so."""
    return Choice(own, f"Use “{own}”" if seek is Seek.TARGET else own)


def of_repository(row: Repository) -> Choice:
    """By its name."""
    return Choice(row.name, row.name)


def of_tag(row: TagRow, now: datetime) -> Choice:
    """A living tag, with what it points at and since when."""
    return Choice(row.name, f"{row.name} · {short_digest(row.digest)} · {ago(row.start, now)}")


def of_past_tag(row: TagRow, now: datetime) -> Choice:
    """The same; one that is gone says so."""
    if row.end is None:
        return of_tag(row, now)
    return Choice(row.name, f"{row.name} · {short_digest(row.digest)} · deleted {ago(row.end, now)}")


def of_digest(row: TagRow, now: datetime) -> Choice:
    """An image that a tag has pointed at: since when, and whether it came by a restore or is there now."""
    marks = ("restored",) * row.reversion + ("now",) * (row.end is None or row.end > now)
    return Choice(row.digest, " · ".join((short_digest(row.digest), ago(row.start, now), *marks)))


def of_robot(robot: Robot) -> Choice:
    """By its name, with what it is for."""
    return Choice(robot.name, f"{robot.name} · {robot.description}" if robot.description else robot.name)


def of_trigger(trigger: Trigger) -> Choice:
    """By its id."""
    return Choice(trigger.id, described(trigger))


def of_build(build: Build, now: datetime) -> Choice:
    """How it is, what it makes and when it began."""
    when = ago(build.started, now) if build.started else ""
    parts = (build.id[:8], build.phase.value, ", ".join(build.tags[:3]), build.ref, when)
    return Choice(build.id, " · ".join(part for part in parts if part))


def of_message(message: GlobalMessage) -> Choice:
    """How grave it is, and its first words."""
    return Choice(message.uuid, f"{message.severity} · {message.content}")


def of_namespace(name: str) -> Choice:
    """By its name."""
    return Choice(name, name)
