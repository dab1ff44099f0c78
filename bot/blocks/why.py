"""The answer to "why?": what became of the last events about a repository, for Slack and for the command line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.blocks import layout
from bot.blocks.channels import is_channel
from bot.blocks.neutral import naming
from bot.blocks.parts import clipped, tag_name
from bot.blocks.text import clip, count, fitting
from bot.blocks.why_fates import Fate, fates, number
from bot.blocks.why_quay import Sieve, held_back
from bot.blocks.why_words import BLOCK, TERMINAL, TEXT, Ink, chain, head, places, unread
from bot.domain.messages import Block, Message
from bot.domain.trail import Step, Unread, Verdict

MOST = 20  # fates in one answer: with a title and small print they stay below Slack's 50 blocks

_URLS = 1_800  # characters of a list of webhook URLs: it shares a section of 3,000 with what to do
_NAMED = 20  # channels that a message can name
_TEXT = 3_500  # characters of the words for screen readers; Slack takes 4,000
_ELSEWHERE = (
    "Only this channel is shown. Other channels are shown to people whose linked Quay account can read the repository."
)


@dataclass(frozen=True, slots=True)
class Story:
    """What is known about a repository (or a namespace, for its storage), maybe about one tag only.

    `here`: the channel where it was asked, empty on the command line. `channel`: everything is about that one only.
    `hooks`: the live webhook URLs for it, as (id, event, channels); `subscribed`: those of them that belong to a
    subscription, with its name; `sieves` what Quay filters itself for these. `filtered`: it is only about what rules
    kept out. `last`: how many fates to show at most: events of which the same became count as one.
    """

    subject: str
    tag: str = ""
    here: str = ""
    channel: str = ""
    steps: Sequence[Step] = ()
    unread: Sequence[Unread] = ()
    hooks: Sequence[tuple[str, str, Sequence[str]]] = ()
    subscribed: Mapping[str, str] = field(default_factory=dict, hash=False)
    sieves: Sequence[Sieve] = ()
    filtered: bool = False
    last: int = MOST


def message(story: Story) -> Message:
    """The answer in Slack."""
    channels = _channels(story)
    ink = BLOCK if len(channels) <= _NAMED else replace(BLOCK, channel=BLOCK.name)
    told = [layout.section("\n".join((f"*{title}*", *more))) for title, more in _told(story, ink)]
    named = naming(*channels[:_NAMED]) if channels else ""
    blocks: list[Block] = [layout.section(_title(story, ink), block_id=named)]
    nothing = _nothing(story, ink)
    blocks += told or ([layout.section("\n".join(nothing))] if nothing else [])
    sieves = fitting(_held_back(story, ink))
    blocks += [layout.context("\n".join(sieves))] if sieves else []
    blocks += [layout.context(note) for note in (*_hidden(story, ink), *_elsewhere(story))]
    return Message(text=clip("\n".join(_lines(story, TEXT)), _TEXT), blocks=tuple(blocks))


def lines(story: Story) -> list[str]:
    """The answer on the command line."""
    return _lines(story, TERMINAL)


def _lines(story: Story, ink: Ink) -> list[str]:
    told = list(_told(story, ink))
    found = [_title(story, ink)]
    for title, more in told:
        found += ["", title, *(f"  {line}" for line in more)]
    rest = [] if told else _nothing(story, ink)
    return found + rest + _held_back(story, ink) + _hidden(story, ink) + _elsewhere(story)


def _fates(story: Story) -> list[Fate]:
    return fates(story.steps, story.unread)[: min(story.last, MOST)]


def _told(story: Story, ink: Ink) -> Iterator[tuple[str, list[str]]]:
    """A title and the chain for each fate, the newest first."""
    for fate in _fates(story):
        steps = [one for one in fate if isinstance(one, Step)]
        waiting = [one for one in fate if isinstance(one, Unread)]
        channels = (steps[0].channel,) if steps else waiting[0].channels
        told = chain(steps, ink, story.subscribed) if steps else unread(waiting, ink, story.subscribed)
        yield head(fate, _places(channels, story), ink), told


def _held_back(story: Story, ink: Ink) -> list[str]:
    return held_back(story.sieves, lambda channels: _places(channels, story), ink)


def _places(channels: Sequence[str], story: Story) -> tuple[str, ...]:
    """Channels that have to be named: none, if it is clear which one is meant."""
    return () if set(channels) <= {story.here} or story.channel else tuple(channels)


def _title(story: Story, ink: Ink) -> str:
    name, events = _name(story, ink), sum(map(number, _fates(story)))
    which = " that a rule kept out" if story.filtered else ""
    if not events:
        return f"I know of no event about {name}{which}."
    return f"The last {count(events, 'event') if events > 1 else 'event'} about {name}{which}:"


def _name(story: Story, ink: Ink) -> str:
    return ink.name(clipped(story.subject) + (f":{tag_name(story.tag)}" if story.tag else ""))


def _nothing(story: Story, ink: Ink) -> list[str]:
    """Whether anything could have come, and what to do about it."""
    if story.filtered:
        return []
    channel = "this channel" if story.channel == story.here else ink.channel(story.channel)
    where = f" that tells {channel}" if story.channel else ""
    if not story.hooks:
        return _without_url(story, where, ink)
    return _subscribed(story, where, ink) if story.subscribed else _with_url(story, where, ink)


def _subscribed(story: Story, where: str, ink: Ink) -> list[str]:
    """Subscriptions look after themselves: there is nothing to look at in Quay."""
    names = list(dict.fromkeys(story.subscribed.values()))
    many = f"{'are' if len(names) > 1 else 'is'} {count(len(names), 'subscription')} for it{where}"
    shown = ", ".join([*map(ink.name, names[:MOST]), *([f"+{len(names) - MOST} more"] if len(names) > MOST else [])])
    again = "ask again without the tag. And " if story.tag else ""
    test = ink.name(f"/quay test {names[0]}")
    return [
        f"There {many}: {shown}.",
        f"What to do: {again}{test} in Slack proves the whole way from Quay to the channel.",
    ]


def _without_url(story: Story, where: str, ink: Ink) -> list[str]:
    event, hint = "repo_push", ""
    if "/" not in story.subject:
        event, hint = "quota_warning", f" (A repository is written {ink.name(f'namespace/{story.subject}')}.)"
    add = ink.run(f"quaybot hooks add {story.subject} {event} --channel {story.channel or story.here or 'C…'}")
    write = ink.name(f"/quay subscribe {story.subject}")
    todo = (
        f"write {write} in the channel. Without a linked account, {add}, and paste the URL into a notification in Quay."
    )
    return [f"There is no subscription and no webhook URL for it{where}.{hint}", f"What to do: {todo}"]


def _with_url(story: Story, where: str, ink: Ink) -> list[str]:
    urls = [(hook, f"{ink.name(event)}{places(_places(told, story), ink)}") for hook, event, told in story.hooks]
    one, untagged = len(urls) == 1, "ask again without the tag. And " if story.tag else ""
    which, goes = (
        ("notification with that URL", "switches it off")
        if one
        else ("notifications with these URLs", "switches one off")
    )
    todo = (
        f"What to do: {untagged}in Quay's settings of {ink.name(story.subject)}, look at the {which}: after "
        f"three failures (number_of_failures) Quay {goes}, and offers there to switch it on again."
    )
    if one:
        return [f"There is a webhook URL for it{where}: {urls[0][0]} ({urls[0][1]}).", todo]
    shown = fitting((f"• {hook}: {does}" for hook, does in urls[:MOST]), _URLS)
    more = [f"• +{len(urls) - len(shown)} more"] if len(urls) > len(shown) else []
    return [f"There are {len(urls)} webhook URLs for it{where}:", *shown, *more, todo]


def _channels(story: Story) -> list[str]:
    """All that may be named."""
    several = [one.channels for one in story.unread] + [one.channels for one in story.sieves]
    several += [tuple(told) for _, _, told in story.hooks]
    every = [story.channel, *(step.channel for step in story.steps), *(one for told in several for one in told)]
    return [channel for channel in dict.fromkeys(every) if is_channel(channel)]


def _hidden(story: Story, ink: Ink) -> list[str]:
    """How to see what rules kept out, where newer events take its place."""
    shown = {one.id for fate in _fates(story) for one in fate if isinstance(one, Step)}
    if all(step.id in shown for step in story.steps if step.verdict is Verdict.FILTERED):
        return []
    about = f"{story.subject}:{story.tag}" if story.tag else story.subject
    command = f"why {about} --filtered"
    shows = ink.name(f"quaybot {command}" if ink is TERMINAL else f"/quay {command}")
    return [f"Rules kept more out. {shows} shows only that."]


def _elsewhere(story: Story) -> list[str]:
    """How to see more. It is always the same: whether there is more is not for everybody."""
    if not (story.here and story.channel):
        return []
    return [_ELSEWHERE]
