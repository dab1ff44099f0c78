"""The chain of events in plain sentences, from the webhook to Slack, and what to do about it as the last one.

Each function takes events with the same fate (why_fates), the newest first: mostly one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks.clean import one_line
from bot.blocks.parts import TAGS, tag_name
from bot.blocks.text import bare, clip_list, code, plain, when
from bot.blocks.why_fates import Fate, deliveries, number, word_of
from bot.domain.said import utc
from bot.domain.trail import Step, Unread, Verdict

PAUSED, QUIET = "paused until ", "quiet hours until "  # what rules/routing writes
LONGEST = 300  # characters of a reason that are worth showing


@dataclass(frozen=True, slots=True)
class Ink:
    """How things look where they are read: times, foreign words in a sentence, names, and advice to run something."""

    when: Callable[[datetime], str]
    said: Callable[[str], str]
    name: Callable[[str], str]
    run: Callable[[str], str]


def _utc(moment: datetime) -> str:
    return utc(moment, seconds=True)


def _short(words: str) -> str:
    return one_line(words)[:LONGEST]


def _zoned(moment: datetime) -> str:
    return when(moment, seconds=True)


BLOCK = Ink(_zoned, plain, code, lambda command: f"my operator can run {code(command, LONGEST)}")
TEXT = Ink(_zoned, bare, code, BLOCK.run)
TERMINAL = Ink(_utc, _short, _short, lambda command: f"run `{one_line(command)}`")


def head(fate: Fate, channels: Sequence[str], ink: Ink) -> str:
    """What happened, how often, to what; and where, unless that is clear (no channels given)."""
    steps = [one for one in fate if isinstance(one, Step)]
    found = _some([step.item.get("vulnerability", "") for step in steps], ink)
    tags = _some([tag_name(tag) for step in steps for tag in step.tags], ink)
    times = f"{number(fate):,} × " if number(fate) > 1 else ""
    about = f" of {found}" if found else ""
    about += f" {'in' if found else 'of'} {tags}" if tags else ""
    return f"{times}{ink.name(fate[0].kind)}{about}{places(channels, ink)}"


def places(channels: Sequence[str], ink: Ink) -> str:
    """The channels at the end of a phrase; nothing for none."""
    some = _some(channels, ink)
    return f", for channel {some}" if some else ""


def _some(names: Sequence[str], ink: Ink) -> str:
    """The first names, each once, and how many more there are."""
    shown, more = clip_list(list(dict.fromkeys(filter(None, names))), TAGS)
    return ", ".join(filter(None, [*map(ink.name, shown), more]))


def chain(steps: Sequence[Step], ink: Ink, *, subscribed: bool = False) -> list[str]:
    """What became of events: one sentence for each station; the last says what to do.

    `subscribed`: they came through a subscription.
    """
    step, came, many = steps[0], _received(steps, ink), number(steps) > 1
    if step.verdict is Verdict.FILTERED:
        alike = ", and the others likewise" if many else ""
        return [came, f"Filtered: {_rule(step.rule, ink)}{alike}.", _todo(_unfilter(step, ink, subscribed=subscribed))]
    queued = f"Queued {ink.when(step.queued_at)}." if step.queued_at and step.verdict is Verdict.OPENED else ""
    parked = f"The channel is parked: {_reason(step.lane, ink)}." if step.lane and step.waiting else ""
    known = (came, _matched(step, ink, many=many), queued, _shown(step, ink), parked)
    return [*filter(None, known), _todo(_advice(step, ink))]


def unread(waiting: Sequence[Unread], ink: Ink) -> list[str]:
    """Deliveries that made nothing yet."""
    newest, came = waiting[0], _received(waiting, ink)
    if newest.reason:
        letter = f"d{newest.delivery}"
        look, again = ink.run(f"quaybot dead show {letter}"), f"quaybot dead retry {letter}"
        which = "the newest body" if len(waiting) > 1 else "the body"
        todo = f"to see {which}, {look}. Once I can read such bodies, {ink.run(again)}."
        others = f" For the others, {ink.run('quaybot dead list')}." if len(waiting) > 1 else ""
        return [came, f"Set aside: {_reason(newest.reason, ink)}.", _todo(todo + others)]
    todo = f"nothing, its turn comes within seconds. If it does not, {ink.run('quaybot doctor')}."
    return [came, "It waits to be read.", _todo(todo)]


def _received(fate: Fate, ink: Ink) -> str:
    first, last = (ink.when(_came(one)) for one in (fate[-1], fate[0]))
    between = last if first == last else f"from {first} to {last}"
    bodies, hook = deliveries(fate), fate[0].hook
    if not bodies:
        return f"Found out by myself, without a webhook, {between}."
    which = f"delivery {bodies[0]}"
    if len(bodies) > 1:
        which = f"{len(bodies):,} deliveries ({bodies[0]} to {bodies[-1]})"
    return f"Received {between} as {which}{f', through webhook URL {hook}' if hook else ''}."


def _came(one: Step | Unread) -> datetime:
    return one.received_at or one.at if isinstance(one, Step) else one.received_at


def _matched(step: Step, ink: Ink, *, many: bool) -> str:
    card = f"card {step.card}" if step.card else "a card that is forgotten by now"
    since = f" (opened {ink.when(step.opened_at)})" if step.opened_at else ""
    match step.verdict:
        case Verdict.OPENED:
            return f"Matched: it opened {card}."
        case Verdict.FOLDED:
            return f"Matched: {'they were' if many else 'it was'} folded into {card}{since}."
        case _:
            return f"Matched, but {card}{since} tells {'them' if many else 'it'} already: nothing changed."


def _shown(step: Step, ink: Ink) -> str:
    """What Slack shows, or why it does not."""
    because = f": {_reason(step.reason, ink)}" if step.reason else ""
    if step.parked_at:
        return f"Given up {ink.when(step.parked_at)}{because}."
    if step.waiting:
        seen = f"Slack shows message {ink.name(step.ts)}, and a newer state of it waits" if step.ts else "It waits"
        tries = f", tried {step.attempts} times" if step.attempts > 1 else ""
        return f"{seen} to be sent{tries}{because}."
    if step.ts and step.sent_at:
        told = "Told together with others, sent" if step.gathered else "Sent"
        return f"{told} {ink.when(step.sent_at)}; in Slack it is message {ink.name(step.ts)}."
    return f"Not sent{because}." if step.queued_at else "Its message is forgotten by now."


def _advice(step: Step, ink: Ink) -> str:
    if step.parked_at:
        return f"mend what the reason says. Then {ink.run(f'quaybot dead retry {step.letter}')}."
    if step.waiting and step.lane:
        resume = ink.run(f"quaybot channels resume {step.channel}")
        return f"mend what the reason says. I try again every few minutes; to try at once, {resume}."
    if step.waiting and step.reason and step.due_at:
        return f"nothing, I try again by myself: {ink.when(step.due_at)} at the earliest."
    if step.waiting:
        return f"nothing, it goes out as soon as Slack allows. If it does not, {ink.run('quaybot doctor')}."
    return "nothing, the channel has it." if step.ts else "nothing, it is settled."


def _unfilter(step: Step, ink: Ink, *, subscribed: bool) -> str:
    if step.rule.startswith(PAUSED):
        return f"nothing, it goes on by itself. To go on now, write {ink.name('/quay resume all')}."
    if step.rule.startswith(QUIET):
        return f"nothing, the summary counts it. For other quiet hours, write {ink.name('/quay quiet')}."
    if subscribed:
        write = ink.name(f"/quay subscribe {step.subject} …")
        return f"nothing, if such events should stay out. For another filter, write {write}."
    add = f"quaybot hooks add {step.subject} {step.kind} --channel {step.channel} --filter …"
    return f"nothing, if such events should stay out. For a URL with another filter, {ink.run(add)}."


def _todo(words: str) -> str:
    return f"What to do: {words}"


def _reason(words: str, ink: Ink) -> str:
    """Somebody's sentence as the end of ours."""
    return ink.said(words).rstrip(".") or "nobody said why"


def _rule(rule: str, ink: Ink) -> str:
    """A filter's refusal: the word as it was written, and why it refuses."""
    if not rule.startswith("`"):
        return _reason(rule, ink)
    word = word_of(rule)
    return ink.name(word) + ink.said(rule[len(word) + 2 :])
