"""Quiet hours and summaries of a channel: the acts "quiet" and "digest", how they are asked for and taken back."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.blocks.layout import section
from bot.blocks.text import code, plain
from bot.domain.acts import Act
from bot.domain.digests import Rhythm
from bot.domain.errors import UserError
from bot.ports import Channel
from bot.rules.rhythm import OFF, clock_words, parse_digest, parse_quiet, quiet_until
from bot.services.gate import Going
from handlers.acting.announcing import announce
from handlers.acting.doing import do
from handlers.acting.proposing import Undo
from handlers.clocks import zone_of
from handlers.command import ActKind, Ask, Command, Desk, Reply
from handlers.subscription_people import needs_a_say
from handlers.words import small, whisper

CHANNEL, TO, ZONE, WAS = "channel", "to", "time zone", "only if still"
_NO_CHANNEL = "These times belong to a channel. Please write this in the channel that you mean."
_MOVED = "The times of this channel were changed meanwhile, so I left them as they are. {how} shows them."
_HOW = f"{code('/quay quiet')} and {code('/quay digest')} show what is set here."


@dataclass(frozen=True, slots=True)
class Times:
    """One of the two: its act, which is its word as well, what it is called, and what is done by setting it."""

    name: str
    what: str
    parse: Callable[[str], str]
    value: Callable[[Rhythm], str]
    change: Callable[[Rhythm, str], Rhythm]
    off: str
    on: Callable[[str, str], str]  # to what, and on which clock (mrkdwn)


def _quiet_words(to: str, zone: str) -> str:
    start, end = map(plain, to.split("-"))
    return (
        f"set quiet hours for this channel: *{start}–{end}* ({plain(zone)}). Meanwhile I tell only what is "
        f"critical, and at {end} what else happened."
    )


QUIET = Times(
    "quiet",
    "quiet hours",
    parse_quiet,
    lambda rhythm: rhythm.quiet,
    lambda rhythm, to: replace(rhythm, quiet=to),
    "switched the quiet hours of this channel off. Everything is told at once again.",
    _quiet_words,
)
DIGEST = Times(
    "digest",
    "summaries",
    parse_digest,
    lambda rhythm: rhythm.digest,
    lambda rhythm, to: replace(rhythm, digest=to),
    "switched the summaries of this channel off.",
    lambda to, zone: f"set summaries for this channel: *{plain(to)}* ({plain(zone)}).",
)


def act_kind(times: Times) -> ActKind:
    """The act that sets them or switches them off."""
    return ActKind(name=times.name, run=partial(_run, times), says=partial(_says, times))


def command(times: Times, kind: ActKind, usage: tuple[str, ...], summary: str, details: str) -> Command:
    """The word that asks for it; alone, it says what is set."""
    run = partial(_ask, times, kind)
    return Command(word=times.name, usage=usage, summary=summary, section="Alerts", details=details, run=run)


async def _ask(times: Times, kind: ActKind, ask: Ask, desk: Desk) -> Reply | None:
    if not ask.words:
        return await _shown(ask, desk)
    act = await _wanted(times, times.parse(" ".join(ask.words)), ask, desk)
    return await do(kind, act, ask.person, ask.channel, desk)


async def _wanted(times: Times, to: str, ask: Ask, desk: Desk) -> Act:
    """The act for the channel where it is asked, on the clock of whoever asks. Raises UserError if it is so already."""
    zone = getattr(await zone_of(ask.person, desk), "key", "UTC")
    now = (await _channel_here(ask, desk)).rhythm
    if times.value(now) == to and (not to or now.zone == zone):
        raise UserError(f"That is set already: {to} ({now.zone})." if to else f"There are no {times.what} here.")
    return Act(times.name, "", {CHANNEL: ask.channel, TO: to or OFF, ZONE: zone})


async def _channel_here(ask: Ask, desk: Desk) -> Channel:
    if not ask.channel:
        raise UserError(_NO_CHANNEL)
    return await desk.channels.of(ask.channel)


async def _run(times: Times, act: Act, going: Going, desk: Desk) -> Reply:
    """Set it, and tell the channel with a way back. Raises UserError if an undo would take back something else."""
    channel, given = await desk.channels.of(act.parameters[CHANNEL]), act.parameters
    await needs_a_say(channel, going, desk)
    before, to = channel.rhythm, "" if given[TO] == OFF else given[TO]
    after = _changed(before, replace(times.change(before, to), zone=given[ZONE]), desk.clock.now())
    same = given.get(WAS, state(before)) == state(before)
    if not same or not await desk.channels.set_rhythm(channel.id, before, after):
        raise UserError(_MOVED.format(how=code(f"/quay {act.name}")))
    going.result.detail = f"The channel has {state(after)} now; before: {state(before)}."
    did = times.on(to, after.zone) if to else times.off
    said = f"<@{going.person.user}> {did} {_moved_along(before, after)}".rstrip()
    await announce(going, desk, said, undo=_back(times, act, before, after))
    return whisper(f"Done: you {did}", small(_HOW))


def _changed(before: Rhythm, after: Rhythm, now: datetime) -> Rhythm:
    """Other times for summaries hold from now on. What quiet hours have kept out so far waits, whatever is changed."""
    if (before.digest, before.zone) == (after.digest, after.zone):
        return after
    return replace(after, told_at=now)


def state(rhythm: Rhythm) -> str:
    """All that is set, as one line."""
    times = f"quiet hours {rhythm.quiet or OFF}, summaries {rhythm.digest or OFF}"
    return f"{times} ({rhythm.zone})" if rhythm.quiet or rhythm.digest else times


async def _shown(ask: Ask, desk: Desk) -> Reply:
    """What is set in the channel in which it is asked."""
    now = (await _channel_here(ask, desk)).rhythm
    until = quiet_until(now, desk.clock.now())
    quiet = f"*Quiet hours:* {_clock(now.quiet, now)}" if now.quiet else "*Quiet hours:* none"
    quiet += f". It is quiet until {clock_words(until, now.zone)}" if until else ""
    digest = f"*Summaries:* {_clock(now.digest, now)}" if now.digest else "*Summaries:* none"
    forms = " · ".join(map(code, ("/quay quiet 22:00-07:00", "/quay digest daily 09:00", "/quay digest off")))
    return whisper("Times of this channel:", section(f"{quiet}.\n{digest}."), small(f"Change them: {forms}"))


def _says(times: Times, act: Act) -> str:
    """The act as a request: what is set in which channel."""
    given = act.parameters
    to = f"to {code(given.get(TO, ''))} on the clock of {code(given.get(ZONE, ''))}"
    return f"Set the {times.what} of the channel {code(given.get(CHANNEL, ''))} {to}."


def _clock(times: str, rhythm: Rhythm) -> str:
    return f"{plain(times.replace('-', '–'))} ({plain(rhythm.zone)})"


def _back(times: Times, act: Act, before: Rhythm, after: Rhythm) -> Undo:
    given = {CHANNEL: act.parameters[CHANNEL], TO: times.value(before) or OFF, ZONE: before.zone}
    question = f"Put it back to what it was: {state(before)}?"
    return Undo(Act(act.name, "", {**given, WAS: state(after)}), "", question)


def _moved_along(before: Rhythm, after: Rhythm) -> str:
    """One channel has one clock: what else is set follows it."""
    kept = [
        f"The {times.what} are"
        for times in (QUIET, DIGEST)
        if times.value(after) and times.value(before) == times.value(after)
    ]
    if before.zone == after.zone or not kept:
        return ""
    return f"{kept[0]} on the clock of {plain(after.zone)} now, too."
