"""Slack's payloads into our own values: the only place that knows their keys. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.people import Person
from handlers.command import Ask, Click, Submission
from handlers.forms.memory import Memory
from handlers.shortcuts.images import only_image
from handlers.unfurling import Shared

_DEEPEST = 12  # blocks inside blocks
_COMPOSER = "COMPOSER"
_WORDY = ("text", "fallback", "title", "title_link", "from_url", "url", "pretext")
_MENTION = re.compile(r"^\s*<@[UW][A-Z0-9]+(\|[^>]*)?>\s*")


def command(body: Mapping[str, Any]) -> tuple[str, Ask]:
    """The text behind a slash command, and who asked where."""
    team = _text(body, "team_id")  # nobody of another workspace can type our command
    ask = Ask(
        _person(_text(body, "user_id"), team, Place(team, _text(body, "enterprise_id"), _org_wide(body))),
        _text(body, "channel_id"),
        trigger=_text(body, "trigger_id"),
        response_url=_text(body, "response_url"),
    )
    return _text(body, "text"), ask


def mention(body: Mapping[str, Any]) -> tuple[str, Ask]:
    """The text behind a mention of the bot. Works in threads, where slash commands do not exist (slack facts §7).

    A mention by a workflow, a webhook or another app (they have a bot_id) is nobody's: its person has no id.
    """
    event = _dict(body, "event")
    machine = _text(event, "bot_id") or _text(event, "subtype") == "bot_message"
    user = "" if machine else _text(event, "user")
    own = _text(event, "user_team") or _text(event, "team")
    thread = _text(event, "thread_ts")
    ask = Ask(_person(user, own, _place(body)), _text(event, "channel"), thread=thread)
    return _MENTION.sub("", _text(event, "text"), count=1), ask


def clicks(body: Mapping[str, Any]) -> list[tuple[str, Click]]:
    """Every button pressed, as (action id, click)."""
    container, view = _dict(body, "container"), _dict(body, "view")
    found = []
    actions = body.get("actions")
    for action in actions if isinstance(actions, list) else ():
        if not isinstance(action, Mapping):
            continue
        option = _dict(action, "selected_option")
        click = Click(
            _who(body),
            _text(_dict(body, "channel"), "id") or _text(container, "channel_id"),
            value=_text(action, "value") or _text(option, "value"),
            trigger=_text(body, "trigger_id"),
            response_url=_text(body, "response_url"),
            ts=_text(container, "message_ts"),
            view=_text(view, "id"),
            private=_text(view, "private_metadata"),
            callback=_text(view, "callback_id"),
            values=_values(view) | ({_text(action, "block_id"): _entered(action)} if view else {}),
        )
        found.append((_text(action, "action_id"), click))
    return found


def at_home(body: Mapping[str, Any]) -> bool:
    """Was it pressed in the Home tab?"""
    return _text(_dict(body, "view"), "type") == "home"


def visitor(body: Mapping[str, Any]) -> Person:
    """Who has opened the Home tab (slack facts §8); nobody, if it is another tab."""
    event = _dict(body, "event")
    user = _text(event, "user") if _text(event, "tab") == "home" else ""
    return _person(user, "", _place(body))


def shared(body: Mapping[str, Any]) -> Shared:
    """Links in a message (slack facts §9); none of one that is still being written: nobody knows who will read it.

    Slack tells of it once more when it is there.
    """
    event = _dict(body, "event")
    written = _text(event, "source") == "composer" or _text(event, "channel") == _COMPOSER
    links = event.get("links")
    found = links if isinstance(links, list) and not written else ()
    urls = tuple(_text(link, "url") for link in found if isinstance(link, Mapping))
    own = _text(event, "user_team") or _text(event, "team")
    person = _person(_text(event, "user"), own, _place(body))
    return Shared(person, _text(event, "channel"), _text(event, "message_ts"), urls)


def submission(body: Mapping[str, Any]) -> tuple[str, Submission]:
    """A form that was sent: its callback id and what was entered."""
    view = _dict(body, "view")
    sent = Submission(_who(body), _text(view, "id"), _values(view), _text(view, "private_metadata"))
    return _text(view, "callback_id"), sent


def seeking(body: Mapping[str, Any]) -> tuple[Person, str, str, Memory]:
    """Somebody types into a field that searches: who, the field's action id, what is typed, and where it searches."""
    memory = Memory.unpack(_text(_dict(body, "view"), "private_metadata"))
    return _who(body), _text(body, "action_id"), _text(body, "value"), memory


