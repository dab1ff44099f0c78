"""Why a build failed: the end of its log, for those who see its card."""

from dataclasses import dataclass, field

import structlog

from bot.domain.acts import Outcome
from bot.domain.errors import BotError, UserError
from bot.domain.events import Phase
from bot.ports import Build, Watch
from bot.rules.policy import Effect
from handlers.acts.build_logs import wanted
from handlers.building import FAILED, moved
from handlers.command import Desk
from handlers.logs import end_of_log, failing_step, last_error

log = structlog.stdlib.get_logger(__name__)

Why = tuple[str, tuple[str, ...]]
"""Quay's error, and the end of the failing step."""
NOTHING: Why = ("", ())

READ = 200  # log entries in which the failing step is looked for


@dataclass(slots=True)
class Causes:
    """Reads logs with the account that follows the build, each once for each failure: it stands in the audit.

    `_read` is what was found, by build, with its phase and the channels that were asked for. It may be lost.
    """

    _read: dict[str, tuple[tuple[Phase, tuple[str, ...]], Why]] = field(default_factory=dict)

    async def of(self, build: Build, watch: Watch, desk: Desk, *, also: tuple[str, ...] = ()) -> Why:
        """What the log says about a failure; nothing if it did not fail, or may not be read.

        `also` are channels that will see it, beside those where the card hangs.
        """
        if build.phase not in FAILED:
            self.forget(build.id)
            return NOTHING
        state, why = self._read.get(build.id, (None, NOTHING))
        if state != (build.phase, also):
            try:
                why = await _end_of_log(build, watch, desk, also)
            except UserError as error:  # whoever follows it may not read it: the card does without
                log.info("no log for a failed build", build=build.id, error=str(error))
                why = NOTHING
            except BotError as error:  # perhaps next time
                log.info("no log for a failed build", build=build.id, error=str(error))
                return NOTHING
            self._read[build.id] = ((build.phase, also), why)
        return why

    def forget(self, build: str) -> None:
        """It is not followed any more, or goes on."""
        self._read.pop(build, None)


async def _end_of_log(build: Build, watch: Watch, desk: Desk, also: tuple[str, ...]) -> Why:
    """The end of the log, if whoever follows the build may read it in every channel that sees its card.

    Raises what the gate raises. Nobody is asked for an approval: where it takes one, nothing is shown.
    """
    hangs = await desk.board.channels(moved(build, "build_polled", desk.clock.now()))
    channels = tuple(dict.fromkeys((*hangs, *also)))
    if not channels:  # nobody would see it
        return NOTHING
    first, *others = channels
    act = wanted(build.repository, build.id)
    async with desk.gate.entering(act, watch.person, first, also=others) as going:
        if going.decision.effect is Effect.APPROVE:
            going.result.outcome, going.result.detail = Outcome.REFUSED, "It takes approvals, so the card does without."
            return NOTHING
        found = await end_of_log(going.quay, build.repository, build.id, READ)
        going.result.detail = "The end of the log is shown on the card of the build."
    return last_error(found.lines), failing_step(found.lines)
