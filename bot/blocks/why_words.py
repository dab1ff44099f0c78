"""The chain of one event in plain sentences, from the webhook to Slack, and what to do about it as the last one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.blocks.clean import one_line
from bot.blocks.parts import TAGS, tag_name
from bot.blocks.text import bare, clip_list, code, plain, when
from bot.domain.trail import Step, Unread, Verdict

LONGEST = 300  # characters of a reason that are worth showing


@dataclass(frozen=True, slots=True)
class Ink:
    """How things look where they are read: times, foreign words in a sentence, names, and advice to run something."""

    when: Callable[[datetime], str]
    said: Callable[[str], str]
    name: Callable[[str], str]
    run: Callable[[str], str]


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S UTC}"


def _short(words: str) -> str:
    return one_line(words)[:LONGEST]


BLOCK = Ink(when, plain, code, lambda command: f"my operator can run {code(command, LONGEST)}")
TEXT = Ink(when, bare, code, BLOCK.run)
TERMINAL = Ink(_utc, _short, _short, lambda command: f"run `{one_line(command)}`")


def head(kind: str, tags: Sequence[str], channels: Sequence[str], ink: Ink) -> str:
    """What happened, with which tags; and where, unless that is clear (no channels given)."""
    shown, more = clip_list(tags, TAGS)
    named = ", ".join(filter(None, [*(ink.name(tag_name(tag)) for tag in shown), more]))
    some, others = clip_list(channels, TAGS)
    places = ", ".join(filter(None, [*map(ink.name, some), others]))
    return ink.name(kind) + (f" of {named}" if named else "") + (f", for channel {places}" if places else "")


def chain(step: Step, ink: Ink) -> list[str]:
    """What became of an event: one sentence for each station; the last says what to do."""
    if step.verdict is Verdict.FILTERED:
        return [_received(step, ink), f"Filtered: {_rule(step.rule, ink)}.", _todo(_unfilter(step, ink))]
    which = "Queued" if step.verdict is Verdict.OPENED else "The card's message was queued"
    queued = f"{which} {ink.when(step.queued_at)}." if step.queued_at else ""
    parked = f"The channel is parked: {_reason(step.lane, ink)}." if step.lane and step.waiting else ""
    known = (_received(step, ink), _matched(step, ink), queued, _shown(step, ink), parked)
    return [*filter(None, known), _todo(_advice(step, ink))]


def unread(waiting: Unread, ink: Ink) -> list[str]:
    """A delivery that made nothing yet."""
    came = (
        f"Received {ink.when(waiting.received_at)} as delivery {waiting.delivery}, through webhook URL {waiting.hook}."
    )
    if waiting.reason:
        letter = f"d{waiting.delivery}"
        look, again = ink.run(f"quaybot dead show {letter}"), f"quaybot dead retry {letter}"
        todo = f"to see the body, {look}. Once I can read such bodies, {ink.run(again)}."
        return [came, f"Set aside: {_reason(waiting.reason, ink)}.", _todo(todo)]
    todo = f"nothing, its turn comes within seconds. If it does not, {ink.run('quaybot doctor')}."
    return [came, "It waits to be read.", _todo(todo)]


def _received(step: Step, ink: Ink) -> str:
    if step.delivery is None:
        return f"Found out by myself, without a webhook, {ink.when(step.at)}."
    through = f", through webhook URL {step.hook}" if step.hook else ""
    return f"Received {ink.when(step.received_at or step.at)} as delivery {step.delivery}{through}."


def _matched(step: Step, ink: Ink) -> str:
    card = f"card {step.card}" if step.card else "a card that is forgotten by now"
    since = f" (opened {ink.when(step.opened_at)})" if step.opened_at else ""
    match step.verdict:
        case Verdict.OPENED:
            return f"Matched: it opened {card}."
        case Verdict.FOLDED:
            return f"Matched: it was folded into {card}{since}."
        case _:
            return f"Matched, but {card}{since} tells it already: nothing changed."


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


def _unfilter(step: Step, ink: Ink) -> str:
    add = f"quaybot hooks add {step.subject} {step.kind} --channel {step.channel} --filter …"
    return f"nothing, if such events should stay out. For a URL with another filter, {ink.run(add)}."


def _todo(words: str) -> str:
    return f"What to do: {words}"


def _reason(words: str, ink: Ink) -> str:
    """Somebody's sentence as the end of ours."""
    return ink.said(words).rstrip(".") or "nobody said why"


def _rule(rule: str, ink: Ink) -> str:
    """A filter's refusal: the word as it was written, between backticks, and why it refuses (rules/filters)."""
    if not rule.startswith("`"):
        return _reason(rule, ink)
    written, _, why = rule[1:].partition("`")
    return ink.name(written) + ink.said(why)
