"""`/quay unlink`: forget an account."""

from bot.blocks.text import code, link, plain
from handlers.command import Ask, Command, Desk, Reply
from handlers.grammar import UsageError
from handlers.words import host, small, whisper


async def run(ask: Ask, desk: Desk) -> Reply:
    """Forget the asker's token."""
    if ask.words:
        raise UsageError("`/quay unlink` takes no more words: it forgets your own account.")
    if not await desk.accounts.unlink(ask.person):
        return whisper(f"There was no Quay account to forget. {code('/quay link')} connects one.")
    quay = link(desk.quay_url, host(desk.quay_url))
    return whisper(
        f"I have forgotten your account on {plain(host(desk.quay_url))}. I can do nothing there in your name any more.",
        small(f"The token itself is still valid. Revoke it at {quay} if you do not use it elsewhere."),
    )


COMMAND = Command(
    word="unlink",
    usage=("unlink",),
    summary="Forget your Quay account",
    section="Your account",
    details="Deletes the token that you gave me. Builds that I follow for you are followed no longer.",
    run=run,
)
