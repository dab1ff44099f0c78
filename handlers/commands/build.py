"""`/quay build`: start a build from an archive or through a trigger, and hang its card into the channel."""

from dataclasses import replace

from bot.blocks.text import code
from bot.domain.acts import Act
from bot.ports import Quay
from bot.services.gate import Resolve
from handlers.acting.doing import do
from handlers.acts import build, build_retry
from handlers.build_wish import SPEC, BuildWish, read
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Check the words first, then request the build with the asker's own account."""
    wish = read(ask.words, desk.quay_url)
    if wish.again:
        return await do(build_retry.KIND, Act(build_retry.NAME, wish.repository), ask.person, ask.channel, desk)
    kind = build.KIND if _has_source(wish) else replace(build.KIND, resolve=_without(wish))
    return await do(kind, build.wanted(wish), ask.person, ask.channel, desk)


def _has_source(wish: BuildWish) -> bool:
    return wish.request is not None or bool(wish.trigger or wish.branch or wish.commit)


def _without(wish: BuildWish) -> Resolve:
    """Nothing can be built from these words alone: say what could be."""

    async def refuse(act: Act, quay: Quay) -> Act:
        why = "A tag needs a source." if wish.tagged else "What should be built?"
        raise await build_retry.lacking(act.repository, why, quay)

    return refuse


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
    form=Form(
        "Start a build",
        (
            Field("repository", "Repository", Seek.REPOSITORY),
            Field(
                "trigger",
                "Build trigger",
                Seek.TRIGGER,
                option="trigger",
                optional=True,
                hint="With nothing but the repository, what was built last is built once more.",
            ),
            Field("branch", "Branch", option="branch", optional=True, placeholder="main"),
            Field("commit", "Commit", option="commit", optional=True, placeholder="1a2b3c4"),
            Field("archive", "Address of an archive", option="archive-url", optional=True, placeholder="https://…"),
            Field("tag", "Tag for the image", option="tag", optional=True, placeholder="latest"),
        ),
        submit="Start",
    ),
)