def shortcut(body: Mapping[str, Any], quay_url: str) -> tuple[str, Click]:
    """A shortcut as (callback id, click). Its value is the only image that the message names, if it is a message's.

    A global one belongs to no channel: its answers go to the person's direct messages.
    """
    message = _dict(body, "message")
    click = Click(
        _who(body),
        _text(_dict(body, "channel"), "id"),
        value=only_image(message_texts(message), quay_url),
        trigger=_text(body, "trigger_id"),
        response_url=_text(body, "response_url"),
        ts=_text(message, "ts"),
    )
    return _text(body, "callback_id"), click


def message_texts(message: Mapping[str, Any]) -> tuple[str, ...]:
    """Every text and address in a message of anybody's: its own, of its blocks, and of its attachments."""
    parts = (message.get("text"), message.get("blocks"), message.get("attachments"))
    return tuple(text for part in parts for text in _texts(part, 0))


def _texts(part: object, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(part, str):
        yield part
    elif isinstance(part, list):
        for one in part:
            yield from _texts(one, depth + 1)
    elif isinstance(part, Mapping):
        for name, one in part.items():
            if name in _WORDY or not isinstance(one, str):
                yield from _texts(one, depth + 1)


def _values(view: Mapping[str, Any]) -> dict[str, str]:
    """What the fields of a form hold, by block id."""
    values = {}
    for block, fields in _dict(_dict(view, "state"), "values").items():
        entered = [_entered(field) for field in fields.values()] if isinstance(fields, dict) else []
        values[str(block)] = next((one for one in entered if one), "")
    return values


def _entered(field: object) -> str:
    if not isinstance(field, dict):
        return ""
    return _text(field, "value") or _text(_dict(field, "selected_option"), "value")


def gone(body: Mapping[str, Any]) -> tuple[Person, ...]:
    """Who has left, by a user_change event: under each of the names that this person may be known by."""
    user = _dict(_dict(body, "event"), "user")
    if user.get("deleted") is not True or not _text(user, "id"):
        return ()
    place, own = _place(body), _text(user, "team_id")
    known = (_person(_text(user, "id"), own, place), Person(own, _text(user, "id")))
    return tuple(dict.fromkeys(person for person in known if person.team))


def uninstalled(body: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids of workspace and organization that have thrown us out; none if only people's own tokens were revoked."""
    event = _dict(body, "event")
    if _text(event, "type") == "tokens_revoked" and not _dict(event, "tokens").get("bot"):
        return ()
    place = _place(body)
    return tuple(filter(None, (place.team, place.enterprise)))


@dataclass(frozen=True, slots=True)
class Place:
    """Where something happened. `org_wide`: the bot is installed for the whole organization `enterprise`."""

    team: str
    enterprise: str
    org_wide: bool


def _person(user: str, own: str, place: Place) -> Person:
    """One and the same person whatever they do: ids are only unique together with a team's (slack facts §13).

    In shared channels people of other workspaces press buttons too: their own team is theirs, not ours. Slack names the
    organization instead of the workspace now and then; both are where it happened. Where it names neither, nobody can
    tell whether a workspace is one of the organization's: it stays what it is.
    """
    home = place.enterprise if place.org_wide and place.enterprise else place.team
    here = own in ("", place.team, place.enterprise)
    return Person((home or own or place.enterprise) if here else own, user)


def _who(body: Mapping[str, Any]) -> Person:
    user, team = _dict(body, "user"), _dict(body, "team")
    enterprise = _text(_dict(body, "enterprise"), "id") or _text(team, "enterprise_id")
    place = Place(_text(team, "id"), enterprise, _org_wide(body))
    return _person(_text(user, "id"), _text(user, "team_id"), place)


def _place(body: Mapping[str, Any]) -> Place:
    """Where an event happened: its installation is named by the first of its authorizations."""
    every = body.get("authorizations")
    first = every[0] if isinstance(every, list) and every and isinstance(every[0], Mapping) else {}
    enterprise = _text(first, "enterprise_id") or _text(body, "enterprise_id")
    return Place(_text(body, "team_id") or _text(first, "team_id"), enterprise, _org_wide(first) or _org_wide(body))


def _org_wide(body: Mapping[str, Any]) -> bool:
    return body.get("is_enterprise_install") in (True, "true")


def _dict(body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = body.get(key)
    return value if isinstance(value, Mapping) else {}


def _text(body: Mapping[str, Any], key: str) -> str:
    value = body.get(key)
    return value if isinstance(value, str) else ""
