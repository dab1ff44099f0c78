"""The form for the code that the linking page shows: it proves that browser and Slack are in the same hands."""

from bot.blocks.layout import context, input_block, section, text_input
from bot.blocks.text import plain
from bot.domain.errors import NotLinked, UserError
from bot.domain.messages import Modal
from handlers.command import Desk, Errors, ModalHandler, Origin, Reply, Submission
from handlers.linking import confirm, welcome

CALLBACK = "link_code"
FIELD = "code"
_LONGEST = 40


def form(origin: Origin, username: str = "", quay: str = "") -> Modal:
    """The empty form. The answer goes back to `origin`. `username` is the account on `quay` that waits for the code."""
    who = (
        f"You will act as *{plain(username)}* on {plain(quay)}. If that is not you, do not enter the code."
        if username
        else "Nobody has signed in with your linking page yet, so no code is right before that."
    )
    return Modal(
        callback=CALLBACK,
        title="Enter the code",
        blocks=(
            section("Enter the code that *your own* browser shows. It links the account that is named beside it."),
            section(who),
            input_block(FIELD, "Code", text_input("code", placeholder="XXXX-XXXX", longest=_LONGEST)),
            context("Did somebody send you a code? Then do not enter it: you would act in Quay as them."),
        ),
        submit="Link",
        close="Cancel",
        private=origin.pack(),
    )


def validate(submission: Submission) -> dict[str, str]:
    """What cannot be a code; such a slip is no wrong try."""
    letters = "".join(char for char in submission.values.get(FIELD, "") if char.isalnum())
    if not letters:
        return {FIELD: "Enter the code here."}
    if len(letters) != 8:
        return {FIELD: "The code has eight letters and digits, like XXXX-XXXX."}
    return {}


async def submit(submission: Submission, desk: Desk) -> Reply | Errors:
    """Link the account, or say below the field why not."""
    try:
        linked = await confirm(submission.person, submission.values.get(FIELD, ""), submission.origin.channel, desk)
    except NotLinked:  # Quay does not take the token any more: that is no matter of the code
        raise
    except UserError as error:
        return Errors({FIELD: error.say.replace("`", "")})  # plain text
    return await welcome(linked, desk)


MODAL = ModalHandler(callback=CALLBACK, validate=validate, submit=submit, stays=True)
