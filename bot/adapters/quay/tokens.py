"""The beginning and the end of a token: a code becomes one, and one of our application is revoked."""

import re

from bot.adapters.quay import asks_people, words
from bot.adapters.quay.answers import Answer
from bot.adapters.quay.ask import Ask
from bot.adapters.quay.errors import translate
from bot.adapters.quay.reading import shaped
from bot.adapters.quay.shapes_people import ApplicationShape, AuthorizationShape, AuthorizationsShape, GrantShape
from bot.adapters.quay.transport import Transport
from bot.domain.errors import BotError, Forbidden, GiveUp, UserError
from bot.ports import Client, Grant, Revoking

_LONGEST_CODE = 1000
_REFUSALS: dict[str, tuple[type[BotError], str]] = {
    "invalid_grant": (UserError, words.CODE_REFUSED),
    "invalid_client": (GiveUp, words.CLIENT_REFUSED),
    "unauthorized_client": (GiveUp, words.CLIENT_REFUSED),
    "invalid_scope": (GiveUp, words.SIGN_IN_REFUSED),
    "invalid_request": (GiveUp, words.SIGN_IN_REFUSED),
    "unsupported_grant_type": (GiveUp, words.SIGN_IN_REFUSED),
}


async def granted(transport: Transport, client: Client, code: str, redirect_uri: str, scope: str) -> Grant:
    """The token for a code. Never asked again once it may have arrived: a code works once (facts §2.1)."""
    if not code or len(code) > _LONGEST_CODE:
        raise UserError(words.CODE_REFUSED, detail=f"a code of {len(code)} characters")
    ask = asks_people.exchange(client, code, redirect_uri, scope)
    answer = await transport.exchange(ask, "")
    if answer.status != 200:
        raise _refused(ask, answer, transport.host)
    try:
        token = shaped(answer, GrantShape, transport.host).access_token
    except GiveUp:
        detail = f"{ask.method} {ask.path}: {answer.status}, {len(answer.body)} bytes without a token"
        raise GiveUp(words.not_understood(transport.host), detail=detail) from None  # the body may repeat what was sent
    return Grant(token, frozenset(re.split(r"[ ,]+", scope)) - {""})


def _refused(ask: Ask, answer: Answer, host: str) -> BotError:
    """The error for a refusal. The body may repeat what was sent: only Quay's own word for it is looked at."""
    where = f"{ask.method} {ask.path}: {answer.status}"
    word = answer.table.get("error") if answer.status in {400, 401, 403} else None
    if isinstance(word, str) and word in _REFUSALS:
        kind, say = _REFUSALS[word]
        return kind(say, detail=f"{where} {word}")
    if isinstance(word, str) and word.startswith("Required param"):
        return GiveUp(words.SIGN_IN_REFUSED, detail=f"{where} a parameter is missing")
    if 400 <= answer.status < 500 and answer.status != 429:
        return GiveUp(words.not_understood(host), detail=where)
    error = translate(ask, answer, host)
    error.args = (where,)
    return error


async def revoked(transport: Transport, token: str, client_id: str) -> Revoking:
    """End the token at Quay, if it is the owner's only one of this application.

    The list of a person's tokens names applications, not tokens or client ids (facts §2.3): so the application's name
    and organization have to lead to exactly one. For a token of our own application that one is this one.
    """
    listed = await _read(transport, token, asks_people.authorizations())
    ours = await _read(transport, token, asks_people.application(client_id))
    if listed is None or ours is None:
        return Revoking.NOT_LET
    application = shaped(ours, ApplicationShape, transport.host)
    tokens = shaped(listed, AuthorizationsShape, transport.host).authorizations
    mine = [one.uuid for one in tokens if _is_of(one, application)]
    if len(mine) > 1:
        return Revoking.SEVERAL
    if not any(mine):
        return Revoking.NOT_LET
    done = await _read(transport, token, asks_people.revoke(mine[0])) is not None
    return Revoking.DONE if done else Revoking.NOT_LET


def _is_of(one: AuthorizationShape, application: ApplicationShape) -> bool:
    named, theirs = application.name, application.organization.name
    return bool(named and theirs) and (one.application.name, one.application.organization.name) == (named, theirs)


async def _read(transport: Transport, token: str, ask: Ask) -> Answer | None:
    """The answer; None if Quay does not let us, or knows nothing of it."""
    answer = await transport.exchange(ask, token)
    if 200 <= answer.status < 300:
        return answer
    error = translate(ask, answer, transport.host)
    if answer.status in {403, 404} and answer.table and type(error) in {UserError, Forbidden, GiveUp}:
        return None
    raise error
