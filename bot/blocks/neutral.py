"""Could foreign text have become markup? A check of whole messages and views, independent of who worded them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_OURS = re.compile(
    r"<!date\^-?\d+\^[^<>|^]+\|[^<>|]+>"  # a time, made by bot.blocks.text.when
    r"|<https?://[^<>|\s]+(?:\|[^<>]+)?>"  # a link
)
_MENTION = re.compile(r"<(?:@(?=[UW])|#(?=[CG]))([A-Z0-9]+)>")  # a person, or a channel
_NAMES = "names:"  # how the id of a block begins that says whom its message mentions


def naming(*ids: str) -> str:
    """The id of a block of a message that may mention these people and channels (up to twenty).

    No text can forge it: only code makes blocks.
    """
    return _NAMES + ",".join(dict.fromkeys(ids))


def mentioned(said: str) -> tuple[str, ...]:
    """The people whom a text of our own mentions; foreign text in it was made harmless before."""
    return tuple(dict.fromkeys(re.findall(r"<@([^<>|\s]+)>", said)))


def named(payload: Mapping[str, Any]) -> frozenset[str]:
    """The people and channels that a message may mention, by the ids of its blocks."""
    ids = [str(block.get("block_id", "")) for block in payload.get("blocks") or () if isinstance(block, Mapping)]
    return frozenset(user for id_ in ids if id_.startswith(_NAMES) for user in id_.removeprefix(_NAMES).split(","))


def neutral_problems(payload: Mapping[str, Any], *, mentions: frozenset[str] = frozenset()) -> list[str]:
    """Every piece of markup that we cannot have meant: raw `<!`, `<@`, `<#`, other angle brackets, auto-linking text.

    `mentions` are the ids of the people and channels that the message may mention.
    """
    found = [f"/{name}: must not be on" for name in ("link_names", "unfurl_links", "unfurl_media") if payload.get(name)]
    if payload.get("parse") == "full":
        found.append("/parse: must not be full")
    return [*found, *_walk(payload, "", mentions)]


def _walk(value: Any, at: str, mentions: frozenset[str]) -> Iterator[str]:
    if isinstance(value, list | tuple):
        for index, entry in enumerate(value):
            yield from _walk(entry, f"{at}/{index}", mentions)
    elif isinstance(value, Mapping):
        kind = value.get("type")
        if kind == "mrkdwn" and value.get("verbatim") is not True:
            yield f"{at}/verbatim: must be true"
        for name, entry in value.items():
            if isinstance(entry, str) and name in {"text", "fallback"} and kind not in {"plain_text", "raw_text"}:
                yield from _raw(entry, f"{at}/{name}", mentions)
            else:
                yield from _walk(entry, f"{at}/{name}", mentions)


def _raw(text: str, at: str, mentions: frozenset[str]) -> Iterator[str]:
    rest = _OURS.sub("", text)
    rest = _MENTION.sub(lambda match: "" if match[1] in mentions else match[0], rest)
    for match in re.finditer(r"<[!@#]?|>", rest):
        yield f"{at}: raw {match[0]!r} in {rest[match.start() : match.start() + 20]!r}"
