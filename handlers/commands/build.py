"""`/quay build`: start a build from an archive or through a trigger, and hang its card into the channel."""

from bot.blocks.text import code
from bot.domain.errors import BotError, NotLinked, UserError
from bot.ports import Build, Quay
from handlers.build_wish import SPEC, BuildWish, read
from handlers.building import follow, queued
from handlers.command import Ask, Command, Desk, Reply
from handlers.grammar import UsageError
from handlers.triggers import choose, listed

_ARCHIVE = "--archive-url https://… to build an archive"
_TRIGGER = "--branch NAME or --commit SHA to build through a trigger"


async def run(ask: Ask, desk: Desk) -> Reply:
    """Check the words first, then request the build with the asker's own account."""
    wish = read(ask.words, desk.quay_url)
    account = await desk.accounts.of(ask.person)
    quay = desk.registry.as_token(account.token)
    last = await _last(wish, quay)
    build = await (quay.retry_build(wish.repository, last.id) if last else _start(wish, quay))
    await follow(build, ask.person, ask.channel, desk)
    return queued(build, last)


async def _last(wish: BuildWish, quay: Quay) -> Build | None:
    """The build to repeat, if nothing but the repository was named and it has been built before."""
    if not wish.again:
        return None
    return next(iter(await quay.builds(wish.repository, limit=1)), None)


async def _start(wish: BuildWish, quay: Quay) -> Build:
    if wish.request is not None:
        return await quay.request_build(wish.repository, wish.request)
    if not (wish.trigger or wish.branch or wish.commit):
        raise UsageError(f"{_lack(wish)} {await _choices(wish.repository, quay)}")
    trigger = choose(wish, await quay.triggers(wish.repository))
    return await quay.start_trigger(wish.repository, trigger.id, branch=wish.branch or None, commit=wish.commit or None)


def _lack(wish: BuildWish) -> str:
    """Why nothing can be built from these words alone."""
    if wish.again:
        return "Nothing has been built there yet, so there is nothing to repeat."
    return "A tag needs a source." if wish.tagged else "What should be built?"


async def _choices(repository: str, quay: Quay) -> str:
    """What could be built, as far as the caller may see it: only repository admins may list and start triggers."""
    try:
        triggers = await quay.triggers(repository)
    except NotLinked:
        raise
    except UserError:
        return f"Add {_ARCHIVE}. (Admins of the repository can also build through its triggers.)"
    except BotError as error:
        return f"Add {_ARCHIVE}, or {_TRIGGER}. ({error.say})"
    if not triggers:
        return f"Add {_ARCHIVE}. (The repository has no build triggers.)"
    return f"Add {_ARCHIVE}, or {_TRIGGER}. {listed(triggers)}"


def _details() -> str:
    rows = [f"{code(f'--{option.name} {option.metavar}')}  {option.help}" for option in SPEC.options]
    return (
        "Starts a build with your own rights in Quay and follows it: a card in this channel shows how it goes. "
        "With nothing but the repository, what was built last is built once more. "
        f"{code('acme/web:v1')} means the same as {code('acme/web --tag v1')}.\n" + "\n".join(rows)
    )


COMMAND = Command(
    word="build",
    usage=(
        "build acme/web",
        "build acme/web --archive-url https://… [--tag TAG]… [--dockerfile PATH | --subdirectory PATH]",
        "build acme/web --branch main [--trigger NAME]",
        "build acme/web --commit 1a2b3c4 [--trigger NAME]",
    ),
    summary="Start a build and follow it in this channel",
    section="Builds",
    details=_details(),
    run=run,
)
