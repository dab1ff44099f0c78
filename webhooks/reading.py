"""The reading of a stored delivery: pure, and total. Whatever arrived, the answer is an event or a reason."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from bot.domain.events import Event
from webhooks.bodies import BodyError, parse
from webhooks.kinds import KINDS
from webhooks.lookalikes import mistaken
from webhooks.shapes.values import clean

_PROBLEMS = 3  # as many as an operator reads
_NAME = 60  # characters of a foreign name that we repeat
_LISTED = 1_000  # tags of one body: nobody reads more, and real pushes name one or a few


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Nothing could be made of a body. `reason` is a sentence for the operator and repeats nothing of the body."""

    reason: str


def read(event: str, target: str, body: bytes, at: datetime) -> Event | Unreadable:
    """What a body means that was sent at `at` to the webhook URL of the event and of the target.

    `target` is "namespace/name", or a namespace for events of namespaces. A body about another one is still read, and
    the event's note tells of it: see `elsewhere`.
    """
    kind = KINDS.get(event)
    if kind is None:
        name = clean(event)[:_NAME]
        return Unreadable(f'this version knows no event "{name}": update quaybot, or choose another event in Quay')
    try:
        document = parse(body)
    except BodyError as error:
        return Unreadable(str(error))
    mistake = mistaken(event, document)
    if mistake:
        return Unreadable(mistake)
    try:
        payload = kind.payload.model_validate(document)
    except ValidationError as error:
        return Unreadable(_explained(event, error))
    return _noted(kind.read(payload, at), target.partition("/")[0] if kind.namespace else target)


def elsewhere(event: Event, target: str) -> bool:
    """Whether it is about something else than `target`: a repository, or a namespace for events of namespaces."""
    kind = KINDS.get(event.kind)
    expected, found = (
        (target.partition("/")[0], event.namespace) if kind and kind.namespace else (target, event.repository)
    )
    return bool(expected) and expected != found


def _explained(event: str, error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    told = [_problem(".".join(map(str, one["loc"])), one["type"], one["msg"]) for one in problems[:_PROBLEMS]]
    more = f", and {len(problems) - _PROBLEMS} more" if len(problems) > _PROBLEMS else ""
    advice = ""
    if any(one["type"] == "missing" for one in problems):
        advice = ". If the notification in Quay has a custom template, remove the template"
    return f"the body cannot be read as {event}: {'; '.join(told)}{more}{advice}"


def _problem(key: str, kind: str, message: str) -> str:
    if kind == "missing":
        return f"{key} is missing"
    if kind == "model_type":
        return f"{key} should be an object"
    message = message.removeprefix("Value error, ").removeprefix("Input ").removeprefix("String ")
    return f"{key} {message}"


def _noted(event: Event, target: str) -> Event:
    """The event with the first of its tags, and with a note about what is odd. Nobody reads a list without an end."""
    tags = getattr(event, "tags", ())
    notes = []
    if len(tags) > _LISTED:
        event = event.model_copy(update={"tags": tags[:_LISTED]})
        more = len(tags) - _LISTED
        notes.append(f"and {more:,} more {'tag that is' if more == 1 else 'tags that are'} not listed")
    if elsewhere(event, target):
        notes.append(f"sent to the webhook URL of {clean(target)}")
    return event.model_copy(update={"note": "; ".join(notes)}) if notes else event
