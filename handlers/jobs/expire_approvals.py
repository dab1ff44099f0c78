"""Ends requests for approval whose time is over, and those that were being carried out when the bot was stopped."""

import structlog

from bot.domain.acts import Request, Stage
from bot.domain.errors import BotError
from bot.services.stages import LATE, STOPPED
from handlers.command import Desk, Job
from handlers.deciding import kind_of, tell

log = structlog.stdlib.get_logger(__name__)


async def run(desk: Desk) -> None:
    """End what is over. Trouble with one does not touch the others."""
    for request in await desk.approving.stages.overdue():
        try:
            await _end(request, desk)
        except BotError as error:
            log.warning("request_not_ended", name=request.name, why=str(error))


async def _end(request: Request, desk: Desk) -> None:
    hung = request.stage is Stage.RUNNING
    stage, reason = (Stage.FAILED, STOPPED) if hung else (Stage.EXPIRED, LATE)
    ended = await desk.approving.stages.end(request, stage, reason, kind_of(request))
    if ended.stage is stage:
        await tell(ended, desk)


JOB = Job(name="expire_approvals", seconds=5, run=run)
