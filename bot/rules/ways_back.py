"""Which ways back are still open: of several things done to the same, only the last can be taken back. Pure."""

from collections.abc import Hashable, Iterable, Mapping

from bot.domain.offers import Offer

_SAME: Mapping[str, str] = {
    "quiet": "times",  # an undo of one is bound to both
    "digest": "times",
    "restore": "tag",
    "tag move": "tag",
    "tag delete": "tag",
    "tag expire": "expiry",
    "visibility": "visibility",
    "describe": "description",
    "subscribe": "subscription",
    "unsubscribe": "subscription",
    "pause": "pause",
    "resume": "pause",
}
"""What an act changes; acts that are not here change something of their own each time (a label, a global message)."""

_OF_CHANNELS = frozenset({"times", "subscription", "pause"})


def newest(offers: Iterable[Offer]) -> Mapping[str, Offer]:
    """The ways back by the reference of what was done, without those that something later has overtaken."""
    found: dict[Hashable, Offer] = {}
    for offer in sorted(offers, key=lambda one: one.created_at, reverse=True):
        found.setdefault(_thing(offer), offer)
    return {offer.reference: offer for offer in found.values()}


def _thing(offer: Offer) -> Hashable:
    act = offer.act
    what = _SAME.get(act.name)
    if what is None:
        return offer.name
    channel = act.parameters.get("channel", offer.channel) if what in _OF_CHANNELS else ""
    return what, act.target, channel
