"""The smaller parts of a request for approval: people, who may agree, and what it is pinned to. Pure."""

import re
from collections.abc import Sequence

from bot.blocks.clean import one_line
from bot.blocks.tag_marks import image
from bot.blocks.text import clip_list, code, plain
from bot.domain.acts import Request, Stage
from bot.domain.images import GONE
from bot.domain.messages import Block
from bot.domain.people import Person

_USER = re.compile(r"[UW][A-Z0-9]+")
_GROUP = re.compile(r"S[A-Z0-9]+")
_CHANNEL = re.compile(r"[CG][A-Z0-9]+")
_SHOWN = 10  # people or words in one line


def people(*persons: Person | str, before: str = "") -> Block:
    """A line that names people, each in an element of its own: no markup, so nobody can forge one.

    What is no person among them is text.
    """
    shown, more = clip_list(persons, _SHOWN)
    elements = [_text(before)] if before else []
    for index, one in enumerate(shown):
        if isinstance(one, str):
            elements.append(_text(one))
            continue
        if index and isinstance(shown[index - 1], Person):
            elements.append(_text(", "))
        elements.append(_user(one.user))
    return _line([*elements, *([_text(f" {more}")] if more else [])])


def who_words(before: str, words: Sequence[str]) -> Block:
    """A line that names who-words of the policy as people know them."""
    shown, more = clip_list(words, _SHOWN)
    elements = [_text(before)]
    for index, word in enumerate(shown):
        elements += [_text(" or ")] if index else []
        elements += _word(word)
    return _line([*elements, _text(f" ({more})." if more else ".")])


def hangs_in(channel: str) -> tuple[Block, ...]:
    """A line that says in which channel the card is; none for what is no channel that has a name."""
    if not _CHANNEL.fullmatch(channel):
        return ()
    return (_line([_text("Its card is in "), {"type": "channel", "channel_id": channel}, _text(".")]),)


def pinned(pin: str) -> str:
    """What the approval is bound to, as mrkdwn. A pin is "v1=sha256:… latest=none"."""
    marks = [piece.partition("=") for piece in pin.split()]
    if not marks:
        return "Not bound to an image: what it does depends on what is there when it runs."
    shown, more = clip_list(marks, _SHOWN)
    each = ", ".join(f"{code(tag, 130)} {_is_at(state)}" for tag, _, state in shown)
    if any(_is_other(state) for _, _, state in marks):
        moves = "it changes" if len(marks) == 1 else "one of them changes"
    else:
        moves = "a tag moves" if len(marks) == 1 else "one of these tags moves"
    return f"Bound to: {each}{f', {more}' if more else ''}. If {moves} before it runs, the approvals are void."


def explained(request: Request) -> str:
    """What is not shown, and how else one can answer."""
    if request.stage is not Stage.OPEN:  # what is hidden is forgotten then, or cannot be opened any more
        return ""
    hidden = (
        f"secrets in the {plain(', '.join(sorted(request.act.hidden)), 80)} are not shown" if request.act.hidden else ""
    )
    typed = f"or type {code(f'/quay approve {request.name}')}"
    return " · ".join(filter(None, (hidden, typed)))


def _is_other(state: str) -> bool:
    """It is no image that is bound to, but the state of something else."""
    return state not in ("", GONE) and not state.startswith("sha256:")


def _is_at(state: str) -> str:
    if _is_other(state):
        return f"as it is now ({code(state, 130)})"
    return "does not exist yet" if state in ("", GONE) else f"is {image(state)}"


def _word(word: str) -> list[Block]:
    kind, _, name = word.partition(":")
    if kind == "user":
        return [_user(name.rpartition("/")[2])]
    if kind == "group" and _GROUP.fullmatch(name):
        return [{"type": "usergroup", "usergroup_id": name}]
    if kind == "channel" and _CHANNEL.fullmatch(name):
        return [_text("the members of "), {"type": "channel", "channel_id": name}]
    names = {"*": "anybody else", "quay": f"the Quay account {name}", "team": f"the Quay team {name}"}
    return [_text(names.get(kind, word))]


def _user(user: str) -> Block:
    return {"type": "user", "user_id": user} if _USER.fullmatch(user) else _text(user)


def _text(text: str) -> Block:
    """Text where Slack decodes nothing; angle brackets look like markup to nobody."""
    ends = (" " if text[:1] == " " else "", " " if text[-1:] == " " else "")
    inner = one_line(text).replace("<", "‹").replace(">", "›")
    return {"type": "text", "text": f"{ends[0]}{inner}{ends[1]}" if inner else text}


def _line(elements: Sequence[Block]) -> Block:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}
