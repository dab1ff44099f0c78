"""What was found out about pushed tags, in words: image, platforms, size, findings, and who pushed."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from bot.blocks.finding_words import numbers
from bot.blocks.parts import facts, tag_name
from bot.blocks.tag_marks import image
from bot.blocks.text import bare, code, count, plain, size
from bot.domain.events import PushFacts

NAMES, PLATFORMS = 3, 4  # that a card shows of a list
_SCANS: Mapping[str, str] = {
    "queued": "the scan is running",
    "unsupported": "the scanner cannot look into this kind of image",
    "failed": "the scanner tried and failed",
    "manifest_layer_too_large": "a layer is too large for the scanner",
}


def whole(found: PushFacts) -> str:
    """Everything about the image of one tag, a line for each side of it; empty if nothing is known."""
    same_as = code(tag_name(found.same_as))
    again = "the tag had this image before" if found.digest and found.digest == found.before else ""
    lines = (
        facts(image(found.digest) if found.digest else "", platforms(found), sized(found)),
        _sentence(facts(f"same image as {same_as}" if same_as else "", again)),
        f"🛡️ {_sentence(scan)}" if (scan := findings(found)) else "",
    )
    return "\n".join(filter(None, lines))


def brief(found: PushFacts) -> str:
    """The same in a few words beside the tags of a longer list."""
    if found.findings is None:
        scan = "scan is running" if found.scan == "queued" else ""
    else:
        scan = facts(_counted(found), f"{new:,} new" if (new := _number(found.gained, found.unnamed[1])) else "")
    several = len(found.architectures) + found.unnamed[0]
    return facts(count(several, "platform") if several > 1 else "", sized(found), scan)


def spoken(found: PushFacts) -> str:
    """What matters most of it, for a message's `text`: findings, and that it is an image that is there already."""
    scan = findings(found, bare) if found.findings is not None else ""
    same_as = f"same image as {bare(tag_name(found.same_as), 60)}" if found.same_as.strip() else ""
    said = filter(None, (same_as, scan))
    return "".join(f" {_sentence(words)}." for words in said)


def sized(found: PushFacts) -> str:
    """How big, and how much bigger or smaller than the image before: "84 MiB (+3.1 MiB)"."""
    if found.size is None:
        return ""
    if found.grew is None or found.digest == found.before:
        return size(found.size)
    change = f"{'+' if found.grew > 0 else '−'}{size(abs(found.grew))}" if found.grew else "same size"
    return f"{size(found.size)} ({change})"


def platforms(found: PushFacts) -> str:
    """The platforms of an index: "linux/amd64, linux/arm64, +3 more"."""
    return _listed(found.architectures, found.unnamed[0], PLATFORMS, plain)


def findings(found: PushFacts, said: Callable[[str, int], str] = plain) -> str:
    """How many, how severe, and what has changed; or why nobody knows. Empty if the scanner was not asked.

    `said` makes foreign text harmless: `plain` for blocks, `bare` for a message's `text`.
    """
    if found.findings is None:
        return _SCANS.get(found.scan, "")
    compared = found.gained is not None or found.lost is not None
    gained = _listed(found.gained or (), found.unnamed[1], NAMES, said)
    lost = _listed(found.lost or (), found.unnamed[2], NAMES, said)
    change = "; ".join(filter(None, (f"new: {gained}" if gained else "", f"gone: {lost}" if lost else "")))
    change = change or ("as before" if compared and any(found.findings) else "")
    running = "; the scan is running" if found.scan == "queued" else ""
    return f"{_counted(found)}{f' ({change})' if change else ''}{running}"


def pushers(found: Iterable[PushFacts]) -> str:
    """Who pushed, if it is one account for all of them: "pushed by acme+ci"."""
    names = {one.by.strip() for one in found}
    name = plain(names.pop(), 80) if len(names) == 1 else ""
    return f"pushed by {name}" if name else ""


def _sentence(words: str) -> str:
    """With a capital at its beginning."""
    return words[:1].upper() + words[1:]


def _counted(found: PushFacts) -> str:
    counts = found.findings
    return "no vulnerabilities" if counts is None or not any(counts) else numbers(counts)


def _number(names: Sequence[str] | None, more: int) -> int:
    return len(names or ()) + more


def _listed(names: Sequence[str], unnamed: int, most: int, said: Callable[[str, int], str]) -> str:
    """The first names, and how many more there are."""
    shown = list(filter(None, (said(name, 60) for name in names[:most])))
    rest = len(names) + unnamed - len(shown)
    return ", ".join([*shown, *([f"+{rest:,} more"] if rest > 0 else [])])
