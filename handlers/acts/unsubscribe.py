"""The act "unsubscribe": a subscription ends, and its notifications in Quay go."""

from bot.blocks.filter_words import in_words
from bot.blocks.layout import section
from bot.blocks.subscription_overlaps import goes_on, still_told
from bot.blocks.text import code, count
from bot.domain.acts import Act
from bot.domain.subscriptions import Subscription
from bot.rules.overlaps import behind
from bot.rules.subscribing import written
from bot.services import subscribing
from bot.services.gate import Going
from bot.services.subscribing import THE_NAME
from handlers.acting.proposing import Undo
from handlers.acts import subscribe
from handlers.command import ActKind, Desk, Preview, Reply
from handlers.subscription_finding import THE_WORDS, still
from handlers.subscription_telling import tell
from handlers.subscription_tending import tended
from handlers.words import whisper

NAME = "unsubscribe"


def act_of(one: Subscription) -> Act:
    """End it, as it is now."""
    return Act(NAME, one.wanted.target, {THE_NAME: one.name, THE_WORDS: written(one.wanted)})


async def preview(_act: Act, going: Going, desk: Desk) -> Preview:
    """What goes."""
    one = await still(going, desk)
    parts = await desk.subscriptions.parts(one.name)
    where = len({part.target for part in parts})
    much = f"{count(len(parts), 'notification')} in {count(where, 'repository')}" if where > 1 else ""
    since, subjects = desk.clock.now() - subscribing.WEEK, subscribing.subjects(one, parts)
    week = await desk.trail.posted(one.channel, subjects, since, subscription=one.name)
    lines = [
        f"*End this channel's subscription to {code(one.wanted.target, 260)}* ({code(one.name)})",
        in_words(one.wanted),
        f"I remove {much or count(len(parts), 'notification')} of mine in Quay. Cards that are here stay as they are.",
        f"In the last week {count(week, 'message')} came from there.",
        f"{code(one.username)} looks after it.",
    ]
    if others := behind(one, await desk.subscriptions.all(channel=one.channel)):
        lines.append(goes_on(others))
    if one.source == "file":
        lines.append("⚠️ *It comes from a file:* whoever applies that file again brings it back.")
    return Preview((section("\n".join(lines)),), yes="Unsubscribe", danger=True)


async def run(_act: Act, going: Going, desk: Desk) -> Reply:
    """End it, take its notifications out of Quay, and tell the channel."""
    one = await still(going, desk)
    ended = await subscribing.end(one, desk.subscriptions, desk.clock.now())
    how = await tended(ended, desk)
    going.result.detail = f"Subscription {one.name} has ended. {how.plain}"
    question = f"Subscribe this channel to {one.wanted.target[:120]} again, with your own account?"
    undo = Undo(subscribe.act_of(one.wanted), "", question)
    others = still_told(one, behind(one, await desk.subscriptions.all(channel=one.channel)))
    was = f"It was: {in_words(one.wanted)} {others}".rstrip()
    await tell("ended a subscription of this channel.", was, going, desk, undo=undo)
    done = f"Done. {others}" if others else "Done: nothing of it is told here any more."
    return whisper(" ".join(filter(None, (done, how.words))))


def says(act: Act) -> str:
    """Which one."""
    words = code(act.parameters.get(THE_WORDS, ""), 2000)
    return (
        f"End the channel's subscription {code(act.parameters.get(THE_NAME, ''))} to {code(act.target, 600)}: {words}. "
        "Its notifications in Quay go."
    )


KIND = ActKind(name=NAME, run=run, says=says, preview=preview)
