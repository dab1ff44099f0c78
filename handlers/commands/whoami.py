"""`/quay whoami`: which Quay account is used for the asker."""

from bot.blocks.text import code, plain, when
from handlers.command import Ask, Command, Desk, Reply
from handlers.grammar import UsageError
from handlers.words import host, small, whisper


async def run(ask: Ask, desk: Desk) -> Reply:
    """Ask Quay, so that the answer also proves that the token still works."""
    if ask.words:
        raise UsageError("`/quay whoami` takes no more words.")
    account = await desk.accounts.of(ask.person)
    owner = await desk.registry.as_token(account.token).whoami()
    return whisper(
        f"You are *{plain(owner.username)}* on {plain(host(desk.quay_url))}. Your token works.",
        small(f"Linked {when(account.linked_at)}. {code('/quay unlink')} makes me forget it."),
    )


COMMAND = Command(
    word="whoami",
    usage=("whoami",),
    summary="Show which Quay account you use, and check that it works",
    section="Your account",
    details="Asks Quay who you are. If your token was revoked, you see it here.",
    run=run,
)
