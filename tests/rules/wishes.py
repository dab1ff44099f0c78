"""Wishes of all sorts, about real names: strategies for the tests of what channels want."""

from typing import Any

from hypothesis import strategies as st

from bot.domain.subscriptions import Wanted
from bot.rules.event_groups import EVENTS, OF_NAMESPACES, ordered
from bot.rules.filters import LONGEST
from bot.rules.filters.reading import MOST_EXPRESSIONS
from bot.rules.subscribing import LAYOUTS, MOST_DAYS
from tests.rules import real_names

FILTERS = st.lists(
    st.builds("tag:{}".format, real_names.tags)
    | st.builds("-by:{}".format, real_names.accounts)
    | st.sampled_from(["severity:high+", "fixable", "-fixable", "ref:~^refs/heads/(a|b){1,2}", "-repo:app-*", "REF:x"]),
    max_size=4,
).map(" ".join)
TARGETS = real_names.repositories | st.sampled_from(["acme", "acme/*", "acme/app-?x*", "n" * 128])


@st.composite
def wishes(draw: Any) -> Wanted:
    target = draw(TARGETS)
    possible = [event for event in EVENTS if (event in OF_NAMESPACES) is ("/" not in target)]
    events = ordered(draw(st.sets(st.sampled_from(possible), min_size=1)))
    filter_ = draw(FILTERS.filter(lambda text: len(text) <= LONGEST and text.count("ref:~") <= MOST_EXPRESSIONS))
    return Wanted(target, events, filter_, draw(st.integers(1, MOST_DAYS)), draw(st.sampled_from(["", *LAYOUTS])))
