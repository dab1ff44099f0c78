"""The answer to "why?": what became of the last events about a repository, for Slack and for the command line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.blocks import layout
from bot.blocks.parts import clipped, tag_name
from bot.blocks.text import clip, clip_list, count
from bot.blocks.why_words import BLOCK, TERMINAL, TEXT, Ink, chain, head, unread
from bot.domain.messages import Block, Message
from bot.domain.trail import Step, Unread

MOST = 20  # events in one answer: with a title and small print they stay below Slack's 50 blocks

_TEXT = 3_500  # characters of the words for screen readers; Slack takes 4,000


@dataclass(frozen=True, slots=True)
class Story:
    """What is known about a repository (or a namespace, for its storage), maybe about one tag only.

    `here`: the channel where it was asked, empty on the command line. `channel`: everything is about that one only.
    `hooks`: the live webhook URLs for it, as (id, event, channels). `elsewhere`: how many events of other channels are
    not shown. `last`: how many events to show at most.
    """

    subject: str
    tag: str = ""
    here: str = ""
    channel: str = ""
    steps: Sequence[Step] = ()
    unread: Sequence[Unread] = ()
    hooks: Sequence[tuple[str, str, Sequence[str]]] = ()
    elsewhere: int = 0
    last: int = MOST


def message(story: Story) -> Message:
    """The answer in Slack."""
    told = [(title, layout.section("\n".join((f"*{title}*", *lines)))) for title, lines in _told(story, BLOCK)]
    blocks: list[Block] = [layout.section(_title(story, BLOCK, len(told)))]
    blocks += [block for _, block in told] or [layout.section("\n".join(_nothing(story, BLOCK)))]
    blocks += [layout.context(note) for note in _elsewhere(story, BLOCK)]
    return Message(text=clip("\n".join(_lines(story, TEXT)), _TEXT), blocks=tuple(blocks))


def lines(story: Story) -> list[str]:
    """The answer on the command line."""
    return _lines(story, TERMINAL)


def _lines(story: Story, ink: Ink) -> list[str]:
    told = list(_told(story, ink))
    found = [_title(story, ink, len(told))]
    for title, more in told:
        found += ["", title, *(f"  {line}" for line in more)]
    return found + ([] if told else _nothing(story, ink)) + _elsewhere(story, ink)


def _told(story: Story, ink: Ink) -> Iterator[tuple[str, list[str]]]:
    """A title and the chain for each event, newest first."""
    both: list[Step | Unread] = [*story.steps, *story.unread]
    for one in sorted(both, key=_moment, reverse=True)[: min(story.last, MOST)]:
        if isinstance(one, Step):
            yield head(one.kind, one.tags, _places((one.channel,), story), ink), chain(one, ink)
        else:
            yield head(one.kind, (), _places(one.channels, story), ink), unread(one, ink)


def _moment(one: Step | Unread) -> tuple[float, int]:
    if isinstance(one, Step):
        return (one.received_at or one.at).timestamp(), one.id
    return one.received_at.timestamp(), 0


def _places(channels: Sequence[str], story: Story) -> tuple[str, ...]:
    """Channels that have to be named: none, if it is clear which one is meant."""
    return () if set(channels) <= {story.here} or story.channel else tuple(channels)


def _title(story: Story, ink: Ink, events: int) -> str:
    name = _name(story, ink)
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
    some, more = clip_list(story.hooks, MOST)
    urls = [f"{hook} ({head(event, (), _places(told, story), ink)})" for hook, event, told in some]
    untagged = "ask again without the tag. And " if story.tag else ""
    todo = (
        f"{untagged}in Quay's settings of {ink.name(story.subject)}, look at the notification with that URL: after "
        "three failures (number_of_failures) Quay switches it off, and offers there to switch it on again."
    )
    named = ", ".join(filter(None, [*urls, more]))
    return [f"There is a webhook URL for it{where}: {named}.", f"What to do: {todo}"]


def _elsewhere(story: Story, ink: Ink) -> list[str]:
    if not story.elsewhere:
        return []
    events, link = count(story.elsewhere, "event"), ink.name("/quay link")
    return [f"{events} in other channels. With a linked Quay account that can read it ({link}) you see them, too."]
