"""From what a person typed, pressed or sent to the handler that answers it, and from every error to a plain sentence.

One of the few places where unexpected exceptions are caught: the person gets a reference, the log gets the rest.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import structlog

from bot.blocks.layout import actions, button
from bot.blocks.text import code
from bot.domain.errors import BotError, GiveUp, Locked, NeedsScope, NotLinked, TryLater, UserError
from bot.domain.messages import Modal
from bot.services.references import new_reference
from handlers.actions import ACTIONS
from handlers.command import Action, Ask, Click, Command, Desk, Errors, ModalHandler, Reply, Submission
from handlers.commands import COMMANDS
from handlers.commands.help import ALIASES, family
from handlers.forms import form_actions, form_id, form_modals, open_form, opens_alone
from handlers.grammar import UsageError, split
from handlers.grammar.guessing import unknown
from handlers.keeping import Wish, keep
from handlers.modals import MODALS
from handlers.paging import outdated
from handlers.shortcuts import shortcut_actions
from handlers.words import link_button, sentence, small, whisper

log = structlog.stdlib.get_logger(__name__)

T = TypeVar("T")

# Here the commands meet the buttons and forms, some of which are made from commands.
BUTTONS: Mapping[str, Action] = {**ACTIONS, **form_actions(COMMANDS), **shortcut_actions(COMMANDS)}
FORMS: Mapping[str, ModalHandler] = {**MODALS, **form_modals(COMMANDS)}

_ASK_AGAIN = "Then ask again."
_KEPT = "I remember what you asked for: link your account within 15 minutes, and I do it by myself."


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
        typed = split(text) or ("help",)
        if len(typed) == 1 and (more := family(typed[0], commands.values())):
            return more
        command, words = _find(typed, commands)
        if not words and opens_alone(command) and (ask.trigger or ask.response_url):
            return await _form(command, ask, desk)
        try:
            _fit(command, words)
            return await command.run(replace(ask, words=words), desk)
        except UsageError as error:
            return usage_reply(error, command)

    return await _guarded(answer, Wish(text, ask), desk, reference, what=_word(text, commands))


async def click(
    action_id: str,
    press: Click,
    desk: Desk,
    *,
    handlers: Mapping[str, Action] = BUTTONS,
    reference: Callable[[], str] = new_reference,
) -> Reply | None:
    """Do what a button says. Never raises."""

    async def answer() -> Reply | None:
        if action_id not in handlers:
            raise outdated("button")
        if handlers[action_id].window and not press.trigger:
            return _anew(action_id, press)
        return await handlers[action_id].run(press, desk)

    return await _guarded(answer, Wish(action_id, press), desk, reference, what=action_id)


def check(callback: str, submission: Submission, *, handlers: Mapping[str, ModalHandler] = FORMS) -> dict[str, str]:
    """What is wrong in a form, by block id; at once, because Slack waits at most 3 s."""
    return handlers[callback].validate(submission) if callback in handlers else {}


def stays(callback: str, *, handlers: Mapping[str, ModalHandler] = FORMS) -> bool:
    """Does the form stay open until it is worked off?"""
    return callback in handlers and handlers[callback].stays


async def submit(
    callback: str,
    submission: Submission,
    desk: Desk,
    *,
    handlers: Mapping[str, ModalHandler] = FORMS,
    reference: Callable[[], str] = new_reference,
) -> Reply | Modal | Errors | None:
    """Work a form off whose fields `check` found fine. Never raises."""

    async def answer() -> Reply | Modal | Errors | None:
        if callback not in handlers:
            raise outdated("form", "Please open it again.")
        return await handlers[callback].submit(submission, desk)

    return await _guarded(answer, Wish(callback, submission), desk, reference, what=callback)


def error_reply(error: BotError, *, kept: bool = False) -> Reply:
    """What the person is told: the error's own sentence, with the way to the cure where there is one.

    `kept`: what they asked for comes back by itself.
    """
    if not isinstance(error, NotLinked | Locked):
        return sentence(error.say)
    cure = link_button("Link again with that scope", error.scopes) if isinstance(error, NeedsScope) else link_button()
    return sentence(error.say, cure, small(_KEPT if kept else _ASK_AGAIN))


def usage_reply(error: UsageError, command: Command) -> Reply:
    """What does not fit, and the forms that would."""
    forms = "\n".join(code(f"/quay {form}", 300) for form in command.usage)
    return sentence(error.say, small(f"{forms}\nMore: {code(f'/quay help {command.word}')}"))


async def _form(command: Command, ask: Ask, desk: Desk) -> Reply | None:
    """The form of a command that was typed alone; what comes back after linking has no trigger any more."""
    if not ask.trigger:
        return _anew(form_id(command.word), Click(ask.person, ask.channel))
    await open_form(command, (), ask.person, ask.trigger, ask.origin, desk)
    return None


def _find(words: Sequence[str], commands: Mapping[str, Command]) -> tuple[Command, tuple[str, ...]]:
    """The command that these words begin with, of two words or of one, and the words behind it."""
    for size in (2, 1):
        typed = " ".join(words[:size]).lower()
        if (found := commands.get(ALIASES.get(typed, typed))) is not None:
            return found, tuple(words[size:])
    raise UserError(unknown(words, commands))


def _fit(command: Command, words: Sequence[str]) -> None:
    """Raises UsageError for an option, if the command has none at all; others say themselves which they have."""
    strange = next((word for word in words if word.startswith("--") and not any(map(str.isspace, word))), "")
    if strange and not any("--" in form for form in command.usage):
        raise UsageError(f"`{command.word}` has no option {strange.partition('=')[0][:40]}.")


def _anew(action_id: str, press: Click) -> Reply:
    """What was pressed before the account was linked opens a window, and Slack opens those only for a fresh press."""
    again = button(action_id, "Open it now", value=press.value, style="primary")
    return whisper("It opens a window, and Slack wants a fresh click for that:", actions(again))


async def _guarded(
    answer: Callable[[], Awaitable[T]], wish: Wish, desk: Desk, reference: Callable[[], str], *, what: str
) -> T | Reply:
    user = wish.person.user
    try:
        return await answer()
    except UserError as error:
        log.info("told the person", what=what, user=user, kind=type(error).__name__, detail=_detail(error))
        return error_reply(error, kept=isinstance(error, NotLinked) and await keep(wish, desk))
    except (TryLater, GiveUp) as error:
        log.warning("could not answer", what=what, user=user, kind=type(error).__name__, detail=_detail(error))
        reply = error_reply(error, kept=isinstance(error, Locked) and await keep(wish, desk))
        return _referred(reply, error)
    except Exception as error:
        name = getattr(error, "reference", "") or reference()  # the gate's, if it has written about it
        log.exception("unexpected error", what=what, user=user, reference=name)
        return sentence(
            f"Something went wrong on my side. If it happens again, give this reference to my operator: {name}"
        )


def _referred(reply: Reply, error: BotError) -> Reply:
    """The reply with the reference by which the error stands in the audit, if it does (Gate.entering)."""
    name = getattr(error, "reference", "")
    if not name:
        return reply
    message = replace(reply.message, blocks=(*reply.message.blocks, small(f"Reference {name}")))
    return replace(reply, message=message)


def _detail(error: BotError) -> str:
    """What the log may know: the sentence for the person may quote what was typed, and that may hold a secret."""
    return "" if str(error) == error.say else str(error)


def _word(text: str, commands: Mapping[str, Command]) -> str:
    """The command's word for the log, if it is one: anything else may hold a secret."""
    words = text.lower().split(maxsplit=2) or ["help"]
    typed = [" ".join(words[:size]) for size in (2, 1)]
    return next((word for one in typed if (word := ALIASES.get(one, one)) in commands), "?")
