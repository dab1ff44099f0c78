"""The part of the check-up that is about people: how they link accounts, and how much they may ask for."""

import re

from bot.app.desks import client_of
from bot.services.linking import ways_of
from bot.settings import Settings

_NAMES = re.compile(r"`(\w+)`")


def people_troubles(settings: Settings) -> list[str]:
    """A line for each setting that is of no use as the others are."""
    one, everybody = settings.limit_per_person, settings.limit_per_workspace
    found = {
        "QUAY_CLIENT_SECRET is of no use without QUAY_CLIENT_ID: set that, too": bool(
            settings.quay_client_secret.get_secret_value() and not settings.quay_client_id
        ),
        "QUAY_CLIENT_ID is of no use without PUBLIC_URL, where Quay sends browsers back to: set that, too": bool(
            settings.quay_client_id and not settings.public_url
        ),
        f"LIMIT_PER_PERSON ({one:,}) is above LIMIT_PER_WORKSPACE ({everybody:,}), so one person can use up what is "
        "there for everybody: lower the first, or raise the second": one > everybody,
    }
    return [words for words, true in found.items() if true]


def ways_to_link(settings: Settings) -> str:
    """Which ways to link an account work with these settings, and what the others need; "" if none works."""
    ways = ways_of(settings.public_url, client_of(settings), sealed=bool(settings.secret_keys))
    named = {"paste a token": ways.pasted, "take over an assigned one": ways.assigned, "sign in at Quay": ways.code}
    can = [name for name, why in named.items() if not why]
    cannot = [f"to {name}, set {_listed(_NAMES.findall(why))}" for name, why in named.items() if why]
    return "; ".join([f"Linking: people can {_listed(can)}", *cannot]) if can else ""


def _listed(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if words[1:] else "".join(words)
