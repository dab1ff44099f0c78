"""From what is entered in a form to the words that could have been typed, and back. Pure."""

from collections.abc import Mapping, Sequence

from bot.domain.errors import UserError
from handlers.command import Field, Form, Seek
from handlers.grammar import reference
from handlers.grammar.references import bad_tag, valid_tag

_TAGS = (Seek.TAG, Seek.PAST_TAG)


class Misfit(UserError):
    """What is entered in the field `name` does not fit."""

    def __init__(self, name: str, say: str) -> None:
        super().__init__(say)
        self.name = name


class Misfits(UserError):
    """What is entered in several fields does not fit: `each` has the sentence for each field."""

    def __init__(self, each: Mapping[str, str]) -> None:
        super().__init__(" ".join(each.values()))
        self.each = each


def joined(form: Form) -> dict[str, str]:
    """The names of the fields whose tag joins the repository before it: tag by repository."""
    found: dict[str, str] = {}
    before = ""
    for field in form.fields:
        if field.option:
            continue
        if field.seek is Seek.REPOSITORY:
            before = field.name
        elif field.seek in _TAGS and before:
            found.setdefault(before, field.name)
    return found


def filled(form: Form, words: Sequence[str], quay_url: str) -> dict[str, str]:
    """The values, by field, that these words stand for. What fits nowhere is left out."""
    by_option = {field.option: field.name for field in form.fields if field.option}
    values: dict[str, str] = {}
    rest: list[str] = []
    queue = list(words)
    while queue:
        word = queue.pop(0)
        if not word.startswith("--"):
            rest.append(word)
            continue
        name, equals, value = word[2:].partition("=")
        if not equals and queue and not queue[0].startswith("--"):
            value = queue.pop(0)
        if name in by_option:
            values[by_option[name]] = value
    return values | _placed(form, rest, quay_url)


def _placed(form: Form, words: Sequence[str], quay_url: str) -> dict[str, str]:
    tags = joined(form)
    places = [field for field in form.fields if not field.option and field.name not in tags.values()]
    values: dict[str, str] = {}
    for field, word in zip(places, words, strict=False):
        values[field.name] = word
        if field.seek is not Seek.REPOSITORY:
            continue
        try:
            found = reference(word, quay_url)
        except UserError:  # it stands in the form as it was typed; whoever sends it is told
            continue
        values[field.name] = found.repository
        if found.tag and field.name in tags:
            values[tags[field.name]] = found.tag
    return values


def typed(form: Form, values: Mapping[str, str], quay_url: str) -> tuple[str, ...]:
    """The words that could have been typed. Raises Misfit for what no command can take."""
    tags = joined(form)
    words: list[str] = []
    options: list[str] = []
    gap = ""
    for field in form.fields:
        value = values.get(field.name, "")
        if field.option:
            options += [f"--{field.option}={value}"] if value else []
        elif field.name not in tags.values():
            if not value:
                gap = gap or field.name
                continue
            if gap:
                raise Misfit(gap, "Please fill this in as well: what is below builds on it.")
            words.append(_word(field, value, tags.get(field.name, ""), values, quay_url))
    return (*words, *options)


def _word(field: Field, value: str, tag: str, values: Mapping[str, str], quay_url: str) -> str:
    if value.startswith("-"):
        raise Misfit(field.name, "This cannot begin with a dash.")
    if field.seek is not Seek.REPOSITORY:
        return value
    try:
        found = reference(value, quay_url)
    except UserError as error:
        raise Misfit(field.name, error.say) from error
    name = values.get(tag, "") or found.tag
    if not name:
        return found.repository
    if not valid_tag(name):
        raise Misfit(tag or field.name, bad_tag(name).say)
    return f"{found.repository}:{name}"
