"""A lookup on its way: whose it is, what is known of it, when it is looked at again. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from pydantic import ValidationError

from bot.domain.digests import Rhythm
from bot.domain.events import BuildMoved, Pushed, PushFacts
from bot.domain.looked_up import Found, Known, Missing
from bot.domain.subscriptions import Lookup, Subscription
from bot.rules.routing import Way, routed
from bot.services.board import Telling

log = structlog.stdlib.get_logger(__name__)

HOLD = timedelta(seconds=20)  # that a push waits for its pusher to be known
SHORTEST, LONGEST = 5.0, 60.0  # seconds between two looks, ever longer
HELD_PAUSE = 2.0  # seconds between two looks for a pusher that somebody waits for
MOST_TAGS = 50  # of one push: a card names no more
NOBODY = "quaybot could not find out who pushed this."


@dataclass(frozen=True, slots=True)
class Wish:
    """A lookup, and the subscription that it is for."""

    lookup: Lookup
    subscription: Subscription


@dataclass(slots=True)
class Push:
    """One pushed tag of which a webhook came `at`, and what is known of it: a look completes that."""

    at: datetime
    found: Found


def pause(tries: int, after: float = 0.0) -> timedelta:
    """How long to wait after so many looks, `after` seconds at least."""
    return timedelta(seconds=max(after, min(LONGEST, SHORTEST * 1.5 ** min(tries, 20))))


def pushed(lookup: Lookup) -> Pushed | None:
    """The event as its webhook told it; None if another version wrote it in its own way."""
    try:
        return Pushed.model_validate_json(lookup.event)
    except ValidationError:
        log.warning("lookup_not_understood", lookup=lookup.id, delivery=lookup.delivery)
        return None


def build(lookup: Lookup) -> str:
    """The id of the build that it is about; "" if another version wrote the event in its own way."""
    try:
        return BuildMoved.model_validate_json(lookup.event).build_id
    except ValidationError:
        log.warning("lookup_not_understood", lookup=lookup.id, delivery=lookup.delivery)
        return ""


def known(lookup: Lookup, event: Pushed) -> Known:
    """What was found so far; nothing at first, or if it cannot be read."""
    try:
        return Known.model_validate_json(lookup.known or "-")
    except ValidationError:
        tags = tuple(dict.fromkeys(event.tags))[:MOST_TAGS]
        return Known(found=tuple(Found(facts=PushFacts(tag=tag)) for tag in tags))


def telling(found: Known) -> tuple[PushFacts, ...]:
    """The facts that say anything."""
    return tuple(one.facts for one in found.found if one.facts != PushFacts(tag=one.facts.tag))


def missing(found: Known) -> frozenset[Missing]:
    """What another look may find."""
    return frozenset(part for one in found.found for part in one.missing)


def next_look(lookup: Lookup, parts: frozenset[Missing], now: datetime, away: float | None) -> datetime | None:
    """When to look again; None: never. `away`: Quay was, and wants to be left alone for so many seconds.

    While nothing is away, a pusher who is not in the log after HOLD never comes.
    """
    waits = parts if away is not None or now < lookup.at + HOLD else parts - {Missing.PUSHER}
    return away_until(lookup, now, away or 0.0) if waits else None


def away_until(lookup: Lookup, now: datetime, after: float) -> datetime | None:
    """When to look again for something that is not there yet; None: it has been long enough."""
    return None if now >= lookup.last_at else min(now + pause(lookup.tries, after), lookup.last_at)


def still_held(lookup: Lookup, found: Known, now: datetime, *, over: bool) -> datetime | None:
    """When to look again for the pusher; None: it is known, or will not be in time. `over`: looking is of no use."""
    by = any(one.facts.by for one in found.found)
    if by or over or Missing.PUSHER not in missing(found) or now >= lookup.at + HOLD:
        return None
    return min(now + timedelta(seconds=HELD_PAUSE), lookup.at + HOLD)


def let_go(wish: Wish, event: Pushed, found: Known, rhythm: Rhythm | None, now: datetime) -> Telling:
    """A push that was held, for its channel: what is known of it now decides whether it is told."""
    lookup, subscription = wish.lookup, wish.subscription
    by = next((one.facts.by for one in found.found if one.facts.by), "")
    note = event.note if by else " ".join(filter(None, (event.note, NOBODY)))
    event = event.model_copy(update={"by": by, "facts": telling(found), "note": note})
    way = routed(
        event, subscription.wanted.filter, paused_until=subscription.paused_until, rhythm=rhythm, now=now
    )  # HOLD is as good as TELL: nobody will know more
    out = {lookup.channel: way.rule} if way.way is Way.OUT else {}
    channels = () if out else (lookup.channel,)
    return Telling(
        event,
        channels,
        f"delivery:{lookup.delivery}",
        delivery=lookup.delivery,
        filtered=out,
        layout=subscription.wanted.layout,
        subscription=subscription.name,
    )


def afterwards(lookup: Lookup, found: Known, until: datetime) -> Lookup:
    """The search that goes on after a push was let go: its card is completed as any other."""
    return replace(lookup, held=False, known=found.model_dump_json(), due_at=until, id=0, tries=0)


def with_known(lookup: Lookup, found: Known) -> Lookup:
    """The lookup with what was found so far, to be kept."""
    return replace(lookup, known=found.model_dump_json())
