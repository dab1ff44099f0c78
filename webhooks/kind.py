"""What an event kind is: the shape of Quay's body, and the reading of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from bot.domain.events import Event


class Payload(BaseModel):
    """A webhook body of Quay. Keys we do not know are ignored: newer servers may send more."""

    model_config = ConfigDict(frozen=True, extra="ignore")


P = TypeVar("P", bound=Payload)


@dataclass(frozen=True, slots=True)
class Kind(Generic[P]):
    """One event of Quay. `read` turns a valid payload, received at a time, into our event; it never fails."""

    name: str
    summary: str  # one line for the README's table
    payload: type[P]
    read: Callable[[P, datetime], Event]
    namespace: bool = False  # True: the event belongs to a namespace, not to a repository (quota)


AnyKind = Kind[Any]
