"""The form behind the button "Deny": why not, if somebody wants to say so."""

from bot.blocks.layout import input_block, section, text_input
from bot.blocks.text import code
from bot.domain.messages import Modal
from handlers import deciding
from handlers.command import Desk, ModalHandler, Origin, Reply, Submission

CALLBACK = "approval_deny"
_FIELD = "why "  # and the name of the request: the form's private text says where it was asked for
_LONGEST = 500


def form(name: str, origin: Origin) -> Modal:
    """The empty form about the request of that name. The answer goes back to `origin`."""
    reason = text_input("why", placeholder="Not on a Friday", longest=_LONGEST)
    return Modal(
        callback=CALLBACK,
        title="Deny a request",
        blocks=(
            section(f"This ends the request {code(name)} for everybody. Whoever asked can ask again."),
            input_block(f"{_FIELD}{name}", "Why (shown on its card)", reason, optional=True),
        ),
        submit="Deny",
        close="Cancel",
        private=origin.pack(),
    )


def validate(_submission: Submission) -> dict[str, str]:
    """Nothing can be wrong: no reason is fine as well."""
    return {}


async def submit(submission: Submission, desk: Desk) -> Reply:
    """One no of whoever sent it. Raises UserError if it does not count."""
    said = {field.removeprefix(_FIELD): why for field, why in submission.values.items() if field.startswith(_FIELD)}
    name = next(iter(said), "")
    return await deciding.deny(name, submission.person, said.get(name, ""), desk)


MODAL = ModalHandler(callback=CALLBACK, validate=validate, submit=submit)
