"""A refusal, by its cause: (what was asked, what was answered, what a probe saw) → our error. Pure.

Quay's own codes do not tell causes apart: a dead token on a write is a 403 about CSRF, a missing role and a missing
scope read the same, and a missing repository looks forbidden (facts §2.5, §4).
"""

from dataclasses import dataclass

from bot.adapters.quay import words, words_tagging
from bot.adapters.quay.answers import Answer
from bot.adapters.quay.ask import USER, Ask, Right
from bot.domain.errors import BotError, Forbidden, GiveUp, Lacking, NeedsScope, NotLinked, TryLater, Unseen, UserError

_SOON = 5.0
_LATER = 60.0


@dataclass(frozen=True, slots=True)
class Sight:
    """What the asker sees of the repository, under this token's scopes. `seen` is None when that is not known."""

    username: str = ""
    seen: bool | None = None
    can_write: bool = False
    can_admin: bool = False


UNKNOWN = Sight()


class NotThere(UserError):
    """The repository is there and seen; what was asked about in it is surely not."""


def wants_sight(ask: Ask, answer: Answer) -> bool:
    """True if only a look at the repository can tell the cause."""
    return bool(ask.repository) and answer.status in {403, 404} and bool(answer.table) and not _is_csrf(answer)


def translate(ask: Ask, answer: Answer, host: str, sight: Sight = UNKNOWN) -> BotError:
    """The error for an answer that is no 2xx. The sentence is for the person, the detail for the log."""
    error = _by_status(ask, answer, host, sight)
    error.args = (f"{ask.method} {ask.path}: {answer.status} {answer.glimpse}".rstrip(),)
    return error


def _by_status(ask: Ask, answer: Answer, host: str, sight: Sight) -> BotError:  # noqa: PLR0911 - a table
    match answer.status:
        case 400 | 409 | 410 | 415 | 422:
            return _bad_request(ask, answer)
        case 401:
            return NotLinked(words.DEAD_OR_NO_USER_READ if ask.path == USER else words.DEAD_LINK)
        case 402:
            return UserError(words.PLAN_LIMIT)
        case 403:
            return _forbidden(ask, answer, host, sight)
        case 404:
            return _not_found(ask, answer, host, sight)
        case 405 if _is_readonly(answer):
            return UserError(words.READ_ONLY_REGISTRY)
        case 429:
            return _too_many(answer)
        case status if 300 <= status < 400:
            return GiveUp(words.redirected(host))
        case _:
            return _server_side(ask, answer, host)


def _bad_request(ask: Ask, answer: Answer) -> BotError:
    said = answer.said
    known = (
        ("trigger is not active", words.TRIGGER_INACTIVE),
        ("trigger is not enabled", words.TRIGGER_DISABLED),
        ("currently running or has finished", words.BUILD_OVER),
        ("unable to locate a build", words.missing(ask.thing, ask.repository)),
        ("invalid archive url", words.BAD_ARCHIVE),
        ("invalid tag:", words_tagging.BAD_TAG),
        ("reserved prefix", words_tagging.RESERVED_LABEL),
        ("label is of an invalid format", words_tagging.BAD_LABEL),
        ("immutable label", words_tagging.FIXED_LABEL),
        ("could not be found or is invalid", words.FILE_GONE),
        ("failed validating", words.BAD_VALUES),
        ("does not match", words.BAD_VALUES),
    )
    for piece, sentence in known:
        if piece in said.lower():
            return UserError(sentence)
    if answer.status in ask.means:
        return UserError(ask.means[answer.status])
    if ask.starts_trigger and "missing required parameter" in said.lower():
        return UserError(words.NEEDS_COMMIT)
    if not said or "\n" in said.strip():  # a dump of schema and values
        return UserError(words.BAD_VALUES)
    return UserError(words.refused(said))


def forbidden(ask: Ask, sight: Sight) -> UserError:
    """A role or a scope is missing, or the repository: as much as `sight` tells."""
    if sight.seen is None:
        return Forbidden(words.unclear(ask.repository, ask.needs, ask.does))
    if not sight.seen:
        return _unseen(ask, sight)
    if not _may(sight, ask.needs):
        return _lacking(ask, sight)
    if ask.robot:
        return UserError(words.foreign_robot(ask.robot) if "+" in ask.robot else words.not_a_robot(ask.robot))
    return Forbidden(words.unclear(ask.repository, ask.needs, ask.does))


