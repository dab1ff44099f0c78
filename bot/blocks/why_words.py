"""The chain of events in plain sentences, from the webhook to Slack, and what to do about it as the last one.

Each function takes events with the same fate (why_fates), the newest first: mostly one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks.channels import mention
from bot.blocks.clean import one_line
from bot.blocks.parts import TAGS, tag_name
from bot.blocks.text import bare, clip_list, code, plain, when
from bot.blocks.why_fates import Fate, deliveries, number, word_of
from bot.domain.said import utc
from bot.domain.trail import Step, Unread, Verdict
from bot.rules import late_hooks

PAUSED, QUIET = "paused until ", "quiet hours until "  # what rules/routing writes
LONGEST = 300  # characters of a reason that are worth showing
_POLLED = "build_polled"  # what happened to a build when nobody had told the bot
_OWN_LOOK = "seen by the bot's own look"


@dataclass(frozen=True, slots=True)
class Ink:
    """How things look where they are read: times, foreign words in a sentence, names, and advice to run something.

    `channel` is a channel by its name where that is shown. `id` is Slack's name of a message, for those whom it helps.
    """

    when: Callable[[datetime], str]
    said: Callable[[str], str]
    name: Callable[[str], str]
    run: Callable[[str], str]
    channel: Callable[[str], str]
    id: Callable[[str], str] = lambda _ts: ""


def _utc(moment: datetime) -> str:
    return utc(moment, seconds=True)


def _short(words: str) -> str:
    return one_line(words)[:LONGEST]


def _zoned(moment: datetime) -> str:
    return when(moment, seconds=True)


def _channel(channel: str) -> str:
    return mention(channel) or code(channel)


BLOCK = Ink(_zoned, plain, code, lambda command: f"my operator can run {code(command, LONGEST)}", _channel)
TEXT = Ink(_zoned, bare, code, BLOCK.run, code)
TERMINAL = Ink(_utc, _short, _short, lambda command: f"run `{one_line(command)}`", _short, _short)


def head(fate: Fate, channels: Sequence[str], ink: Ink) -> str:
    """What happened, how often, to what; and where, unless that is clear (no channels given)."""
    steps = [one for one in fate if isinstance(one, Step)]
    found = _some([step.item.get("vulnerability", "") for step in steps], ink)
    tags = _some([tag_name(tag) for step in steps for tag in step.tags], ink)
    kinds = dict.fromkeys([one.kind for one in fate][::-1])  # the oldest first
    told = [kind for kind in kinds if kind != _POLLED]
    what = ", ".join(map(ink.name, told)) or "a build"
    times = f"{number(fate):,} × " if number(fate) > 1 and len(told) == 1 else ""
    about = f" of {found}" if found else ""
    about += f" {'in' if found else 'of'} {tags}" if tags else ""
    about += "" if told else f", {_OWN_LOOK}"
    return f"{times}{what}{about}{places(channels, ink)}"


def places(channels: Sequence[str], ink: Ink) -> str:
    """The channels at the end of a phrase; nothing for none."""
    some = _several(channels, ink.channel)
    return f", for channel {some}" if some else ""


def _some(names: Sequence[str], ink: Ink) -> str:
    """The first names, each once, and how many more there are."""
    return _several(names, ink.name)


def _several(names: Sequence[str], shown_as: Callable[[str], str]) -> str:
    shown, more = clip_list(list(dict.fromkeys(filter(None, names))), TAGS)
    return ", ".join(filter(None, [*map(shown_as, shown), more]))


def chain(steps: Sequence[Step], ink: Ink, subscribed: Mapping[str, str]) -> list[str]:
    """What became of events: one sentence for each station; the last says what to do.

    `subscribed`: the webhook URLs that belong to subscriptions, with the names of these.
    """
    step, came, many = steps[0], _received(steps, ink, subscribed), number(steps) > 1
    if step.verdict is Verdict.FILTERED:
        alike = ", and the others likewise" if many else ""
        return [came, f"Filtered: {_rule(step.rule, ink)}{alike}.", _todo(_unfilter(step, ink, subscribed))]
    queued = f"Queued {ink.when(step.queued_at)}." if step.queued_at and step.verdict is Verdict.OPENED else ""
    parked = f"The channel is parked: {_reason(step.lane, ink)}." if step.lane and step.waiting else ""
    queued = "" if many else queued
    known = (came, _matched(steps, ink, many=many), queued, _shown(step, ink), parked)
    return [*filter(None, known), _todo(_advice(step, ink))]


def unread(waiting: Sequence[Unread], ink: Ink, subscribed: Mapping[str, str]) -> list[str]:
    """Deliveries that made nothing yet."""
    newest, came = waiting[0], _received(waiting, ink, subscribed)
    if newest.reason:
        letter = f"d{newest.delivery}"
        look, again = ink.run(f"quaybot dead show {letter}"), f"quaybot dead retry {letter}"
        which = "the newest body" if len(waiting) > 1 else "the body"
        todo = f"to see {which}, {look}. Once I can read such bodies, {ink.run(again)}."
        others = f" For the others, {ink.run('quaybot dead list')}." if len(waiting) > 1 else ""
        return [came, f"Set aside: {_reason(newest.reason, ink)}.", _todo(todo + others)]
    todo = f"nothing, its turn comes within seconds. If it does not, {ink.run('quaybot doctor')}."
    return [came, "It waits to be read.", _todo(todo)]


def _received(fate: Fate, ink: Ink, subscribed: Mapping[str, str]) -> str:
    first, last = (ink.when(_came(one)) for one in (fate[-1], fate[0]))
    between = last if first == last else f"from {first} to {last}"
    bodies, own = deliveries(fate), any(one.delivery is None for one in fate)
    if not bodies:
        return f"Found out by myself, without a webhook, {between}."
    which = f"delivery {bodies[0]}"
    if len(bodies) > 1:
        which = f"{len(bodies):,} deliveries ({bodies[0]} to {bodies[-1]})"
    also = "; more I found out by myself" if own else ""
    return f"Received {between} as {which}{_through(fate, ink, subscribed)}{also}."


def _through(fate: Fate, ink: Ink, subscribed: Mapping[str, str]) -> str:
    """Which way they came: subscriptions by their names, webhook URLs that people made by their numbers."""
    hooks = dict.fromkeys(one.hook for one in fate if one.hook)
    names = [subscribed[hook] for hook in hooks if hook in subscribed]
    urls = [hook for hook in hooks if hook not in subscribed]
    ways = [f"subscription {_some(names, ink)}"] if names else []
    ways += [f"webhook URL {_several(urls, str)}"] if urls else []
    return f", through {' and '.join(ways)}" if ways else ""


def _came(one: Step | Unread) -> datetime:
    return one.received_at or one.at if isinstance(one, Step) else one.received_at


def _matched(steps: Sequence[Step], ink: Ink, *, many: bool) -> str:
    step, verdicts = steps[0], {one.verdict for one in steps}
    card = f"card {step.card}" if step.card else "a card that is forgotten by now"
    since = f" (opened {ink.when(step.opened_at)})" if step.opened_at else ""
    if len(verdicts) > 1:  # all that was told of a build
        opened = Verdict.OPENED in verdicts
        return f"Matched: {card}{since} tells them all{', and the first of them opened it' if opened else ''}."
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
        name = ink.id(step.ts) and f" as message {ink.id(step.ts)}"
        seen = f"Slack shows it{name}, and a newer state of it waits" if step.ts else "It waits"
        tries = f", tried {step.attempts} times" if step.attempts > 1 else ""
        return f"{seen} to be sent{tries}{because}."
    if step.ts and step.sent_at:
        told = "Told together with others, sent" if step.gathered else "Sent"
        name = ink.id(step.ts) and f"; in Slack it is message {ink.id(step.ts)}"
        return f"{told} {ink.when(step.sent_at)}{name}."
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


def _unfilter(step: Step, ink: Ink, subscribed: Mapping[str, str]) -> str:
    if step.rule.startswith(PAUSED):
        return f"nothing, it goes on by itself. To go on now, write {ink.name('/quay resume all')}."
    if step.rule == late_hooks.RULE:
        return "nothing, the channel has it: Quay's webhook came after I had found out by myself."
    if step.rule.startswith(QUIET):
        return f"nothing, the summary counts it. For other quiet hours, write {ink.name('/quay quiet')}."
    if not step.hook or step.hook in subscribed:  # by itself it looks for subscriptions only
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
