"""The act "message cancel": a scheduled global message that will not be shown."""

from bot.blocks.text import code
from bot.domain.acts import Act
from bot.domain.banners import Banner, BannerStage
from bot.domain.errors import Forbidden, UserError
from bot.services.gate import Going
from bot.services.voting import Electorate
from handlers.acting.announcing import announce
from handlers.acting.proposing import Undo
from handlers.banner_acts import CANCEL, act_of, in_words
from handlers.command import ActKind, Desk, Reply
from handlers.words import whisper

NONE = "There is no scheduled message of that name. `/quay message list` shows them."
BEGUN = "It is not waiting any more, so it cannot be cancelled. `/quay message list` shows what is shown now."
STRANGER = (
    "Only whoever scheduled it can cancel it, those whom the policy asks to approve it, and superusers of the registry "
    "whose token has the scope `super:user`."
)


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Cancel it, if it still waits. Raises UserError that says why not."""
    banner = await desk.banners.get(act.parameters["name"])
    if banner is None or banner.person.team != going.person.team:
        raise UserError(NONE)
    if banner.person != going.person and not await _may(banner, going, desk):
        raise Forbidden(STRANGER)
    if banner.stage is not BannerStage.WAITING or not await desk.banners.move(
        banner, BannerStage.CANCELLED, desk.clock.now(), reason=f"Cancelled under {going.reference}."
    ):
        raise UserError(BEGUN)
    going.result.detail = f"{banner.name} will not be shown."
    said = f"<@{going.person.user}> cancelled {code(banner.name)}, {in_words(act_of(banner))}."
    undo = Undo(act_of(banner), "", "Schedule it again, with your own account?")
    await announce(going, desk, said, undo=undo)
    return whisper(f"Cancelled. {code(banner.name)} will not be shown.")


async def _may(banner: Banner, going: Going, desk: Desk) -> bool:
    """Would they be asked to approve just this message, or does Quay let them post and delete any?"""
    people = Electorate(desk.gate)
    approvers = await people.approvers(act_of(banner), banner.person, banner.username, banner.channel)
    if await desk.policies.is_one_of(going.person, going.account.username, going.quay, approvers):
        return True
    try:
        await going.quay.messages.admitted()
    except UserError:
        return False
    return True


def says(act: Act) -> str:
    """Which one."""
    return f"Cancel the scheduled global message {code(act.parameters.get('name', ''))}. It will not be shown."


KIND = ActKind(name=CANCEL, run=run, says=says)
