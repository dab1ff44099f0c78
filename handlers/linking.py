"""What people are told about linking an account: which ways there are here, and what has changed afterwards."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from bot.blocks.layout import actions, button, section
from bot.blocks.spoken import spoken
from bot.blocks.text import code, link, plain, when
from bot.blocks.urls import user_url
from bot.domain.acts import Act
from bot.domain.errors import GiveUp, NotLinked
from bot.domain.messages import Block
from bot.domain.people import Person
from bot.services.linking import BASE, NOT_SET_UP, Linked, Ways
from bot.services.noting import Lines, noted
from handlers import keeping
from handlers.command import Desk, Origin, Reply
from handlers.words import host, small, whisper

_YOURS = (
    "The linking page serves ways 1 and 2. It is yours alone and works for ten minutes. Send its address to nobody."
)
_LACKING = "What you wanted takes more than your token may. Whichever way you choose, the new one has to have"
_KNOWN = BASE | {"repo:create", "user:admin", "org:admin"}  # scopes that a button may ask for (facts §2.4)


def scopes_in(value: str) -> frozenset[str]:
    """The scopes that a button's value names, of those that there are."""
    return frozenset(value.split()) & _KNOWN


async def offer(person: Person, origin: Origin, desk: Desk, scopes: frozenset[str] = frozenset()) -> Reply:
    """Which ways there are, with a button for each. Whoever reads it starts a new attempt; earlier ones are void."""
    ways, more = desk.linking.ways(), " ".join(sorted(scopes))
    ticket = await desk.linking.start(person, origin.pack(), scopes) if ways.browser else ""
    buttons = [
        button("link_open", "Open the linking page", url=ticket, style="primary") if ways.browser else None,
        button("link_paste", "Paste a token", value=more) if not ways.pasted else None,
        button("link_code", "I have a code") if ways.browser else None,
    ]
    shown = [each for each in buttons if each]
    blocks: list[Block] = [section(_explained(ways))]
    blocks += [section(f"{_LACKING} {_listed(scopes)}")] if scopes else []
    blocks += [actions(*shown)] if shown else []
    blocks += [small(_YOURS)] if ways.browser else []
    return whisper(f"I act in Quay as *you*, with your own rights. {await _now(person, desk)}", *blocks)


async def confirm(person: Person, typed: str, channel: str, desk: Desk) -> Linked:
    """Link the account whose code this is. Raises as Linking.confirm."""
    work = partial(desk.linking.confirm, person, typed.strip())
    act = Act("link", "", {"way": "browser"})
    return await noted(Lines(desk.gate.audit, act, person, channel), work, lambda linked: linked.account.username)


async def welcome(linked: Linked, desk: Desk) -> Reply:
    """What somebody is told whose account was linked just now; what they asked for before goes on by itself."""
    account, quay = linked.account, plain(host(desk.quay_url))
    if linked.already:
        return whisper(f"That code is used: you are linked already, as *{plain(account.username)}* on {quay}.")
    who = f"You are *{plain(account.username)}* on {quay} now."
    more = [small(_left(desk))] if linked.left else []
    wish = await keeping.take(account.person, desk)
    if wish is None:
        hint = f"Try {code('/quay build acme/web')}, or {code('/quay help')} for more."
        return replace(whisper(f"{who} {hint}", *more), home=True)
    said = whisper(f"{who} Now I do {wish.says}", *more)
    return Reply(said.message, again=keeping.pack(wish), home=True)


def revoke_at_quay(desk: Desk, username: str = "") -> str:
    """Where somebody revokes a token of theirs, as mrkdwn. Without a user name: at Quay's front page."""
    page = user_url(desk.quay_url, username) if username else desk.quay_url
    return f"{link(page, 'in your settings at Quay')}, below *External Logins and Applications*"


def _left(desk: Desk) -> str:
    """The new token is not the old one's end, and the old one may be another account's."""
    return f"I have forgotten your earlier token, but Quay may still take it. Revoke it {revoke_at_quay(desk)}."


def _explained(ways: Ways) -> str:
    """Numbered: what is said about the linking page goes by the numbers."""
    rows = (
        ("Sign in at Quay", ways.code, "for admins of the organization that the bot's application belongs to."),
        ("Take over an assigned token", ways.assigned, "if an admin of that organization has assigned you one."),
        ("Paste a token", ways.pasted, "for anybody who has one, or can make one in an organization."),
    )
    return "\n".join(
        f"{'✗' if not_ else '✓'} *{number}. {name}:* {spoken(NOT_SET_UP) if not_ else fits}"
        for number, (name, not_, fits) in enumerate(rows, 1)
    )


async def _now(person: Person, desk: Desk) -> str:
    try:
        account = await desk.accounts.of(person)
    except NotLinked:
        return "No account of yours is linked yet."
    except GiveUp as error:  # linking anew mends it
        return spoken(error.say)
    return f"Now that is *{plain(account.username)}*, linked {when(account.linked_at)}."


def _listed(scopes: Iterable[str]) -> str:
    return " ".join(code(scope) for scope in sorted(scopes))
