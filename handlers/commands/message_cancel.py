"""`/quay message cancel`: a scheduled banner that will not be shown."""

from bot.domain.acts import Act
from bot.services.references import as_name
from handlers.acting.doing import do
from handlers.acts.message_cancel import KIND
from handlers.banner_acts import CANCEL
from handlers.command import Ask, Command, Desk, Field, Form, Reply
from handlers.grammar import UsageError


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """By the name under which it was scheduled."""
    if len(ask.words) != 1:
        raise UsageError("Which one? Its name looks like M7PX4 and stands in the list: /quay message list")
    return await do(KIND, Act(CANCEL, "", {"name": as_name(ask.words[0])}), ask.person, ask.channel, desk)


COMMAND = Command(
    word="message cancel",
    usage=("message cancel M7PX4",),
    summary="Cancel a global message that is scheduled",
    section="Global messages",
    details=(
        "Whoever scheduled it can cancel it, and so can those whom the policy asks to approve it, and superusers whose "
        "token has the scope `super:user`."
    ),
    run=run,
    form=Form("Cancel a message", (Field("name", "Its name", placeholder="M7PX4"),), submit="Cancel it"),
)
