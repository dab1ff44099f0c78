"""The form that links a Quay account: it takes a token that the person made in Quay."""

from bot.blocks.layout import context, input_block, section, text_input
from bot.blocks.text import code, link, plain
from bot.domain.messages import Modal
from handlers.command import Desk, ModalHandler, Origin, Reply, Submission
from handlers.words import host, whisper

CALLBACK = "link_account"
FIELD = "token"
SCOPES = ("repo:read", "repo:write", "repo:admin", "user:read")
SHORTEST, LONGEST = 20, 200  # Quay's tokens have 40 characters (facts §2.1)


def how_to(quay_url: str) -> str:
    """How to make a token, as mrkdwn."""
    scopes = " ".join(code(scope) for scope in SCOPES)
    return (
        f"1. Open {link(quay_url, host(quay_url))} and go to an organization that you manage.\n"
        "2. Choose *Applications*, then an application (or make one).\n"
        f"3. Choose *Generate Token* and tick {scopes}.\n"
        "4. Copy the token. Quay shows it only once.\n"
        "You manage no organization? Ask somebody who does to assign you a token of theirs."
    )


def form(quay_url: str, origin: Origin) -> Modal:
    """The empty form. The answer goes back to `origin`."""
    field = text_input("token", placeholder="40 letters and digits", longest=LONGEST)
    return Modal(
        callback=CALLBACK,
        title="Link your Quay account",
        blocks=(
            section("I act in Quay as *you*, with your own rights. For that I need a token of yours."),
            section(how_to(quay_url)),
            input_block(FIELD, "Token", field),
            context(
                "Slack has no password field, so make sure that nobody looks over your shoulder. "
                "The token is stored encrypted. You can revoke it in Quay at any time, and "
                f"{code('/quay unlink')} makes me forget it."
            ),
        ),
        submit="Link",
        close="Cancel",
        private=origin.pack(),
    )


def validate(submission: Submission) -> dict[str, str]:
    """What cannot be a token, without asking anybody."""
    token = submission.values.get(FIELD, "").strip()
    if not token:
        return {FIELD: "Paste your token here."}
    if any(char.isspace() for char in token):
        return {FIELD: "A token has no blanks in it. Copy only the token itself."}
    if not (token.isascii() and token.isprintable()):
        return {FIELD: "A token has only plain letters, digits and signs. Copy it again."}
    if not SHORTEST <= len(token) <= LONGEST:
        return {FIELD: f"This has {len(token)} characters. Quay's tokens have 40, so something is missing or too much."}
    return {}


async def submit(submission: Submission, desk: Desk) -> Reply:
    """Ask Quay whose token it is, and remember it."""
    account = await desk.accounts.link(submission.person, submission.values.get(FIELD, ""))
    return whisper(
        f"You are *{plain(account.username)}* on {plain(host(desk.quay_url))} now. "
        f"Try {code('/quay build acme/web --archive-url https://…')}, or {code('/quay help')} for more."
    )


MODAL = ModalHandler(callback=CALLBACK, validate=validate, submit=submit)
