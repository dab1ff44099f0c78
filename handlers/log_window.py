"""Filling the log window: the one effectful part of it, shared by all of its buttons."""

from dataclasses import replace

from bot.blocks.text import count
from bot.domain.errors import BotError, Denied, NotLinked, UserError
from bot.domain.messages import Modal
from bot.ports import Quay
from bot.rules.policy import Effect
from bot.services.gate import Going
from handlers.acting.doing import ask
from handlers.acts import build_logs
from handlers.building import FINAL, short
from handlers.command import Click, Desk
from handlers.logs import end_of_log
from handlers.modals.build_log import PAGE, Window, page, trouble

BROKEN = "Something went wrong on my side. The details are in a message that only you can see."
NO_LOG = "This build ended without a log."
WRITERS_ONLY = "Quay shows build logs only to people who may write to the repository."


async def fill(window: Window, view: str, click: Click, desk: Desk, *, start: int | None = None) -> None:
    """Put the page from `start` on (None: the end of the log) into the open modal `view`, or say why it cannot be.

    It is read through the gate, with the account of whoever pressed. What nobody expected is raised, after the window
    has said that there is nothing to wait for.
    """
    shown = trouble(window, BROKEN)
    act = build_logs.wanted(window.repository, window.build)
    try:
        async with desk.gate.entering(act, click.person, click.origin.channel) as going:
            shown = await _allowed(window, going, desk, start)
    except NotLinked as error:
        shown = trouble(window, error.say, "Close this window and use `/quay link`.")
    except Denied as error:
        shown = trouble(window, error.say)
    except UserError as error:
        shown = trouble(window, error.say, WRITERS_ONLY)
    except BotError as error:
        shown = trouble(window, error.say)
    finally:
        await desk.voice.update_view(view, shown)


async def _allowed(window: Window, going: Going, desk: Desk, start: int | None) -> Modal:
    """The page, or the request that others have to approve first; their yes brings the log as a message."""
    if going.decision.effect is not Effect.APPROVE:
        return await _read(window, going.quay, start)
    request = await ask(build_logs.KIND, going, desk)
    missing = count(request.needed, "approval")
    say = f"Reading this log takes {missing}. I have asked for it: request `{request.name}`."
    return trouble(window, say, "As soon as it is approved, you get the end of the log as a message.")


async def _read(window: Window, quay: Quay, start: int | None) -> Modal:
    build = await quay.build(window.repository, window.build)
    window = replace(window, name=short(build))
    running = build.phase not in FINAL
    if start is None:
        log = await end_of_log(quay, window.repository, window.build, PAGE)
    else:
        log = await quay.build_log(window.repository, window.build, start=start)
    if log.total == 0 and not log.archived and not running:
        return trouble(window, NO_LOG)
    return page(window, log, running=running, tail=start is None)
