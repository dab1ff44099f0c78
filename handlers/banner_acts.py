"""Global messages as acts: their parameters, and what a refusal means for the account that asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from bot.blocks.message_words import brief, label, look, until
from bot.blocks.text import when
from bot.domain.acts import Act
from bot.domain.banners import Banner, GlobalMessage
from bot.domain.errors import Forbidden, NeedsScope
from bot.domain.messages import Block
from bot.domain.people import Account
from bot.rules.times import span, spell
from bot.services.gate import Going

_UNTIL = "until"  # the parameter of one that is shown again
POST, DELETE, CANCEL = "message post", "message delete", "message cancel"
SUPER = "super:user"
LOOK = "`/quay message list` shows what is shown now."
NO_SUPERUSER = (
    "Only superusers of the registry can do this in Quay. Your token has the scope `super:user`, which alone does "
    "nothing: the account {username} is no superuser. Please ask one of them."
)
NO_SCOPE = (
    "Your token was made without the scope `super:user`. Global messages take that, and a superuser of the registry. "
    "If you are one, please link your account again, with that scope."
)


def post_act(
    content: str, severity: str, media_type: str, *, at: datetime | None = None, length: timedelta | None = None
) -> Act:
    """Showing a message, from a time on and for a length where these are given."""
    more = {
        "at": at.astimezone(UTC).isoformat(timespec="seconds") if at else "",
        "for": spell(length) if length else "",
    }
    named = {"severity": severity, "format": media_type, "text": content} | more
    return Act(POST, "", {key: value for key, value in named.items() if value})


def again_act(act: Act, ends: datetime | None) -> Act:
    """Showing the message of a deletion again: until its end, where it had one."""
    shown = post_act(*parts(act))
    end = {_UNTIL: ends.astimezone(UTC).isoformat()} if ends else {}
    return Act(POST, "", {**shown.parameters, **end})


def ends_at(act: Act) -> datetime | None:
    """Until when it is shown, if it is a message that is shown again."""
    end = act.parameters.get(_UNTIL, "")
    return datetime.fromisoformat(end) if end else None


def delete_act(message: GlobalMessage) -> Act:
    """Deleting a message that is there."""
    given = {"severity": message.severity, "format": message.media_type, "text": message.content}
    return Act(DELETE, "", {"message": message.uuid, **given})


def act_of(banner: Banner) -> Act:
    """The act by which a banner was asked for, exactly."""
    length = banner.ends_at - banner.begins_at if banner.ends_at else None
    begins = banner.begins_at if banner.begins_at > banner.created_at else None
    return post_act(banner.content, banner.severity, banner.media_type, at=begins, length=length)


def parts(act: Act) -> tuple[str, str, str]:
    """Content, severity and media type."""
    given = act.parameters
    return given.get("text", ""), given.get("severity", ""), given.get("format", "")


def times(act: Act) -> tuple[datetime | None, timedelta | None]:
    """From when, and for how long."""
    at, length = act.parameters.get("at", ""), act.parameters.get("for", "")
    return datetime.fromisoformat(at) if at else None, span(length) if length else None


def block(act: Act) -> tuple[Block, ...]:
    """How the banner looks."""
    content, severity, media_type = parts(act)
    return look(content, severity, media_type)


def in_words(act: Act) -> str:
    """The message in one line, with its times."""
    content, severity, _ = parts(act)
    end = ends_at(act)
    last = f" until {when(end)}" if end else ""
    return f"the global message {label(severity)} {brief(content, 400)}{until(*times(act))}{last}"


def sure_of_scope(account: Account) -> None:
    """Raises NeedsScope if the token surely lacks the scope: then nobody needs to look at a preview."""
    if account.scopes is not None and SUPER not in account.scopes:
        raise NeedsScope(NO_SCOPE, scopes=frozenset({SUPER}))


async def sure_of_right(going: Going) -> None:
    """Nothing, if Quay would let this account post; else raises what posting would, before anybody reads the text."""
    sure_of_scope(going.account)
    with explained(going.account):
        await going.quay.messages.admitted()


@contextmanager
def explained(account: Account) -> Iterator[None]:
    """A refusal that names both causes becomes one that names the right one, where the token's scopes are known."""
    try:
        yield
    except NeedsScope as error:
        if account.scopes is None:
            raise
        if SUPER in account.scopes:
            raise Forbidden(NO_SUPERUSER.format(username=account.username), detail=str(error)) from error
        raise NeedsScope(NO_SCOPE, scopes=error.scopes, detail=str(error)) from error
