"""The act "describe": another description for a repository."""

import hashlib

from bot.blocks.layout import section
from bot.blocks.text import code, fence, plain
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.ports import Quay
from bot.services.gate import Going
from handlers.acts.rights import needs_write
from handlers.announcing import announce
from handlers.command import ActKind, Desk, Preview, Reply
from handlers.proposing import Undo
from handlers.words import whisper

NAME = "describe"
DOES = "change its description"
LONGEST = 20_000  # characters: more is a document, and belongs elsewhere
_SHOWN = 500  # characters of a description that are shown whole wherever the act is
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
    await quay.repositories.describe(act.repository, new)
    now = (await quay.repositories.get(act.repository)).description
    if now != new:
        going.result.detail = "Quay took it, but the description is another one."
        return whisper(f"Quay took it, but {name} has another description when I look again.", _paragraph("Now", now))
    going.result.detail = "The description is changed, verified."
    question = f"Give {act.repository[:200]} its old description back?"
    undo = Undo(wanted(act.repository, old), _pinned(now), question)
    said = f"<@{going.person.user}> changed the description of {name}. Verified by reading it back."
    await announce(going, desk, said, _paragraph("Now", new), undo=undo)
    return whisper(f"Done. The description of {name} is changed.")


def says(act: Act) -> str:
    """Which repository, and the new text as far as it can be shown."""
    given = act.parameters
    head = f"Change the description of {code(act.repository, 260)}"
    if _BEGINS in given:
        much = f"{plain(given.get(_LENGTH, ''), 20)} characters, sha256 {code(given.get(_MARK, '')[:12])}"
        return f"{head} ({much}). It begins:\n{fence(given[_BEGINS].splitlines(), keep='first')}"
    return f"{head} to:\n{fence(given.get(_TEXT, '').splitlines(), keep='first') or '(nothing)'}"


def _paragraph(title: str, text: str) -> dict[str, object]:
    return section(f"*{title}:*\n{fence(text.splitlines(), most=25, keep='first') or '(nothing)'}")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _pinned(text: str) -> str:
    return f"description={_hash(text)[:32] if text else 'none'}"


KIND = ActKind(
    name=NAME, run=run, says=says, resolve=resolve, pin=pin, quay_log="set_repo_description", preview=preview
)
