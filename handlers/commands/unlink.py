"""`/quay unlink`: forget an account, and revoke its token where Quay lets us."""

from dataclasses import replace
from functools import partial

from bot.blocks.layout import section
from bot.blocks.text import code, plain
from bot.domain.acts import Act
from bot.domain.errors import BotError, GiveUp, NotLinked
from bot.domain.people import Account, Way
from bot.ports import Quay, Revoking
from bot.services.noting import Lines, noted
from handlers.banner_leaving import call_off, told
from handlers.command import Ask, Command, Desk, Reply
from handlers.deciding import withdraw
from handlers.grammar import UsageError
from handlers.leaving import let_go
from handlers.linking import revoke_at_quay
from handlers.words import host, small, whisper

_DONE = "Its token is revoked at Quay as well."
_DEAD = "Quay does not take its token any more. If your account there is enabled again, it may work again."
_MAYBE = "I could not revoke it at Quay. If it still works, revoke it"
_KEEPS = "The token itself is still valid, because {why}. Revoke it"
_UNCLEAR = "I cannot tell which one it is in Quay's list"
_SEVERAL = "Quay's list has several of mine and I cannot tell which"
_NOT_LET = "Quay does not let me revoke it"


async def run(ask: Ask, desk: Desk) -> Reply:
    """Revoke the asker's token if that is possible, and forget everything that was kept for them."""
    if ask.words:
        raise UsageError("`/quay unlink` takes no more words: it forgets your own account.")
    account = await _account(ask, desk)
    name = account.username if account else ""
    work = partial(_unlinked, ask, account, desk)
    had, end, todo, banners = await noted(
        Lines(desk.gate.audit, Act("unlink", ""), ask.person, ask.channel, username=name), work
    )
    if not had:
        return whisper(f"There was no Quay account to forget. {code('/quay link')} connects one.")
    quay = plain(host(desk.quay_url))
    said = f"I have forgotten your account on {quay}. I can do nothing there in your name any more."
    more = [section(banners)] if banners else []
    if not todo:
        return replace(whisper(f"{said} {end}", *more), home=True)
    return replace(whisper(said, *more, small(f"{end} {revoke_at_quay(desk, name)}.")), home=True)


async def _unlinked(ask: Ask, account: Account | None, desk: Desk) -> tuple[bool, str, bool, str]:
    """Was there something to forget? What became of its token, is that left to do, and what of global messages?"""
    end, todo = await _revoked(account, desk) if account else (_MAYBE, True)
    had = await desk.accounts.unlink(ask.person)
    await withdraw(ask.person, "Whoever asked for it has unlinked their Quay account.", desk)
    banners = told(*await call_off(ask.person, "Whoever scheduled it has unlinked their Quay account.", desk))
    await let_go(ask.person, desk)  # attempts, what was kept for later, builds that are followed, subscriptions
    return had, end, todo, banners


async def _account(ask: Ask, desk: Desk) -> Account | None:
    try:
        return await desk.accounts.of(ask.person)
    except (NotLinked, GiveUp):  # what nobody can open any more can still be forgotten
        return None


async def _revoked(account: Account, desk: Desk) -> tuple[str, bool]:
    """Revoke the token: what became of it, in words, and whether the person has to revoke it themselves."""
    client, quay = desk.linking.client, desk.registry.as_token(account.token)
    try:
        if account.way is Way.PASTED or client is None:
            return await _left(quay), True
        done = await quay.revoke(client.id)
    except NotLinked:
        return _DEAD, False
    except BotError:  # what came of it, nobody knows
        return _MAYBE, True
    if done is Revoking.DONE:
        return _DONE, False
    return _KEEPS.format(why=_SEVERAL if done is Revoking.SEVERAL else _NOT_LET), True


async def _left(quay: Quay) -> str:
    """A pasted token may be of any application, so Quay's list cannot tell which of its entries it is.

    Raises NotLinked if it does not work any more.
    """
    await quay.whoami()
    return _KEEPS.format(why=_UNCLEAR)


COMMAND = Command(
    word="unlink",
    usage=("unlink",),
    summary="Forget your Quay account",
    section="Your account",
    details=(
        "Deletes the token that you gave me, and revokes it at Quay where Quay allows that. Builds that I follow for "
        "you are followed no longer, your requests for approval are withdrawn, and global messages that you have "
        "scheduled are cancelled. One that is shown is not ended by itself any more."
    ),
    run=run,
)
