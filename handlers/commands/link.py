"""`/quay link`: tell the bot which Quay account is yours."""

from bot.blocks.layout import section
from bot.blocks.text import code
from bot.domain.errors import UserError
from handlers.command import Ask, Command, Desk, Reply
from handlers.modals.link import form, how_to
from handlers.words import link_button, whisper


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Open the form where Slack lets us (slash commands); elsewhere explain, with a button that opens it."""
    if ask.words:
        raise UserError(
            "Please do not write a token into a command. If that was one, revoke it in Quay, make a new one "
            "and use `/quay link` alone: it opens a form for it."
        )
    if ask.trigger:
        await desk.voice.open(ask.trigger, form(desk.quay_url, ask.origin))
        return None
    return whisper(
        "I act in Quay as *you*, with your own rights. For that I need a token of yours:",
        section(how_to(desk.quay_url)),
        link_button("Paste the token"),
    )


COMMAND = Command(
    word="link",
    usage=("link",),
    summary="Connect your Quay account",
    section="Your account",
    details=(
        "Opens a form for an OAuth token that you make in Quay. Everything you do here happens in Quay under your name "
        f"and with your rights. The token is stored encrypted. {code('/quay unlink')} makes me forget it."
    ),
    run=run,
)
