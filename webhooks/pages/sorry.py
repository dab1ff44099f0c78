"""Why a browser that came back from Quay got nothing: a known word for each reason, so that an address can hold it."""

from dataclasses import dataclass

import structlog

from bot.domain.errors import BotError, TryLater, UserError
from bot.services.linking import Nameless, Over
from webhooks.pages.html import Page, paragraph

log = structlog.stdlib.get_logger(__name__)

_BACK = "To try again, open the link from Slack once more. If it is too old, type `/quay link` there."
_AGAIN = "Type `/quay link` in Slack again: you get a new link."


@dataclass(frozen=True, slots=True)
class Reason:
    """What the page says, and the status that it is sent with."""

    status: int
    say: str
    todo: str = _BACK


STRANGE, NAMELESS, REFUSED, LATER, BROKEN, QUAY = "strange", "nameless", "refused", "later", "broken", "quay"

# By their word: what went wrong here, and Quay's own errors (facts §2.1, §2.2). What Quay writes about them is foreign
# text and not shown: whoever makes up an address must not be able to put words into our mouth.
REASONS = {
    STRANGE: Reason(
        403,
        "This sign-in does not belong to this browser, or it is over, or it has been used already. Nothing was linked.",
        "Type `/quay link` in Slack and open the new link in the browser in which you are signed in to Quay.",
    ),
    NAMELESS: Reason(
        400,
        "Quay gave a token, but does not say whose it is. It needs the scope `user:read`: ask whoever assigned it for "
        "a new one.",
        _AGAIN,
    ),
    REFUSED: Reason(
        400,
        "Quay did not accept this sign-in: it was used already, it is too old, or it was started in another way.",
    ),
    LATER: Reason(503, "Quay, or something on my side, does not answer now. Nothing was linked. Try again soon."),
    BROKEN: Reason(
        500,
        "Something is wrong between Quay and me, and nothing was linked. Whoever runs the bot finds the reason in "
        "its log.",
        "Once that is mended, type `/quay link` in Slack again.",
    ),
    QUAY: Reason(400, "Quay sent you back with an error, and nothing was linked."),
    "authorization_denied": Reason(400, "You said no in Quay, so nothing was linked."),
    "access_denied": Reason(400, "You said no in Quay, so nothing was linked."),
    "unauthorized_client": Reason(
        400,
        "Quay does not know this assignment: it was used already, or it is somebody else’s. Ask for a new one.",
    ),
    "redirect_uri_mismatch": Reason(
        400,
        "The bot’s application in Quay has another redirect address. Whoever runs the bot has to set it there to "
        "`{callback}`.",
    ),
    "invalid_scope": Reason(400, "Quay does not know one of the permissions that were asked for."),
}


def known(word: str) -> str:
    """The word, if it is one of ours."""
    return word if word in REASONS else QUAY


def word(error: BotError) -> str:
    """The word for an error; what an operator may want to know goes to the log."""
    match error:
        case Over():
            return STRANGE
        case UserError():
            log.info("link_refused", why=str(error))
            return NAMELESS if isinstance(error, Nameless) else REFUSED
        case TryLater():
            log.warning("link_put_off", why=str(error))
            return LATER
        case _:
            log.error("link_failed", why=str(error))
            return BROKEN


def page(why: str, callback: str) -> tuple[Page, int]:
    """The page for a word, and its status. `callback` is our redirect address."""
    reason = REASONS[known(why)]
    said = paragraph(reason.say.format(callback=callback)) + paragraph(reason.todo)
    return Page("Not linked", said), reason.status
