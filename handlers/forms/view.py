"""A command's form as a modal. Pure.

Fields that search inside what is chosen in another field are called differently for each such choice: Slack keeps what
a field holds by its ids, so a tag of one repository never stays in the form of another (slack facts §8).
"""

import hashlib
from collections.abc import Mapping

from bot.blocks import limits
from bot.blocks.layout import context, input_block, option, search, select, text_input
from bot.domain.errors import UserError
from bot.domain.messages import Block, Modal
from handlers.command import Command, Field, Form, Origin, Seek
from handlers.forms.button import form_id
from handlers.forms.memory import Memory
from handlers.forms.words import joined
from handlers.grammar import reference

SEEK = "seek:"  # begins the action ids of the fields that search
_WITHIN = (Seek.TAG, Seek.PAST_TAG, Seek.TRIGGER, Seek.BUILD)  # a repository
_HINT = {
    Seek.REPOSITORY: "Type a part of its name",
    Seek.TARGET: "Type a part of its name, or acme/*",
    Seek.DIGEST: "Choose one, or type when: previous, 2h ago",
    Seek.ROBOT: "namespace+name",
}


def modal(command: Command, form: Form, values: Mapping[str, str], memory: Memory) -> Modal:
    """The form with these values in its fields."""
    blocks = [_block(form, field, values.get(field.name, ""), memory) for field in form.fields]
    return Modal(
        callback=form_id(command.word),
        title=form.title,
        blocks=(context(f"{command.summary}."), *blocks),
        submit=form.submit,
        close="Cancel",
        private=memory.pack(),
    )


def block_id(field: Field, memory: Memory) -> str:
    """What the field's block is called, with what the form remembers now."""
    inside = ""
    if field.seek in _WITHIN:
        inside = memory.repository
    elif field.seek is Seek.DIGEST and memory.tag:
        inside = f"{memory.repository}:{memory.tag}"
    return f"{field.name}@{hashlib.sha256(inside.encode()).hexdigest()[:8]}" if inside else field.name


def remembered(form: Form, values: Mapping[str, str], origin: Origin, quay_url: str) -> Memory:
    """What a form with these values remembers: the first repository, and the tag that belongs to it."""
    name = next((field.name for field in form.fields if field.seek is Seek.REPOSITORY), "")
    try:
        found = reference(values.get(name, ""), quay_url)
    except UserError:
        return Memory(origin)
    return Memory(origin, found.repository, values.get(joined(form).get(name, ""), "") or found.tag)


def _block(form: Form, field: Field, value: str, memory: Memory) -> Block:
    return input_block(
        block_id(field, memory),
        field.label,
        _element(field, value),
        hint=field.hint,
        optional=field.optional,
        dispatch=_steers(form, field),
    )


def _steers(form: Form, field: Field) -> bool:
    """Do other fields search inside what is chosen here?"""
    seeks = {one.seek for one in form.fields}
    if field.seek is Seek.REPOSITORY:
        return not seeks.isdisjoint({*_WITHIN, Seek.DIGEST})
    return Seek.DIGEST in seeks and field.name in joined(form).values()


def _element(field: Field, value: str) -> Block:
    if field.choices:
        options = {chosen: option(label, chosen) for chosen, label in field.choices}
        if value and value not in options and len(value) <= limits.OPTION_VALUE:  # it is so, and may stay
            options[value] = option(value, value)
        return select("choice", options.values(), placeholder=field.placeholder, initial=options.get(value))
    if field.seek and len(value) <= limits.OPTION_VALUE:
        return search(
            SEEK + field.seek,
            least=1 if field.seek in (Seek.REPOSITORY, Seek.TARGET) else 0,
            placeholder=field.placeholder or _HINT.get(field.seek, "Type to search"),
            initial=option(value, value) if value else None,
        )
    longest = limits.INPUT_LENGTH
    return text_input(
        "text", initial=value[:longest], placeholder=field.placeholder, multiline=field.multiline, longest=longest
    )
