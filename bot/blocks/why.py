"""The answer to "why?": what became of the last events about a repository, for Slack and for the command line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.blocks import layout
from bot.blocks.parts import clipped, tag_name
from bot.blocks.text import clip, count, fitting
from bot.blocks.why_fates import Fate, fates, number
from bot.blocks.why_quay import Sieve, held_back
from bot.blocks.why_words import BLOCK, TERMINAL, TEXT, Ink, chain, head, places, unread
from bot.domain.messages import Block, Message
from bot.domain.trail import Step, Unread

MOST = 20  # fates in one answer: with a title and small print they stay below Slack's 50 blocks

_URLS = 1_800  # characters of a list of webhook URLs: it shares a section of 3,000 with what to do
_TEXT = 3_500  # characters of the words for screen readers; Slack takes 4,000
_ELSEWHERE = (
    "Only this channel is shown. Other channels are shown to people whose linked Quay account can read the repository."
)


@dataclass(frozen=True, slots=True)
class Story:
    """What is known about a repository (or a namespace, for its storage), maybe about one tag only.

    `here`: the channel where it was asked, empty on the command line. `channel`: everything is about that one only.
    `hooks`: the live webhook URLs for it, as (id, event, channels); `subscribed`: those of them that belong to a
    subscription, `sieves` what Quay filters itself for these. `last`: how many fates to show at most: events of which
    the same became count as one.
    """

    subject: str
    tag: str = ""
    here: str = ""
    channel: str = ""
    steps: Sequence[Step] = ()
    unread: Sequence[Unread] = ()
    hooks: Sequence[tuple[str, str, Sequence[str]]] = ()
    subscribed: frozenset[str] = frozenset()
    sieves: Sequence[Sieve] = ()
    last: int = MOST


def message(story: Story) -> Message:
    """The answer in Slack."""
    told = [layout.section("\n".join((f"*{title}*", *more))) for title, more in _told(story, BLOCK)]
    blocks: list[Block] = [layout.section(_title(story, BLOCK))]
    blocks += told or [layout.section("\n".join(_nothing(story, BLOCK)))]
    sieves = fitting(_held_back(story, BLOCK))
    blocks += [layout.context("\n".join(sieves))] if sieves else []
    blocks += [layout.context(note) for note in _elsewhere(story)]
    return Message(text=clip("\n".join(_lines(story, TEXT)), _TEXT), blocks=tuple(blocks))


def lines(story: Story) -> list[str]:
    """The answer on the command line."""
    return _lines(story, TERMINAL)


def _lines(story: Story, ink: Ink) -> list[str]:
    told = list(_told(story, ink))
    found = [_title(story, ink)]
    for title, more in told:
        found += ["", title, *(f"  {line}" for line in more)]
    return found + ([] if told else _nothing(story, ink)) + _held_back(story, ink) + _elsewhere(story)


def _fates(story: Story) -> list[Fate]:
    return fates(story.steps, story.unread)[: min(story.last, MOST)]


def _told(story: Story, ink: Ink) -> Iterator[tuple[str, list[str]]]:
    """A title and the chain for each fate, the newest first."""
    for fate in _fates(story):
        steps = [one for one in fate if isinstance(one, Step)]
        waiting = [one for one in fate if isinstance(one, Unread)]
        channels = (steps[0].channel,) if steps else waiting[0].channels
        own = bool(steps) and (not steps[0].hook or steps[0].hook in story.subscribed)
        told = chain(steps, ink, subscribed=own) if steps else unread(waiting, ink)
        yield head(fate, _places(channels, story), ink), told


def _held_back(story: Story, ink: Ink) -> list[str]:
    return held_back(story.sieves, lambda channels: _places(channels, story), ink)


def _places(channels: Sequence[str], story: Story) -> tuple[str, ...]:
    """Channels that have to be named: none, if it is clear which one is meant."""
    return () if set(channels) <= {story.here} or story.channel else tuple(channels)


def _title(story: Story, ink: Ink) -> str:
    name, events = _name(story, ink), sum(map(number, _fates(story)))
    if not events:
        return f"I know of no event about {name}."
    return f"The last {count(events, 'event') if events > 1 else 'event'} about {name}:"


def _name(story: Story, ink: Ink) -> str:
    return ink.name(clipped(story.subject) + (f":{tag_name(story.tag)}" if story.tag else ""))


def _nothing(story: Story, ink: Ink) -> list[str]:
    """Whether anything could have come, and what to do about it."""
    channel = "this channel" if story.channel == story.here else ink.name(story.channel)
    where = f" that tells {channel}" if story.channel else ""
    return _without_url(story, where, ink) if not story.hooks else _with_url(story, where, ink)


def _without_url(story: Story, where: str, ink: Ink) -> list[str]:
    event, hint = "repo_push", ""
    if "/" not in story.subject:
        event, hint = "quota_warning", f" (A repository is written {ink.name(f'namespace/{story.subject}')}.)"
    add = ink.run(f"quaybot hooks add {story.subject} {event} --channel {story.channel or story.here or 'C…'}")
    todo = f"to get one, {add}. Then paste it into a notification in Quay."
    return [f"There is no webhook URL for it{where}.{hint}", f"What to do: {todo}"]


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


def _elsewhere(story: Story) -> list[str]:
    """How to see more. It is always the same: whether there is more is not for everybody."""
    if not (story.here and story.channel):
        return []
    return [_ELSEWHERE]
