"""The Home tab: one's account, subscriptions, channels and what one did last. Pure, and within Slack's bounds."""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from bot.blocks.audit_words import came
from bot.blocks.filter_words import in_words
from bot.blocks.layout import actions, button, confirm, context, divider, header, section
from bot.blocks.limits import VIEW_BLOCKS
from bot.blocks.parts import facts
from bot.blocks.text import code, count, link, plain, when
from bot.domain.acts import Deed
from bot.domain.digests import Rhythm
from bot.domain.errors import UserError
from bot.domain.messages import Block
from bot.domain.offers import Offer
from bot.domain.subscriptions import OFF, Part, State, Subscription

SUBSCRIPTIONS, CHANNELS, DEEDS = 15, 12, 10  # that are shown
UNLINK = "home_unlink"
_CHANNEL = re.compile(r"[CG][A-Z0-9]+")
_BUTTONS = (
    ("subscription_test", "Test"),
    ("subscription_pause", "Pause"),
    ("subscription_unsubscribe", "Unsubscribe"),
)


@dataclass(frozen=True, slots=True)
class Linked:
    """The account, without its token. `username` is "" for none; `trouble` is why it cannot be used."""

    username: str = ""
    linked_at: datetime | None = None
    scopes: Sequence[str] | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """A subscription with its parts."""

    subscription: Subscription
    parts: Sequence[Part] = ()


@dataclass(frozen=True, slots=True)
class Room:
    """A channel that somebody looks after."""

    id: str
    own: bool  # they are its owner: told when it cannot be posted to
    subscriptions: int
    rhythm: Rhythm


@dataclass(frozen=True, slots=True)
class Home:
    """What one person's Home tab shows. `undo` are ways back by the reference of what was done.

    `buttons` are the ids of the buttons that there are.
    """

    quay_url: str
    quay_name: str
    linked: Linked
    wishes: Sequence[Wish] = ()
    rooms: Sequence[Room] = ()
    deeds: Sequence[Deed] = ()
    undo: Mapping[str, Offer] | None = None
    buttons: Set[str] = frozenset()


def home_blocks(home: Home, now: datetime) -> tuple[Block, ...]:
    """All of it."""
    parts = (
        _account(home),
        _subscriptions(home, now),
        _channels(home.rooms),
        _deeds(home),
        (context(f"Seen {when(now)}. It is drawn anew whenever you open it."),),
    )
    blocks = [block for part in parts for block in part]
    return tuple(blocks[:VIEW_BLOCKS])


def health(wish: Wish, now: datetime) -> str:
    """How a subscription is, in a few words."""
    one = wish.subscription
    if one.state is State.ORPHANED:
        return f"⚠️ needs somebody to look after it: {plain(one.reason, 200) or 'your account cannot any more'}"
    if one.paused_until and one.paused_until > now:
        return f"⏸️ paused until {when(one.paused_until)}"
    if one.reason:
        return f"⚠️ {plain(one.reason, 200)}"
    if any(part.failures >= OFF for part in wish.parts):
        return "⚠️ Quay has switched a notification off; I switch it on again"
    if not wish.parts or any(not part.uuid for part in wish.parts):
        return "⏳ being set up"
    return "✅ works"


def _account(home: Home) -> list[Block]:
    linked, quay = home.linked, link(home.quay_url, home.quay_name)
    blocks = [header("My account")]
    if not linked.username:
        said = f"{plain(linked.trouble, 300)}\n" if linked.trouble else ""
        words = f"{said}No account of yours on {quay} is linked. I act there as *you*, with your own rights."
        return [*blocks, section(words), actions(button("link_start", "Link my Quay account", style="primary"))]
    since = f", linked {when(linked.linked_at)}" if linked.linked_at else ""
    scopes = "Scopes: " + " ".join(map(code, sorted(linked.scopes)[:12])) if linked.scopes else ""
    about = f"You are *{plain(linked.username)}* on {quay}{since}."
    sure = confirm(
        "Unlink?", "I forget your account, and can do nothing there in your name.", yes="Unlink", no="Keep it"
    )
    row = (button("link_start", "Link again"), button(UNLINK, "Unlink", confirm=sure))
    return [*blocks, section("\n".join(filter(None, (about, scopes)))), actions(*row)]


