"""The Home tab: one's account, subscriptions, channels and what one did last. Pure, and within Slack's bounds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.blocks.audit_words import came
from bot.blocks.channels import is_channel, mention
from bot.blocks.filter_words import in_words
from bot.blocks.layout import actions, button, confirm, context, divider, header, section
from bot.blocks.limits import VIEW_BLOCKS
from bot.blocks.neutral import naming
from bot.blocks.parts import facts
from bot.blocks.subscription_list import menu
from bot.blocks.subscription_words import Standing, health
from bot.blocks.text import code, count, link, plain, when
from bot.domain.acts import Act, Deed
from bot.domain.digests import Rhythm
from bot.domain.errors import UserError
from bot.domain.messages import Block
from bot.domain.offers import Offer
from bot.domain.subscriptions import Subscription
from bot.rules.rhythm import quiet_until

SUBSCRIPTIONS, CHANNELS, DEEDS = 15, 12, 10  # that are shown
UNLINK = "home_unlink"
_VALUES = ("to", "visibility", "words")  # parameters that say what it is set to


@dataclass(frozen=True, slots=True)
class Linked:
    """The account, without its token. `username` is "" for none; `trouble` is why it cannot be used."""

    username: str = ""
    linked_at: datetime | None = None
    scopes: Sequence[str] | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """A channel that somebody looks after."""

    id: str
    own: bool  # they are its owner: told when it cannot be posted to
    subscriptions: int
    rhythm: Rhythm


@dataclass(frozen=True, slots=True)
class Home:
    """What one person's Home tab shows. `times` are those of the channels, `undo` ways back by the reference of what
    was done.
    """

    quay_url: str
    quay_name: str
    linked: Linked
    wishes: Sequence[Standing] = ()
    rooms: Sequence[Room] = ()
    deeds: Sequence[Deed] = ()
    undo: Mapping[str, Offer] = field(default_factory=dict, hash=False)
    times: Mapping[str, Rhythm] = field(default_factory=dict, hash=False)


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
        head = f"*{code(one.wanted.target, 260)}* {code(one.name)} · {facts(health(wish, now), _quiet(one, home, now))}"
        blocks.append(section(f"{head}\n{_said(one)}", accessory=menu(wish, now)))
    return [*blocks, *_more(len(home.wishes) - SUBSCRIPTIONS, "subscription", "`/quay subscriptions` has them all.")]


def _said(one: Subscription) -> str:
    """What it tells; a filter that nobody can read any more is shown as it is."""
    try:
        return in_words(one.wanted)
    except UserError:
        return code(one.wanted.filter, 1000)


def _quiet(one: Subscription, home: Home, now: datetime) -> str:
    """Whether its channel is told only what is critical now."""
    until = quiet_until(home.times.get(one.channel, Rhythm()), now)
    return f"🌙 quiet hours until {when(until)}" if until else ""


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
    if is_channel(channel):
        return {"type": "channel", "channel_id": channel}
    return {"type": "text", "text": "direct messages"}


def _line(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def _deeds(home: Home) -> list[Block]:
    title, shown = header("What I did last"), home.deeds[:DEEDS]
    if not shown:
        return [divider(), title, section("Nothing yet. `/quay help` shows what there is.")]
    channels = [channel for channel in map(_place, shown) if is_channel(channel)]
    blocks = [divider(), title | ({"block_id": naming(*channels)} if channels else {})]
    for deed in shown:
        offer = home.undo.get(deed.reference)
        act = deed.act
        named = (act.name, 60), (act.target, 260), (_value(act), 160)
        what = " ".join((when(deed.at), *(code(word, most) for word, most in named if word)))
        words = facts(what, mention(_place(deed)), came(deed), code(deed.reference, 40))
        blocks.append(section(words, accessory=_undo(offer, act) if offer else None))
    return [*blocks, context("`/quay audit` has more.")] if len(home.deeds) > DEEDS else blocks


def _place(deed: Deed) -> str:
    """The channel that it is about, or where it was asked."""
    return deed.act.parameters.get("channel", deed.channel)


def _value(act: Act) -> str:
    return next((act.parameters[name] for name in _VALUES if act.parameters.get(name)), "")


def _undo(offer: Offer, act: Act) -> Block:
    """The question says what is taken back, and what is done for that."""
    text = f"It takes back: {_in_short(act)}.\nThat is done by: {_in_short(offer.act)}."
    return button("undo", "Undo", value=offer.name, confirm=confirm("Undo this?", text, yes="Undo", no="Leave it"))


def _in_short(act: Act) -> str:
    words = (act.name[:40], act.target[:60], _value(act)[:40])
    return " ".join(filter(None, words))


def _more(number: int, noun: str, where: str) -> list[Block]:
    return [context(f"and {count(number, f'more {noun}')}. {where}".rstrip())] if number > 0 else []
