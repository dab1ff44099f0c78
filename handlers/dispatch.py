"""From what a person typed, pressed or sent to the handler that answers it, and from every error to a plain sentence.

One of the few places where unexpected exceptions are caught: the person gets a reference, the log gets the rest.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TypeVar

import structlog

from bot.blocks.text import code
from bot.domain.errors import BotError, GiveUp, NotLinked, TryLater, UserError
from bot.domain.messages import Modal
from handlers.actions import ACTIONS
from handlers.command import Action, Ask, Click, Command, Desk, Errors, ModalHandler, Reply, Submission
from handlers.commands import COMMANDS
from handlers.grammar import UsageError, closest, split
from handlers.modals import MODALS
from handlers.words import link_button, sentence, small

log = structlog.stdlib.get_logger(__name__)

T = TypeVar("T")
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # without I and O, which look like digits


def new_reference() -> str:
    """A short id that a person can read to an operator, such as "KDW-407"."""
    return "".join(secrets.choice(_LETTERS) for _ in range(3)) + f"-{secrets.randbelow(1000):03}"


async def run(
    text: str,
    ask: Ask,
    desk: Desk,
    *,
    commands: Mapping[str, Command] = COMMANDS,
    reference: Callable[[], str] = new_reference,
) -> Reply | None:
    """Answer what was typed behind `/quay` or behind a mention. Never raises; `ask.words` is filled in here."""

    async def answer() -> Reply | None:
        words = split(text) or ("help",)
        command = _find(words[0], commands)
        try:
            return await command.run(replace(ask, words=words[1:]), desk)
        except UsageError as error:
            return usage_reply(error, command)

    return await _guarded(answer, reference, what=_word(text, commands), user=ask.person.user)


async def click(
    action_id: str,
    press: Click,
    desk: Desk,
    *,
    handlers: Mapping[str, Action] = ACTIONS,
    reference: Callable[[], str] = new_reference,
) -> Reply | None:
    """Do what a button says. Never raises."""

    async def answer() -> Reply | None:
        if action_id not in handlers:
            raise UserError("This button is of an older version of me and does nothing any more.")
        return await handlers[action_id].run(press, desk)

    return await _guarded(answer, reference, what=action_id, user=press.person.user)


def check(callback: str, submission: Submission, *, handlers: Mapping[str, ModalHandler] = MODALS) -> dict[str, str]:
    """What is wrong in a form, by block id; at once, because Slack waits at most 3 s."""
    return handlers[callback].validate(submission) if callback in handlers else {}


async def submit(
    callback: str,
    submission: Submission,
    desk: Desk,
    *,
    handlers: Mapping[str, ModalHandler] = MODALS,
    reference: Callable[[], str] = new_reference,
) -> Reply | Modal | Errors | None:
    """Work a form off whose fields `check` found fine. Never raises."""

    async def answer() -> Reply | Modal | Errors | None:
        if callback not in handlers:
            raise UserError("This form is of an older version of me. Please open it again.")
        return await handlers[callback].submit(submission, desk)

    return await _guarded(answer, reference, what=callback, user=submission.person.user)


def error_reply(error: BotError) -> Reply:
    """What the person is told: the error's own sentence, with the way to the cure where there is one."""
    if isinstance(error, NotLinked):
        return sentence(error.say, link_button())
    return sentence(error.say)


def usage_reply(error: UsageError, command: Command) -> Reply:
    """What does not fit, and the forms that would."""
    forms = "\n".join(code(f"/quay {form}", 300) for form in command.usage)
    return sentence(error.say, small(f"{forms}\nMore: {code(f'/quay help {command.word}')}"))


def _find(word: str, commands: Mapping[str, Command]) -> Command:
    if (found := commands.get(word.lower())) is not None:
        return found
    guess = closest(word, commands)
    hint = f"Did you mean `/quay {guess}`? " if guess else ""
    raise UserError(f"I do not know “{word[:60]}”. {hint}`/quay help` shows everything I can do.")


async def _guarded(
    answer: Callable[[], Awaitable[T]], reference: Callable[[], str], *, what: str, user: str
) -> T | Reply:
    try:
        return await answer()
    except UserError as error:
        log.info("told the person", what=what, user=user, kind=type(error).__name__, detail=_detail(error))
        return error_reply(error)
    except (TryLater, GiveUp) as error:
        log.warning("could not answer", what=what, user=user, kind=type(error).__name__, detail=_detail(error))
        return error_reply(error)
    except Exception:
        name = reference()
        log.exception("unexpected error", what=what, user=user, reference=name)
        return sentence(
            f"Something went wrong on my side. If it happens again, give this reference to my operator: {name}"
        )


def _detail(error: BotError) -> str:
    """What the log may know: the sentence for the person may quote what was typed, and that may hold a secret."""
    return "" if str(error) == error.say else str(error)


def _word(text: str, commands: Mapping[str, Command]) -> str:
    """The command's word for the log, if it is one: anything else may hold a secret."""
    word = (text.split(maxsplit=1) or ["help"])[0].lower()
    return word if word in commands else "?"
