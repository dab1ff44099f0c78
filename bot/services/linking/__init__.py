"""Linking an account through the browser: from the ticket that Slack shows to the code that comes back there.

Two things have to come together: the browser that signed in to Quay, and the person in Slack who asked for it. A link
that is sent to somebody else ends in a code that only they can see.
"""

from bot.services.linking.flow import BASE, LIFE, TRIES, Linking
from bot.services.linking.values import (
    NOT_SET_UP,
    Departure,
    Linked,
    Nameless,
    NoAssignment,
    Over,
    Visit,
    Waiting,
    Ways,
    ways_of,
)

__all__ = [
    "BASE",
    "LIFE",
    "NOT_SET_UP",
    "TRIES",
    "Departure",
    "Linked",
    "Linking",
    "Nameless",
    "NoAssignment",
    "Over",
    "Visit",
    "Waiting",
    "Ways",
    "ways_of",
]
