"""The act "message delete": a global message that nobody sees any more."""

from datetime import datetime

import structlog

from bot.blocks.layout import section
from bot.domain.acts import Act
from bot.domain.banners import BannerStage
from bot.domain.errors import BotError
from bot.domain.said import utc
from bot.domain.sight import Sight
from bot.ports import Quay
from bot.rules.global_messages import named, state
from bot.services.gate import Going
from handlers.acting.carrying import Change, Seen, carry_out, tell
from handlers.acting.proposing import Undo
from handlers.banner_acts import DELETE, LOOK, again_act, block, delete_act, explained, in_words, sure_of_right
from handlers.command import ActKind, Desk, Preview, Reply

log = structlog.stdlib.get_logger(__name__)


async def resolve(act: Act, quay: Quay) -> Act:
    """Which one it is, and what it says now."""
    return delete_act(named(act.parameters["message"], await quay.messages.all()))


async def pin(act: Act, quay: Quay) -> str:
    """The message as it is now."""
    return state(act.parameters["message"], await quay.messages.all())


async def preview(act: Act, going: Going, _desk: Desk) -> Preview:
    """The message that goes; for superusers alone."""
    await sure_of_right(going)
    return Preview(
        (section("No user of the registry will see this message any more:"), *block(act)), "Delete it", danger=True
    )


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Delete it, look whether it is gone, and tell the channel; the way back is to post the same again."""
    seen = await removed(act.parameters["message"], going)
    ends = await _ended(act.parameters["message"], desk) if seen.sight is not Sight.OTHER else None
    until = f"until {utc(ends)}" if ends else "without an end"
    change = Change(
        did=f"deleted {in_words(act)}.",
        now=now_of(seen),
        other="Quay still showed it",
        where=LOOK,
        undo=Undo(again_act(act, ends), "", f"Every user of the registry will see this message again, {until}."),
        again="nobody sees it any more",
    )
    return await tell(seen, change, going, desk)


async def removed(uuid: str, going: Going) -> Seen[None, bool]:
    """Delete it, and look whether it is still shown."""

    async def work() -> None:
        with explained(going.account):
            await going.quay.messages.delete(uuid)

    async def still() -> bool:
        return any(one.uuid == uuid for one in await going.quay.messages.all())

    return await carry_out(work(), still, lambda shown: not shown)


def now_of(seen: Seen[None, bool]) -> str:
    """How it is now, for the audit."""
    return "it is still shown" if seen.sight is Sight.OTHER else "it is gone"


async def _ended(uuid: str, desk: Desk) -> datetime | None:
    """It needs no end any more: the one that it had. Raises nothing: the rest is found out when its end comes."""
    ends: datetime | None = None
    try:
        for banner in await desk.banners.open():
            if banner.uuid == uuid and banner.stage is BannerStage.SHOWN:
                ends, reason = banner.ends_at, "It was deleted before its end."
                await desk.banners.move(banner, BannerStage.ENDED, desk.clock.now(), reason=reason)
    except BotError as error:
        log.warning("banner_not_ended", uuid=uuid, why=str(error))
    return ends


def says(act: Act) -> str:
    """Which one."""
    return f"Delete {in_words(act)}. No user of the registry will see it any more."


KIND = ActKind(name=DELETE, run=run, says=says, resolve=resolve, pin=pin, preview=preview)