def _subscriptions(home: Home, now: datetime) -> list[Block]:
    blocks = [divider(), header("My subscriptions")]
    if not home.wishes:
        return [*blocks, section(f"None yet. {code('/quay subscribe acme/web')} in a channel makes one.")]
    channel = ""
    for wish in home.wishes[:SUBSCRIPTIONS]:
        one = wish.subscription
        if one.channel != channel:
            channel = one.channel
            blocks.append(_line({"type": "text", "text": "In "}, _named(channel)))
        head = f"*{plain(one.wanted.target, 260)}* {code(one.name)} · {health(wish, now)}"
        blocks += [section(f"{head}\n{_said(one)}"), *_row(one, home.buttons)]
    return [*blocks, *_more(len(home.wishes) - SUBSCRIPTIONS, "subscription", "`/quay subscriptions` has them all.")]


def _said(one: Subscription) -> str:
    """What it tells; a filter that nobody can read any more is shown as it is."""
    try:
        return in_words(one.wanted)
    except UserError:
        return code(one.wanted.filter, 1000)


def _row(one: Subscription, known: Set[str]) -> list[Block]:
    """What can be done about it."""
    sure = confirm("Unsubscribe?", f"{one.wanted.target[:200]} is told there no more.", yes="Unsubscribe", no="Keep it")
    found = [
        button(id_, label, value=one.name, confirm=sure if id_ == "subscription_unsubscribe" else None)
        for id_, label in _BUTTONS
        if id_ in known
    ]
    return [actions(*found)] if found else []


def _channels(rooms: Sequence[Room]) -> list[Block]:
    blocks = [divider(), header("Channels I look after")]
    if not rooms:
        return [*blocks, section("None: no channel has a subscription of yours, or has you as its owner.")]
    blocks += [_room(room) for room in rooms[:CHANNELS]]
    return [*blocks, *_more(len(rooms) - CHANNELS, "channel", "")]


def _room(room: Room) -> Block:
    """A line with the channel's own name, which Slack shows to those who may see it."""
    about = [count(room.subscriptions, "subscription")] if room.subscriptions else []
    about += ["you are its owner"] if room.own else []
    about += [f"quiet {room.rhythm.quiet} ({room.rhythm.zone})"] if room.rhythm.quiet else []
    about += [f"summary {room.rhythm.digest} ({room.rhythm.zone})"] if room.rhythm.digest else []
    rest: Block = {"type": "text", "text": f" · {' · '.join(about)}" if about else " "}
    return _line(_named(room.id), rest)


def _named(channel: str) -> Block:
    """The channel as an element: its name is foreign text, and Slack itself shows it."""
    known = _CHANNEL.fullmatch(channel)
    return {"type": "channel", "channel_id": channel} if known else {"type": "text", "text": "direct messages"}


def _line(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def _deeds(home: Home) -> list[Block]:
    blocks = [divider(), header("What I did last")]
    if not home.deeds:
        return [*blocks, section("Nothing yet. `/quay help` shows what there is.")]
    for deed in home.deeds[:DEEDS]:
        offer = (home.undo or {}).get(deed.reference)
        what = " ".join(filter(None, (when(deed.at), code(deed.act.name, 60), code(deed.act.target, 260))))
        words = facts(what, came(deed), code(deed.reference, 40))
        blocks.append(section(words, accessory=_undo(offer) if offer else None))
    return [*blocks, context("`/quay audit` has more.")] if len(home.deeds) > DEEDS else blocks


def _undo(offer: Offer) -> Block:
    question = confirm("Undo this?", f"It takes back {offer.reference}.", yes="Undo", no="Leave it")
    return button("undo", "Undo", value=offer.name, confirm=question)


def _more(number: int, noun: str, where: str) -> list[Block]:
    return [context(f"and {count(number, f'more {noun}')}. {where}".rstrip())] if number > 0 else []
