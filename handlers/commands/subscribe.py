"""`/quay subscribe`: this channel is told what happens in a repository, in many, or with a namespace's storage."""

from collections.abc import Sequence

from bot.domain.people import Person
from bot.rules.event_groups import DEFAULT, GROUPS, PRESETS
from bot.rules.subscribing import LAYOUTS, is_pattern, wanted
from bot.services.subscribing import about
from handlers.acting.doing import do
from handlers.acts import subscribe
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek
from handlers.grammar import UsageError, split
from handlers.subscription_finding import target_of
from handlers.words import whisper

_FORM = ("events", "filter", "days", "layout")  # what the form says as options
_LOOKED_AT = 30  # lines of the audit among which the last repository is looked for
_MENTION = ("<#", "#", "<@", "@")


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Show what it would be, and ask."""
    if not ask.words:
        raise UsageError("Which repository? Write it as namespace/name, e.g. acme/web")
    if strange := next((word for word in ask.words if word.startswith(_MENTION)), ""):
        target_of("#" if "#" in strange[:2] else strange, desk.quay_url)
    target = target_of(ask.words[0], desk.quay_url)
    wish = wanted(target, _words(ask.words[1:]))
    here = ask.channel or ask.person.user
    old = next(iter(await about(here, target, desk.subscriptions)), None)
    if old is not None and old.wanted == wish and old.person == ask.person:
        return whisper(f"This channel is subscribed to exactly that already: `/quay test {old.name}` tries it.")
    return await do(subscribe.KIND, subscribe.act_of(wish, old), ask.person, ask.channel, desk)


def _words(words: Sequence[str]) -> tuple[str, ...]:
    """The words behind the target; what a form sends as options is taken apart."""
    found: list[str] = []
    for word in words:
        name, equals, value = word.removeprefix("--").partition("=")
        if not word.startswith("--"):
            found.append(word)
        elif not equals or name not in _FORM:
            raise UsageError(f"`subscribe` has no option {word[:60]}. A word that begins with one dash keeps out.")
        else:
            found += [f"{name}:{value}"] if name in ("days", "layout") else split(value)
    return tuple(found)


async def last_repository(person: Person, desk: Desk) -> tuple[str, ...]:
    """The repository that the person did something with last, for the form; none if there is none."""
    lines = await desk.audit.newest(person=person, limit=_LOOKED_AT)
    found = (line.deed.act.repository for line in lines)
    return tuple([name for name in found if name and not is_pattern(name)][:1])


_EVENTS = (
    *((name, f"{name}: {preset.says}"[:75]) for name, preset in PRESETS.items()),
    *((name, name) for name in (*GROUPS, "builds:failure") if name != "quota"),
)

COMMAND = Command(
    word="subscribe",
    usage=(
        "subscribe acme/web",
        "subscribe acme/web pushes builds:failure tag:v* -tag:*-dev",
        "subscribe acme/app-* security severity:high+ fixable",
        "subscribe acme quota",
    ),
    summary="Tell this channel what happens in a repository",
    section="Alerts",
    details=(
        "*Events:* `pushes` `builds` `builds:failure` `vulns` `mirrors` `mirrors:failed` `expiry` `quota`, or a "
        "preset: `team` (without any word), `quiet`, `security`. A list means exactly that list.\n"
        "*Filters:* `tag:v*,release-*` `-tag:*-dev` `ref:~^refs/heads/main` `severity:high+` `fixable` `-by:acme+ci` "
        "`repo:acme/app-*`; a comma means or, separate words all have to fit, a dash in front keeps out. "
        "`days:7` is when Quay warns before a tag expires; `layout:card`, `thread` or `compact` is how it looks.\n"
        "`acme/*` and `acme/app-*` cover repositories that are created later. First you see, alone, what the last 7 "
        "days would have been. I make the notifications in Quay with your account and keep them alive; you look after "
        "it. Takes the role admin. Can be undone for an hour."
    ),
    run=run,
    form=Form(
        "Subscribe this channel",
        (
            Field("repository", "Repository", Seek.REPOSITORY),
            Field(
                "events",
                "What to tell",
                choices=_EVENTS,
                option="events",
                optional=True,
                placeholder=f"{DEFAULT}, if you choose nothing",
            ),
            Field(
                "filter",
                "Filter",
                option="filter",
                optional=True,
                placeholder="tag:v* -tag:*-dev severity:high+",
                hint="tag: ref: severity: fixable by: repo: with a dash in front they keep out",
            ),
            Field("days", "Days before a tag expires", option="days", optional=True, placeholder="7"),
            Field(
                "layout",
                "Layout",
                choices=tuple((name, name) for name in LAYOUTS),
                option="layout",
                optional=True,
                placeholder="that of the channel",
            ),
        ),
        submit="Look at it",
        prefill=last_repository,
    ),
)
