"""Opening the forms of commands, and keeping them up to date while somebody chooses."""

from collections.abc import Mapping, Sequence
from functools import partial

from bot.domain.people import Person
from handlers.command import Action, Click, Command, Desk, Field, Form, Origin, Seek
from handlers.forms.button import form_id, prefilled
from handlers.forms.memory import Memory
from handlers.forms.view import SEEK, block_id, modal, remembered
from handlers.forms.words import filled, joined
from handlers.paging import outdated

_OPEN_IT_AGAIN = "Please open it again."


def opens_alone(command: Command) -> bool:
    """Does the form open when nothing is typed behind the command? Not if the command says enough without any word."""
    return command.form is not None and any(not field.optional for field in command.form.fields)


async def open_form(
    command: Command, words: Sequence[str], person: Person, trigger: str, origin: Origin, desk: Desk
) -> None:
    """Open the form with these words filled in, for somebody who has an account. Raises NotLinked and what Slack says.

    `trigger` lives for three seconds and opens one modal.
    """
    form = _form(command)
    await desk.accounts.of(person)
    if not words and form.prefill is not None:
        words = await form.prefill(person, origin.channel, desk)
    values = filled(form, words, desk.quay_url)
    await desk.voice.open(trigger, modal(command, form, values, remembered(form, values, origin, desk.quay_url)))


def form_actions(commands: Mapping[str, Command]) -> dict[str, Action]:
    """The buttons that open the forms of these commands, and the fields on whose choice a form is shown anew."""
    with_form = {form_id(word): command for word, command in commands.items() if command.form}
    found = {name: opening(name, command) for name, command in with_form.items()}
    for seek in (Seek.REPOSITORY, Seek.TAG, Seek.PAST_TAG):
        found[SEEK + seek] = Action(SEEK + seek, partial(_chosen, with_form))
    return found


def opening(name: str, command: Command) -> Action:
    """The button, or the shortcut, with that id. Its value is what is filled in."""

    async def run(click: Click, desk: Desk) -> None:
        """Open the form."""
        await open_form(command, prefilled(click.value), click.person, click.trigger, click.origin, desk)

    return Action(name, run, window=True)


async def _chosen(commands: Mapping[str, Command], click: Click, desk: Desk) -> None:
    """Show the form again, with fields that search inside what is chosen now."""
    if click.callback not in commands:
        raise outdated("form", _OPEN_IT_AGAIN)
    command = commands[click.callback]
    form, before = _form(command), Memory.unpack(click.private)
    values = {field.name: click.values.get(block_id(field, before), "") for field in form.fields}
    now = remembered(form, values, before.origin, desk.quay_url)
    kept = {field.name: values[field.name] for field in form.fields if not _left_behind(field, before, now)}
    now = remembered(form, kept, before.origin, desk.quay_url)
    kept |= {tag: now.tag for tag in joined(form).values() if now.tag}  # an image that was chosen with its tag
    if now != before:
        await desk.voice.update_view(click.view, modal(command, form, kept, now))


def _left_behind(field: Field, before: Memory, now: Memory) -> bool:
    """Was it chosen inside something that is not chosen any more?"""
    name = block_id(field, before)
    return name not in (field.name, block_id(field, now))


def _form(command: Command) -> Form:
    if command.form is None:
        raise outdated("form", _OPEN_IT_AGAIN)
    return command.form
