"""What the acts "quiet" and "digest" share: how the times of a channel are changed, told and taken back."""

from collections.abc import Callable
from dataclasses import replace

from bot.blocks.layout import section
from bot.blocks.text import code, plain
from bot.domain.acts import Act
from bot.domain.digests import Rhythm
from bot.domain.errors import UserError
from bot.ports import Channel
from bot.rules.rhythm import OFF, clock_words, quiet_until
from bot.services.gate import Going
from handlers.acting.announcing import announce
from handlers.acting.proposing import Undo
from handlers.clocks import zone_of
from handlers.command import Ask, Desk, Reply
from handlers.words import small, whisper

QUIET, DIGEST = "quiet", "digest"
CHANNEL, TO, ZONE, WAS = "channel", "to", "time zone", "only if still"
_NO_CHANNEL = "These times belong to a channel. Please write this in the channel that you mean."
_MOVED = "The times of this channel were changed meanwhile, so I left them as they are. {how} shows them."
_HOW = f"{code('/quay quiet')} and {code('/quay digest')} show what is set here."

Change = Callable[[Rhythm, str], Rhythm]


async def wanted(name: str, to: str, ask: Ask, desk: Desk) -> Act:
    """The act for the channel where it is asked, on the clock of whoever asks. Raises UserError if it is so already."""
    zone = getattr(await zone_of(ask.person, desk), "key", "UTC")
    now = (await rhythm_here(ask, desk)).rhythm
    if _value(name, now) == to and (not to or now.zone == zone):
        what = "quiet hours" if name == QUIET else "summaries"
        raise UserError(f"That is set already: {to} ({now.zone})." if to else f"There are no {what} here.")
    return Act(name, "", {CHANNEL: ask.channel, TO: to or OFF, ZONE: zone})


async def rhythm_here(ask: Ask, desk: Desk) -> Channel:
    """The channel in which it is asked. Raises UserError if it is asked nowhere."""
    if not ask.channel:
        raise UserError(_NO_CHANNEL)
    return await desk.channels.of(ask.channel)


async def run(act: Act, going: Going, desk: Desk, change: Change, did: str) -> Reply:
    """Set it, and tell the channel with a way back. Raises UserError if an undo would take back something else."""
    channel, given = await desk.channels.of(act.parameters[CHANNEL]), act.parameters
    before = channel.rhythm
    if WAS in given and given[WAS] != state(before):
        raise UserError(_MOVED.format(how=code(f"/quay {act.name}")))
    to = "" if given[TO] == OFF else given[TO]
    after = replace(change(before, to), zone=given[ZONE], told_at=desk.clock.now())
    await desk.channels.keep(replace(channel, rhythm=after))
    going.result.detail = f"The channel has {state(after)} now; before: {state(before)}."
    said = f"<@{going.person.user}> {did} {_moved_along(before, after)}".rstrip()
    await announce(going, desk, said, undo=_back(act, before, after))
    return whisper(f"Done: you {did}", small(_HOW))


def state(rhythm: Rhythm) -> str:
    """All that is set, as one line."""
    times = f"quiet hours {rhythm.quiet or OFF}, summaries {rhythm.digest or OFF}"
    return f"{times} ({rhythm.zone})" if rhythm.quiet or rhythm.digest else times


async def shown(ask: Ask, desk: Desk) -> Reply:
    """What is set in the channel in which it is asked."""
    now = (await rhythm_here(ask, desk)).rhythm
    until = quiet_until(now, desk.clock.now())
    quiet = f"*Quiet hours:* {_clock(now.quiet, now)}" if now.quiet else "*Quiet hours:* none"
    quiet += f". It is quiet until {clock_words(until, now.zone)}" if until else ""
    digest = f"*Summaries:* {_clock(now.digest, now)}" if now.digest else "*Summaries:* none"
    forms = " · ".join(map(code, ("/quay quiet 22:00-07:00", "/quay digest daily 09:00", "/quay digest off")))
    return whisper("Times of this channel:", section(f"{quiet}.\n{digest}."), small(f"Change them: {forms}"))


def words(act: Act, what: str) -> str:
    """The act as a request: what is set in which channel."""
    given = act.parameters
    to = f"to {code(given.get(TO, ''))} on the clock of {code(given.get(ZONE, ''))}"
    return f"Set the {what} of the channel {code(given.get(CHANNEL, ''))} {to}."


def _clock(times: str, rhythm: Rhythm) -> str:
    return f"{plain(times.replace('-', '–'))} ({plain(rhythm.zone)})"


def _value(name: str, rhythm: Rhythm) -> str:
    return rhythm.quiet if name == QUIET else rhythm.digest


def _back(act: Act, before: Rhythm, after: Rhythm) -> Undo:
    given = {CHANNEL: act.parameters[CHANNEL], TO: _value(act.name, before) or OFF, ZONE: before.zone}
    question = f"Put it back to what it was: {state(before)}?"
    return Undo(Act(act.name, "", {**given, WAS: state(after)}), "", question)


def _moved_along(before: Rhythm, after: Rhythm) -> str:
    """One channel has one clock: what else is set follows it."""
    kept = [words for words, same, value in (
        ("The quiet hours are", before.quiet == after.quiet, after.quiet),
        ("The summaries are", before.digest == after.digest, after.digest),
    ) if same and value]  # fmt: skip
    if before.zone == after.zone or not kept:
        return ""
    return f"{kept[0]} on the clock of {plain(after.zone)} now, too."
