"""A form that was sent is the command with the words that could have been typed: same policy, preview and approval."""

import re
from collections.abc import Mapping
from functools import partial

from bot.blocks.text import clip
from bot.domain.errors import Unseen, UserError
from bot.rules.times import NoTime
from handlers.command import Ask, Command, Desk, Errors, Field, Form, ModalHandler, Reply, Seek, Submission
from handlers.forms.button import form_id
from handlers.forms.memory import Memory
from handlers.forms.view import block_id, remembered
from handlers.forms.words import Misfit, Misfits, typed
from handlers.grammar import UsageError

_MOST = 500  # characters below a field
_ABOUT_WORDS = (UserError, Unseen, NoTime)  # and no other kinds of them: those are about the person
_MOVED = "You have chosen another repository meanwhile. Please choose this once more."


def form_modals(commands: Mapping[str, Command]) -> dict[str, ModalHandler]:
    """The forms of these commands."""
    with_form = ((command, command.form) for command in commands.values() if command.form)
    found = [
        ModalHandler(form_id(command.word), _fine, partial(_sent, command, form), stays=True)
        for command, form in with_form
    ]
    return {handler.callback: handler for handler in found}


def _fine(_submission: Submission) -> dict[str, str]:
    """What is wrong is found by `_sent`, at once as well, while the form stays open."""
    return {}


async def _sent(command: Command, form: Form, sent: Submission, desk: Desk) -> Reply | Errors | None:
    """Do what the words say. What is wrong with them is said below the field that it is about."""
    memory = Memory.unpack(sent.private)
    names = {field.name: block_id(field, memory) for field in form.fields}
    values = {name: sent.values.get(block, "").strip() for name, block in names.items()}
    try:
        _of_one_repository(form, values, memory, desk.quay_url)
        words = typed(form, values, desk.quay_url)
    except Misfit as error:
        return _below(names[error.name], error, form)
    origin = memory.origin
    try:
        return await command.run(Ask(sent.person, origin.channel, words, response_url=origin.response_url), desk)
    except Misfits as error:
        return Errors({names[name]: _plainly(say, form) for name, say in error.each.items()})
    except UserError as error:
        if not _of_the_words(error):
            raise
        return _below(names[_about(error, form, values)], error, form)


def _of_one_repository(form: Form, values: Mapping[str, str], memory: Memory, quay_url: str) -> None:
    """Raises Misfit if what was chosen inside a repository is not of the one that stands in the form now."""
    now = remembered(form, values, memory.origin, quay_url)
    if not memory.repository or now.repository in ("", memory.repository):
        return
    for field in form.fields:
        if values[field.name] and field.seek and block_id(field, memory) != field.name:
            raise Misfit(field.name, _MOVED)


def _of_the_words(error: UserError) -> bool:
    """Is it about what was entered? What comes out of the gate has a reference, and is answered like any command."""
    return isinstance(error, UsageError) or (type(error) in _ABOUT_WORDS and not getattr(error, "reference", ""))


def _about(error: UserError, form: Form, values: Mapping[str, str]) -> str:
    """The field that the error is about: the option that it names, or the value that it quotes; else the first."""
    options = [field.name for field in form.fields if field.option and f"--{field.option}" in error.say]
    quoted = [name for name, value in values.items() if value and value[:60] in error.say]
    return next(iter([*options, *sorted(quoted, key=lambda name: -len(values[name]))]), _first(form).name)


def _first(form: Form) -> Field:
    """The field that a complaint about everything stands below: what names the target."""
    return next((field for field in form.fields if field.seek is Seek.REPOSITORY), form.fields[0])


def _below(block: str, error: UserError, form: Form) -> Errors:
    return Errors({block: _plainly(error.say, form)})


def _plainly(say: str, form: Form) -> str:
    """As plain text, which is what a form shows."""
    return clip(_in_a_form(say, form).replace("`", ""), _MOST)


def _in_a_form(say: str, form: Form) -> str:
    """What is said of options, for somebody who sees fields: "Fill in “Branch”" and not "Add --branch NAME"."""
    for field in form.fields:
        if field.option:
            say = re.sub(rf"--{re.escape(field.option)}\b(?: [A-Z]+\b)?", f"“{field.label}”", say)
    return say.replace("Add “", "Fill in “")
