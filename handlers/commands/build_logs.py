"""`/quay build logs`: what a build wrote."""

from handlers.acting.doing import do
from handlers.acts import build_logs
from handlers.build_name import HOW, asked_for, known_here, read
from handlers.command import Ask, Click, Command, Desk, Field, Form, Reply, Seek
from handlers.log_window import fill
from handlers.modals.build_log import Window, loading


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Open the window, if one can be opened and nothing has to be asked of Quay before; else the end of the log."""
    known = await known_here(read(ask.words, desk.quay_url), ask, desk) if ask.trigger else None
    if known is None:
        kind, act = await asked_for(build_logs.KIND, ask, desk)
        return await do(kind, act, ask.person, ask.channel, desk)
    repository, build = known
    await desk.gate.linked(build_logs.wanted(repository, build), ask.person, ask.channel)
    window = Window(repository, build, desk.quay_url, private=ask.origin.pack())
    view = await desk.voice.open(ask.trigger, loading(window))
    await fill(window, view, Click(ask.person, ask.channel, response_url=ask.response_url), desk)
    return None


COMMAND = Command(
    word="build logs",
    usage=("build logs dbf23442", "build logs acme/web dbf23442"),
    summary="Read what a build wrote",
    section="Builds",
    details=(
        HOW
        + "Opens a window with the end of the log; in a thread, or where the build has to be looked for in Quay first, "
        + "you get the end of the log as a message that only you see. Takes the role write."
    ),
    run=run,
    form=Form(
        "Read a build log",
        (Field("repository", "Repository", Seek.REPOSITORY), Field("build", "Build", Seek.BUILD)),
        submit="Read",
    ),
)
