"""What stands in the way of a vote, or of what was approved: said so that people can go on from there."""

from bot.blocks.approval import Tally
from bot.domain.acts import Request, Stage
from bot.domain.errors import BotError, UserError
from bot.ports import Quay
from bot.services.moving import voided
from bot.services.stages import Kind
from bot.services.verdicts import told_to_others
from bot.services.voting import STRANGER, NoApprover, Over

LOST = "Whoever asked cannot look at it in Quay any more."


class Waits(UserError):
    """It may not run yet: `tally` says what is missing now."""

    def __init__(self, say: str, tally: Tally) -> None:
        super().__init__(say)
        self.tally = tally


class Already(UserError):
    """The person has agreed already, and others are still missing. Nothing has changed."""


async def unmoved(request: Request, quay: Quay, kind: Kind) -> None:
    """Raises Over if its target has changed, or if whoever asked may not even look at it any more."""
    try:
        pin = await kind.pin(request.act, quay)
    except UserError as error:
        say = f"{LOST} {told_to_others(error, request.username)}"
        raise Over(Stage.FAILED, say, detail=str(error)) from error
    if pin != request.pin:
        raise Over(Stage.VOID, voided(request.name, request.pin, pin))


def stranger(request: Request, approvers: tuple[str, ...]) -> NoApprover:
    """The answer to the yes of somebody else than `approvers`."""
    return NoApprover(f"You are not an approver of {request.name}, so your approval does not count.", approvers)


def in_short(error: BotError) -> str:
    """Why a yes or a no does not count, for the audit."""
    return STRANGER if isinstance(error, NoApprover) else error.say
