"""The act "message delete": a global message that nobody sees any more."""

from bot.blocks.layout import section
from bot.domain.acts import Act
from bot.domain.banners import BannerStage
from bot.domain.errors import BotError
from bot.ports import Quay
from bot.services.banners import named, state
from bot.services.gate import Going
from handlers.announcing import announce
from handlers.banner_acts import DELETE, block, by, delete_act, explained, in_words, parts, post_act, sure_of_scope
from handlers.command import ActKind, Desk, Preview, Reply
from handlers.proposing import Undo
from handlers.words import whisper


async def resolve(act: Act, quay: Quay) -> Act:
    """Which one it is, and what it says now."""
    return delete_act(named(act.parameters["message"], await quay.messages.all()))


async def pin(act: Act, quay: Quay) -> str:
    """The message as it is now."""
    return state(act.parameters["message"], await quay.messages.all())


async def preview(act: Act, going: Going, _desk: Desk) -> Preview:
    """The message that goes."""
    sure_of_scope(going.account)
    return Preview(
        (section("No user of the registry will see this message any more:"), *block(act)), "Delete it", danger=True
    )


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Delete it, look whether it is gone, and tell the channel; the way back is to post the same again."""
    seen = await removed(act.parameters["message"], going)
    going.result.detail = seen
    now = desk.clock.now()
    for banner in await desk.banners.open():
        if banner.uuid == act.parameters["message"] and banner.stage is BannerStage.SHOWN:
            await desk.banners.move(banner, BannerStage.ENDED, now, reason="It was deleted before its end.")
    said = f"Deleted: {in_words(act)}. {seen}"
    undo = Undo(post_act(*parts(act)), "", "Every user of the registry will see this message again, without an end.")
    await announce(going, desk, said, by(going), undo=undo)
    return whisper(f"Done. {seen}")


async def removed(uuid: str, going: Going) -> str:
    """Delete it; says whether it has been seen to be gone."""
    with explained(going.account):
        await going.quay.messages.delete(uuid)
    try:
        still = any(one.uuid == uuid for one in await going.quay.messages.all())
    except BotError:
        return "Quay has deleted it. I could not read it back."
    if still:
        return "Quay said yes, but still shows it. Please look at `/quay message list` in a moment."
    return "I have verified that it is gone."


def says(act: Act) -> str:
    """Which one."""
    return f"Delete {in_words(act)}. No user of the registry will see it any more."


KIND = ActKind(name=DELETE, run=run, says=says, resolve=resolve, pin=pin, preview=preview)
