"""`/quay message delete`: a banner that nobody sees any more."""

from bot.domain.acts import Act
from bot.domain.banners import BannerStage
from bot.services.references import as_name
from handlers.acting.doing import do
from handlers.acts import message_cancel, message_delete
from handlers.banner_acts import CANCEL, DELETE
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek
from handlers.grammar import UsageError


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """By the beginning of its uuid, or by the name under which it was scheduled; what still waits is cancelled."""
    if len(ask.words) != 1:
        raise UsageError("Which message? Its name stands in the list: /quay message list")
    word = ask.words[0]
    banner = await desk.banners.get(as_name(word))
    if banner is not None and banner.person.team == ask.person.team:
        if banner.stage is BannerStage.WAITING:
            act = Act(CANCEL, "", {"name": banner.name})
            return await do(message_cancel.KIND, act, ask.person, ask.channel, desk)
        word = banner.uuid or word
    return await do(message_delete.KIND, Act(DELETE, "", {"message": word}), ask.person, ask.channel, desk)


COMMAND = Command(
    word="message delete",
    usage=("message delete 45626934", "message delete M7PX4"),
    summary="Delete a global message, after a look at it",
    section="Global messages",
    details=(
        "Takes the beginning of its id, or the name under which it was scheduled. Shows it, asks once, and can be "
        "undone: the same message is posted again then. It takes a superuser and a token with the scope `super:user`."
    ),
    run=run,
    form=Form("Delete a message", (Field("message", "Global message", seek=Seek.MESSAGE),), submit="Look at it"),
)
