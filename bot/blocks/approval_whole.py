"""Whether a request for approval can be shown whole: what nobody sees, nobody can agree to. Pure."""

from bot.blocks.approval_words import pinned
from bot.blocks.clean import one_line
from bot.blocks.text import code
from bot.domain.acts import Request
from bot.domain.images import GONE

MOST = 2_600  # characters of the act in words: a section holds 3,000, and in a list there are other words around them
UNSEEN = "Whoever approves has to see exactly what runs. Please ask with fewer or shorter values."
_CUT = "…"  # how a text ends, and a list, of which something was cut


def not_shown(request: Request, says: str) -> str:
    """What its card would not show as it is, as a sentence; "" if it shows everything.

    `says` is the act as mrkdwn. Text is cut with an ellipsis and a list with "+2 more" (bot/blocks/text): none of that
    may be there. An ellipsis that somebody typed looks the same, so that is refused as well.
    """
    act = request.act
    for name, value in act.parameters.items():
        if value != one_line(value):
            return f"The value of “{one_line(name)}” has characters that cannot be seen."
    if _CUT in says or len(says) > MOST:
        return "This is too long for the card of a request."
    if _CUT in code(act.target, 260):
        return "The name of what it is done to is too long for the card of a request."
    bound = pinned(request.pin)
    if _CUT in bound or bound.count("`") != 2 * _marks(request.pin):
        return "This writes more tags than the card of a request can show."
    return ""


def _marks(pin: str) -> int:
    """Code spans of a pin: a tag, and its digest if it has one."""
    states = [piece.partition("=")[2] for piece in pin.split()]
    return sum(1 if state in ("", GONE) else 2 for state in states)
