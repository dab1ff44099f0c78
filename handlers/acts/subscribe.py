"""The act "subscribe": this channel wants to be told about a repository, about many, or about a namespace's storage.

It is always about the channel where it is asked: there is no way to name another one.
"""

import asyncio
from dataclasses import replace

from bot.blocks.filter_words import in_words
from bot.blocks.text import code
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.domain.subscriptions import State, Subscription, Wanted
from bot.ports import Quay
from bot.rules.subscribing import is_pattern, wanted, written
from bot.services import subscribing
from bot.services.gate import Going
from bot.services.upkeep.covering import covered
from handlers.acting.proposing import Undo
from handlers.acts.rights import needs_admin
from handlers.command import ActKind, Desk, Preview, Reply
from handlers.subscription_preview import seen
from handlers.subscription_telling import tell
from handlers.subscription_tending import tended
from handlers.words import whisper

NAME = "subscribe"
DOES = "subscribe a channel to it"
_WORDS, _REPLACES, _WAS = "words", "replaces", "instead of"
_LOOKED = 10  # repositories of a pattern whose roles are looked at before it is stored
NO_ADDRESS = (
    "Quay could not reach me: the operator has to set PUBLIC_URL, the address under which Quay sends its webhooks, and "
    "to start me again. Then subscribe once more."
)
_CHANGED = "This channel's subscription to {} has changed since. So I left it as it is."


def act_of(wish: Wanted, old: Subscription | None = None) -> Act:
    """Subscribe to that, in place of a subscription that the channel has."""
    replaces = {_REPLACES: old.name, _WAS: written(old.wanted)} if old else {}
    return Act(NAME, wish.target, {_WORDS: written(wish), **replaces})


def wish_of(act: Act) -> Wanted:
    """What is wanted. Raises UserError where the words are none that are understood today."""
    return wanted(act.target, act.parameters.get(_WORDS, "").split())


async def resolve(act: Act, quay: Quay) -> Act:
    """Nothing is left open. Raises UserError for what is not there, and Lacking for whoever may not."""
    target = act.target
    if is_pattern(target):
        names = (await covered(quay, target))[:_LOOKED]
        roles = await asyncio.gather(*(quay.sighting(name) for name in names))
        if names and not any(role.can_admin for role in roles):
            needs_admin(replace(await quay.repositories.get(names[0]), can_admin=False), DOES)
    elif "/" in target:
        needs_admin(await quay.repositories.get(target), DOES)
    else:
        await quay.notifications.all(target)  # only its admins see them
    return act


async def preview(act: Act, going: Going, desk: Desk) -> Preview:
    """What it is in words, what it covers, what it would have posted, and who would read it."""
    wish = wish_of(act)
    old = await _checked(act, going, desk)
    shown = await seen(wish, old, going, desk)
    return Preview(shown.blocks, yes="Change it" if old else "Subscribe", danger=shown.warns)


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Store it, set it up in Quay as far as that goes quickly, and tell the channel."""
    wish = wish_of(act)
    old = await _checked(act, going, desk)
    await resolve(act, going.quay)  # an undo comes here without a preview
    new = await _stored(wish, old, going, desk)
    did = "changed a subscription of this channel." if old else "subscribed this channel."
    await tell(did, in_words(new.wanted), going, desk, undo=_way_back(new, old))  # if we die next, it is known
    how = await tended(new, desk)
    going.result.detail = f"Subscription {new.name}. {how.plain}"
    name = code(new.name)
    done = f"Done: this channel's subscription {name} is another one now." if old else f"Done: it is called {name}."
    hint = f"{code(f'/quay test {new.name}')} proves the whole way, {code('/quay subscriptions')} shows how it is."
    return whisper(" ".join(filter(None, (done, how.words, hint))))


async def _checked(act: Act, going: Going, desk: Desk) -> Subscription | None:
    """The one that is replaced, None for a new one. Raises UserError where it cannot be, or things have changed."""
    if not desk.public_url:
        raise UserError(NO_ADDRESS)
    here, there = _channel(going), act.parameters.get(_REPLACES, "")
    if there:
        old = await desk.subscriptions.get(there)
        same = old is not None and (old.channel, old.wanted.target) == (here, act.target)
        if old is None or not same or old.state is State.ENDED or written(old.wanted) != act.parameters.get(_WAS, ""):
            raise UserError(_CHANGED.format(act.target))
        return old
    if await subscribing.about(here, act.target, desk.subscriptions):
        raise UserError(subscribing.AGAIN.format(act.target))
    await subscribing.room(here, going.person, desk.subscriptions)
    return None


async def _stored(wish: Wanted, old: Subscription | None, going: Going, desk: Desk) -> Subscription:
    """Whoever changes one looks after it from then on: it was their role in Quay that was just looked at."""
    now, person, username = desk.clock.now(), going.person, going.account.username
    if old is None:
        new = Subscription("", _channel(going), wish, person, username, now)
        return await subscribing.add(new, desk.subscriptions, now)
    new = replace(old, wanted=wish, person=person, username=username, state=State.ACTIVE, reason="", source="chat")
    if not await desk.subscriptions.change(old, new, now):
        raise UserError(_CHANGED.format(wish.target))
    return new


def _way_back(new: Subscription, old: Subscription | None) -> Undo:
    """The former wish, or none at all."""
    target = new.wanted.target[:120]
    if old:
        return Undo(act_of(old.wanted, new), "", f"Give the subscription to {target} its former words back?")
    ending = Act("unsubscribe", new.wanted.target, {"name": new.name, "words": written(new.wanted)})
    return Undo(ending, "", f"End this channel's subscription to {target}?")


def _channel(going: Going) -> str:
    """Where it was asked; whoever asked where there is no channel gets the alerts as direct messages."""
    return going.channel or going.person.user


def says(act: Act) -> str:
    """To what, to the last word, and which one goes for it."""
    old = act.parameters.get(_WAS, "")
    instead = f" It replaces {code(act.parameters.get(_REPLACES, ''))}: {code(old, 2000)}." if old else ""
    words = code(act.parameters.get(_WORDS, ""), 2000)
    try:
        meaning = in_words(wish_of(act))
    except UserError:
        meaning = "These words mean nothing today."
    return f"Subscribe the channel to {code(act.target, 600)}: {words}. {meaning}{instead}"


KIND = ActKind(name=NAME, run=run, says=says, resolve=resolve, preview=preview)
