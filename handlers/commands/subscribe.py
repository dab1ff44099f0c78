"""`/quay subscribe`: this channel is told what happens in a repository, in many, or with a namespace's storage."""

from collections.abc import Mapping, Sequence

from bot.blocks.text import as_typed
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.domain.people import Person
from bot.domain.subscriptions import Wanted
from bot.rules.event_groups import DEFAULT, GROUPS, grouped
from bot.rules.filters import KEYS, key_of, parse
from bot.rules.subscribing import DAYS, LAYOUTS, MOST_DAYS, is_pattern, wanted
from bot.services.subscribing import about
from handlers.acting.doing import do
from handlers.acts import subscribe
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek
from handlers.forms import Misfits
from handlers.grammar import UsageError, split
from handlers.subscription_finding import target_of
from handlers.words import whisper

_FORM = ("events", "filter", "days", "layout")  # what the form says as options
_STRANGE = 5  # words that are named
_LOOKED_AT = 30  # lines of the audit among which the last repository is looked for
_MENTION = ("<#", "#", "<@", "@")


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Show what it would be, and ask."""
    if not ask.words:
        raise UsageError("Which repository? Write it as namespace/name, e.g. acme/web")
    if strange := next((word for word in ask.words if word.startswith(_MENTION)), ""):
        target_of("#" if "#" in strange[:2] else strange, desk.quay_url)
    target = target_of(ask.words[0], desk.quay_url)
    await desk.gate.linked(Act(subscribe.NAME, target), ask.person, ask.channel)  # nobody else's patterns are compiled
    wish = wanted(target, _words([as_typed(word) for word in ask.words[1:]]))
    here = ask.channel or ask.person.user
    old = next(iter(await about(here, target, desk.subscriptions)), None)
    if old is not None and old.wanted == wish and old.person == ask.person:
        return whisper(f"This channel is subscribed to exactly that already: `/quay test {old.name}` tries it.")
    return await do(subscribe.KIND, subscribe.act_of(wish, old), ask.person, ask.channel, desk)


def _words(words: Sequence[str]) -> tuple[str, ...]:
    """The words behind the target; what a form sends as options is taken apart.

    Raises Misfits for what was entered in fields of the form and does not fit there.
    """
    found, wrong = list[str](), dict[str, str]()
    for word in words:
        name, equals, value = word.removeprefix("--").partition("=")
        if not word.startswith("--"):
            found.append(word)
        elif not equals or name not in _FORM:
            raise UsageError(f"`subscribe` has no option {word[:60]}. A word that begins with one dash keeps out.")
        else:
            found += [f"{name}:{value}"] if name in ("days", "layout") else split(value)
            wrong |= _wrong(name, value)
    if wrong:
        raise Misfits(wrong)
    return tuple(found)


def _wrong(name: str, value: str) -> dict[str, str]:
    """What does not fit in a field, by its name."""
    if name == "days" and not (value.isdecimal() and value.isascii() and 1 <= int(value[:9]) <= MOST_DAYS):
        return {name: f"“{value[:60]}”: write a whole number of days from 1 to {MOST_DAYS}."}
    if name != "filter":
        return {}
    words = split(value)
    strange = [f"`{word[:60]}`" for word in words if not key_of(word)]
    try:
        parse(" ".join(word for word in words if key_of(word)))
        said = ""
    except UserError as error:
        said = error.say
    if strange:
        said = f"No filter: {', '.join(strange[:_STRANGE])}. Filters are {', '.join(KEYS)}. {said}".rstrip()
    return {name: said} if said else {}


def in_fields(wish: Wanted) -> Mapping[str, str]:
    """What the fields of the form hold for a wish, by the options of the command."""
    days = str(wish.days) if wish.days != DAYS else ""
    values = {"events": " ".join(grouped(wish.events)), "filter": wish.filter, "days": days, "layout": wish.layout}
    return {name: value for name, value in values.items() if value}


async def last_told(person: Person, channel: str, desk: Desk) -> tuple[str, ...]:
    """The repository of which this channel was told last, for the form; else the one that the person acted on last."""
    here = await desk.subscriptions.all(channel=channel or person.user)
    parts = await desk.subscriptions.parts(*(one.name for one in here)) if here else ()
    heard = [(part.heard_at, part.target) for part in parts if part.heard_at and not part.silent and "/" in part.target]
    return (max(heard)[1],) if heard else await _last_done(person, desk)


async def _last_done(person: Person, desk: Desk) -> tuple[str, ...]:
    lines = await desk.audit.newest(person=person, limit=_LOOKED_AT)
    found = (line.deed.act.repository for line in lines)
    return tuple([name for name in found if name and not is_pattern(name)][:1])


_EVENTS = (
    ("quiet", "quiet: failures, critical findings with a fix, full storage"),
    ("team", "team: pushes, builds, high findings, failing mirrors, expiry"),
    ("security", "security: every finding from medium on"),
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
            Field("repository", "Repository", Seek.TARGET, hint="A pattern covers later ones as well: acme/app-*"),
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
                hint="tag: ref: severity: fixable by: repo: and with a dash in front, what is kept out",
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
        prefill=last_told,
    ),
)
