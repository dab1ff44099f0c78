"""The act "describe": another description for a repository."""

import hashlib

from bot.blocks.clean import one_line
from bot.blocks.layout import section
from bot.blocks.text import code, fence, plain
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.ports import Quay
from bot.services.gate import Going
from handlers.acting.carrying import Change, carry_out, tell
from handlers.acting.proposing import Undo
from handlers.acts.blaming import from_log
from handlers.acts.rights import needs_write
from handlers.command import ActKind, Desk, Preview, Reply

NAME = "describe"
DOES = "change its description"
LONGEST = 20_000  # characters: more is a document, and belongs elsewhere
_SHOWN = 500  # characters of a description that are shown whole wherever the act is
_ASKED = 120  # characters of it in a question, which has room for 300
_TEXT, _BEGINS, _LENGTH, _MARK = "description", "description begins", "characters", "description sha256"


def wanted(repository: str, text: str) -> Act:
    """Replace it by that text. A long one is told apart by its hash; what is shown is its beginning."""
    if len(text) <= _SHOWN:
        return Act(NAME, repository, {_TEXT: text})
    shown = {_BEGINS: text[:200], _LENGTH: str(len(text)), _MARK: _hash(text)}
    return Act(NAME, repository, shown, {_TEXT: text})


def text_of(act: Act) -> str:
    """The new description. Raises UserError if the act has lost it."""
    text = act.hidden.get(_TEXT, act.parameters.get(_TEXT))
    if text is None:
        raise UserError("This does not say what the new description is. Please ask again.")
    return text


async def resolve(act: Act, quay: Quay) -> Act:
    """Nothing is left open; but what is so already needs no preview."""
    found = await quay.repositories.get(act.repository)
    if found.description == text_of(act):
        raise UserError(f"{act.repository} has exactly that description already. There is nothing to change.")
    needs_write(found, DOES)
    return act


async def pin(act: Act, quay: Quay) -> str:
    """What it is now, as a hash."""
    return _pinned((await quay.repositories.get(act.repository)).description)


async def preview(act: Act, going: Going, _desk: Desk) -> Preview:
    """The old one and the new one, both as they are typed and without any format."""
    old = (await going.quay.repositories.get(act.repository)).description
    head = section(f"*Change the description of {code(act.repository, 260)}*")
    return Preview((head, _paragraph("Now", old), _paragraph("Then", text_of(act))), yes="Change it")


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Change it, look whether it is so, and tell the channel."""
    quay, name, new = going.quay, code(act.repository, 260), text_of(act)
    old = (await quay.repositories.get(act.repository)).description
    seen = await carry_out(
        quay.repositories.describe(act.repository, new),
        lambda: quay.repositories.get(act.repository),
        lambda found: found.description == new,
    )
    now = new if seen.found is None else seen.found.description
    question = f"Give {act.repository[:100]} its old description back? {beginning(old)}"
    change = Change(
        did=f"changed the description of {name}.",
        now=f"its description is {'the new one' if now == new else 'another one'}",
        other="it is another one: somebody may have changed it again",
        where=f"{code('/quay repo ' + act.repository, 300)} shows how it is.",
        undo=Undo(wanted(act.repository, old), _pinned(new), question),
        again="it has the description that it had before",
    )
    return await tell(seen, change, going, desk, _paragraph("Now", now))


def says(act: Act) -> str:
    """Which repository, and the new text as far as it can be shown.

    The ellipsis says that there is more, so nobody is asked to approve that (bot/blocks/approval_whole).
    """
    given = act.parameters
    head = f"Change the description of {code(act.repository, 260)}"
    if _BEGINS in given:
        much = f"{plain(given.get(_LENGTH, ''), 20)} characters, sha256 {code(given.get(_MARK, '')[:12])}"
        return f"{head} ({much}). It begins:\n{fence((given[_BEGINS] + '…').splitlines(), keep='first')}"
    return f"{head} to:\n{fence(given.get(_TEXT, '').splitlines(), keep='first') or '(nothing)'}"


def _paragraph(title: str, text: str) -> dict[str, object]:
    return section(f"*{title}:*\n{fence(text.splitlines(), most=25, keep='first') or '(nothing)'}")


def beginning(text: str) -> str:
    """What a description begins with, for a question in plain text."""
    line = one_line(text)
    if not line:
        return "That was empty."
    return f"That was: “{line}”" if len(line) <= _ASKED else f"That began: “{line[:_ASKED]}…”"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _pinned(text: str) -> str:
    return f"description={_hash(text)[:32] if text else 'none'}"


KIND = ActKind(
    name=NAME,
    run=run,
    says=says,
    resolve=resolve,
    pin=pin,
    quay_log="set_repo_description",
    preview=preview,
    blame=from_log("set_repo_description"),
)
