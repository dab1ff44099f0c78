"""What somebody asked for and could not do before they had linked an account: how it is kept, and how it comes back.

Nothing in it says who asked: it is stored for one person (ports.Kept), and done for whom it is taken out for.
"""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeAlias, TypeGuard

import structlog

from bot.blocks.text import code
from bot.domain.errors import BotError
from bot.domain.people import Person
from handlers.command import Ask, Click, Desk, Submission

log = structlog.stdlib.get_logger(__name__)

LIFE = timedelta(minutes=15)  # response_urls live twice as long (facts §1), and people forget what they wanted
# What is about the account itself: it is answered then and there.
_OWN = frozenset({"link", "unlink", "whoami", "help"})
_OWN_BUTTONS = "link_"

Asked: TypeAlias = Ask | Click | Submission
_KINDS: dict[str, type[Ask] | type[Click] | type[Submission]] = {"command": Ask, "click": Click, "form": Submission}
# The fields of each kind that are kept: triggers and views are closed by the time it comes back.
_FIELDS = {
    "command": ("channel", "response_url", "thread"),
    "click": ("channel", "value", "response_url", "ts", "private"),
    "form": ("private",),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing asked. `name` is the text behind `/quay`, a button's action id or a form's callback."""

    name: str = field(repr=False)  # what was typed may hold a secret
    asked: Asked

    @property
    def person(self) -> Person:
        """Who asked."""
        return self.asked.person

    @property
    def kept(self) -> bool:
        """Is it worth keeping? Not what is about the account itself, and not what leafs through a window."""
        if isinstance(self.asked, Ask):
            return _first(self.name) not in _OWN
        inside = isinstance(self.asked, Click) and self.asked.view  # a window, which will be closed by then
        return not inside and not self.name.startswith(_OWN_BUTTONS)

    @property
    def says(self) -> str:
        """What it was, as mrkdwn. Addresses in a command are left out: they may hold a secret."""
        if isinstance(self.asked, Click):
            return "what the button does that you pressed."
        if isinstance(self.asked, Submission):
            return "what you have filled in."
        words = " ".join("…" if "://" in word else word for word in self.name.split())
        return f"what you asked for: {code(f'/quay {words}', 200)}"


def pack(wish: Wish) -> str:
    """As text, to be kept."""
    asked = wish.asked
    kind = next(name for name, type_ in _KINDS.items() if type(asked) is type_)
    fields = {name: getattr(asked, name) for name in _FIELDS[kind]}
    if isinstance(asked, Submission):
        fields["values"] = dict(asked.values)
    return json.dumps([kind, wish.name, fields])


def unpack(kept: str, person: Person) -> Wish | None:
    """As `person`'s wish again; None if it is not ours, or of another version of us."""
    try:
        found = json.loads(kept)
        kind, name, fields = found
    except (ValueError, TypeError, RecursionError):
        return None
    if not (isinstance(kind, str) and isinstance(name, str) and isinstance(fields, dict) and kind in _KINDS):
        return None
    values = fields.pop("values", {})
    if set(fields) != set(_FIELDS[kind]) or not _texts(fields) or not _texts(values):
        return None
    if kind == "command":
        return Wish(name, Ask(person, **fields))
    if kind == "click":
        return Wish(name, Click(person, **fields))
    return Wish(name, Submission(person, "", values, **fields))


async def keep(wish: Wish, desk: Desk) -> bool:
    """Keep it until its person has linked an account. False if it is not kept; never raises."""
    if not wish.kept or not desk.linking.sealed:
        return False
    try:
        await desk.kept.keep(wish.person, pack(wish), desk.clock.now())
    except BotError as error:  # the answer that says what is missing matters more
        log.warning("not_kept", user=wish.person.user, why=str(error))
        return False
    return True


async def take(person: Person, desk: Desk) -> Wish | None:
    """Take out what the person asked for last; once, and only if they still remember it. Never raises."""
    try:
        kept = await desk.kept.take(person, desk.clock.now() - LIFE)
    except BotError as error:  # the account is linked all the same
        log.warning("kept_not_found", user=person.user, why=str(error))
        return None
    return unpack(kept, person) if kept else None


def _first(text: str) -> str:
    return (text.split(maxsplit=1) or ["help"])[0].lower()


def _texts(fields: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(fields, dict) and all(isinstance(part, str) for pair in fields.items() for part in pair)
