"""The form that links a Quay account: it takes a token that the person made in Quay."""

from collections.abc import Set
from functools import partial

from bot.blocks.layout import context, input_block, section, text_input
from bot.blocks.text import code, link
from bot.domain.acts import Act
from bot.domain.messages import Modal
from bot.domain.people import Way
from bot.services.noting import Lines, noted
from handlers.command import Desk, ModalHandler, Origin, Reply, Submission
from handlers.linking import welcome
from handlers.words import host

CALLBACK = "link_account"
FIELD = "token"
SCOPES = ("repo:read", "repo:write", "repo:admin", "user:read")
SHORTEST, LONGEST = 20, 200  # Quay's tokens have 40 characters (facts §2.1)


def how_to(quay_url: str, more: Set[str] = frozenset()) -> str:
    """How to make a token, as mrkdwn. `more` are scopes that it needs beyond the usual ones."""
    scopes = " ".join(code(scope) for scope in (*SCOPES, *sorted(more - {*SCOPES})))
    return (
        f"1. Open {link(quay_url, host(quay_url))} and go to an organization that you manage.\n"
        "2. Choose *Applications*, then an application (or make one).\n"
        f"3. Choose *Generate Token* and tick {scopes}.\n"
        "4. Copy the token. Quay shows it only once.\n"
        f"Robot accounts take {code('org:admin')} (of an organization) or {code('user:admin')} (your own) as well, "
        f"global messages {code('super:user')}: I ask for them when they are needed.\n"
        "You manage no organization? Ask somebody who does to generate a token and assign it to you."
    )


def form(quay_url: str, origin: Origin, more: Set[str] = frozenset()) -> Modal:
    """The empty form, which names the scopes that a token needs. The answer goes back to `origin`."""
    field = text_input("token", placeholder="40 letters and digits", longest=LONGEST)
    return Modal(
        callback=CALLBACK,
        title="Link your Quay account",
        blocks=(
            section("I act in Quay as *you*, with your own rights. For that I need a token of yours."),
            section(how_to(quay_url, more)),
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
    person, token = submission.person, submission.values.get(FIELD, "")
    act = Act("link", "", {"way": Way.PASTED.value})
    work = partial(desk.linking.paste, person, token)
    lines = Lines(desk.gate.audit, act, person, submission.origin.channel)
    linked = await noted(lines, work, lambda found: found.account.username)
    return await welcome(linked, desk)


MODAL = ModalHandler(callback=CALLBACK, validate=validate, submit=submit)