def _lacking(ask: Ask, sight: Sight) -> Lacking:
    needs = ask.needs.value
    what = (ask.repository, sight.username, "write" if sight.can_write else "read", needs, ask.does)
    return Lacking(
        words.lacking(*what),
        repository=ask.repository,
        needs=needs,
        does=ask.does,
        role=words.lacking_role(*what),
    )


def _unseen(ask: Ask, sight: Sight) -> Lacking:
    """Not to see a repository is to lack read there, if it exists: Quay hides that (facts §3.5)."""
    what = (ask.repository, sight.username)
    return Lacking(
        words.unseen(*what),
        repository=ask.repository,
        needs=Right.READ.value,
        does=ask.does,
        role=words.unseen_role(*what),
    )


def _forbidden(ask: Ask, answer: Answer, host: str, sight: Sight) -> BotError:
    if _is_csrf(answer):
        return NotLinked(words.DEAD_LINK)
    if not answer.table:
        return GiveUp(words.not_understood(host))
    if not ask.repository:
        if ask.scope:
            return NeedsScope(words.lacking_scope(ask.does, ask.scope, ask.thing), scopes=frozenset({ask.scope}))
        return Forbidden(words.refused_silently(ask.does))
    return forbidden(ask, sight)


def _not_found(ask: Ask, answer: Answer, host: str, sight: Sight) -> BotError:  # noqa: PLR0911 - a table
    if answer.table and ask.thing and not ask.repository:
        return UserError(words.no_such(ask.thing))
    if not answer.table or not ask.repository:
        return GiveUp(words.no_such_call(host))
    if sight.seen is False:
        return Unseen(words.unseen(ask.repository, sight.username), repository=ask.repository)
    if 404 in ask.means:
        return NotThere(ask.means[404]) if sight.seen else UserError(ask.means[404])
    if ask.robot:
        return UserError(words.no_robot(ask.robot))
    if ask.thing:
        return UserError(words.missing(ask.thing, ask.repository))
    return Unseen(words.unseen(ask.repository, sight.username), repository=ask.repository)


def _too_many(answer: Answer) -> BotError:
    if "build rate" in answer.said.lower():
        return TryLater(words.BUILD_LIMIT, after=answer.retry_after or _LATER)
    return TryLater(words.BUSY, after=answer.retry_after or _SOON)


def _server_side(ask: Ask, answer: Answer, host: str) -> BotError:
    status = answer.status
    if is_frozen(answer):
        mirror = answer.said.rstrip().endswith("2")  # the number of the repository's state
        return UserError(words.frozen(ask.repository, "is a mirror" if mirror else "is read-only"))
    if status == 520:
        return TryLater(words.GIT_SERVICE, after=_LATER)
    if status in {502, 504} and not ask.reads:
        return TryLater(words.unknown_fate(host, ask.does, ask.in_doubt), after=_LATER, doubtful=True)
    if status in {502, 503, 504}:
        return TryLater(words.away(host), after=answer.retry_after or _LATER)
    if status == 500 and ask.starts_trigger:
        return GiveUp(words.TRIGGER_CRASHED)
    return GiveUp(words.crashed(host) if status >= 500 else words.not_understood(host))


def is_frozen(answer: Answer) -> bool:
    """A 503 that is about the repository's state: trying again cannot help."""
    return answer.status == 503 and "read only or mirror mode" in answer.said.lower()


def _is_csrf(answer: Answer) -> bool:
    return answer.status == 403 and "csrf" in answer.said.lower()


def _is_readonly(answer: Answer) -> bool:
    errors = answer.table.get("errors")
    return isinstance(errors, list) and any(isinstance(one, dict) and one.get("is_readonly") for one in errors)


def _may(sight: Sight, needs: Right) -> bool:
    return {Right.READ: True, Right.WRITE: sight.can_write, Right.ADMIN: sight.can_admin}[needs]
