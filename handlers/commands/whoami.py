"""`/quay whoami`: which Quay account is used for the asker, since when, and what its token may do."""

from collections.abc import Set

from bot.blocks.layout import section
from bot.blocks.text import code, plain, when
from bot.domain.errors import GiveUp, TryLater
from bot.domain.messages import Block
from bot.domain.people import Account, Way
from bot.ports import Quay, Scopes
from bot.services.linking import BASE
from handlers.command import Ask, Command, Desk, Reply
from handlers.grammar import UsageError
from handlers.words import host, link_button, small, whisper

_HOW = {
    Way.CODE: "by signing in at Quay",
    Way.ASSIGNED: "with a token that was assigned to you",
    Way.PASTED: "with a token that you pasted",
}
_POOR = "Some commands will not work for you before you link a token that has them all."
_IMPLIED = {"repo:admin": {"repo:write", "repo:read"}, "repo:write": {"repo:read"}}  # facts §2.4


async def run(ask: Ask, desk: Desk) -> Reply:
    """Ask Quay, so that the answer also proves that the token still works."""
    if ask.words:
        raise UsageError("`/quay whoami` takes no more words.")
    account = await desk.accounts.of(ask.person)
    quay = desk.registry.as_token(account.token)
    owner = await quay.whoami()
    scopes = await _scopes(account, quay)
    missing = BASE & scopes.lacks if scopes else frozenset()
    more: list[Block] = [link_button("Link again with all scopes")] if missing else []
    return whisper(
        f"You are *{plain(owner.username)}* on {plain(host(desk.quay_url))}. Your token works.",
        section(_told(scopes, missing)),
        *more,
        small(f"Linked {when(account.linked_at)} {_HOW[account.way]}. {code('/quay unlink')} makes me forget it."),
    )


async def _scopes(account: Account, quay: Quay) -> Scopes | None:
    """What Quay granted, else what harmless calls tell; None while nobody can tell."""
    if account.scopes is not None:
        has = account.scopes.union(*(_IMPLIED.get(scope, ()) for scope in account.scopes))
        return Scopes(has=has, lacks=BASE - has)
    try:
        return await quay.scopes()
    except (TryLater, GiveUp):
        return None


def _told(scopes: Scopes | None, missing: Set[str]) -> str:
    if scopes is None:
        return "*Scopes:* I cannot find out now which ones it has."
    rows = (
        ("It has", scopes.has),
        ("It lacks", missing),  # of what it was asked to have
        ("Shows when it is first used", BASE - scopes.has - scopes.lacks),
    )
    told = "\n".join(f"*{words}:* {' '.join(map(code, sorted(some)))}" for words, some in rows if some)
    return f"{told}\n{_POOR}" if missing else told


COMMAND = Command(
    word="whoami",
    usage=("whoami",),
    summary="Show which Quay account you use, and check that it works",
    section="Your account",
    details="Asks Quay who you are, and shows what your token may do. If it was revoked, you see it here.",
    run=run,
)
