"""What was looked up about pushed tags, put together: later facts complete earlier ones, none gets lost. Pure."""

from collections.abc import Collection, Iterable, Mapping

from bot.domain.events import Pushed, PushFacts

PLATFORMS, NAMES = 8, 6  # that a card keeps of an image; the others are counted
LONGEST = 80  # characters of a platform or a vulnerability
WAITING = frozenset({"", "queued"})  # Quay's words for scans that are not over
_FACTS = ("digest", "before", "architectures", "size", "grew", "by", "same_as", "findings", "gained", "lost")
_LISTS = {"architectures": PLATFORMS, "gained": NAMES, "lost": NAMES}  # in the order of `PushFacts.unnamed`
_UNKNOWN: Mapping[str, object] = {name: PushFacts.model_fields[name].default for name in _FACTS}


def facts_of(event: Pushed) -> tuple[PushFacts, ...]:
    """What a push brings with it: who pushed its tags, and facts about them."""
    named = [PushFacts(tag=tag, by=event.by) for tag in dict.fromkeys(event.tags)] if event.by else []
    return (*named, *(facts for facts in event.facts if facts.tag in event.tags))


def with_facts(
    known: Mapping[str, PushFacts], found: Iterable[PushFacts], tags: Collection[str]
) -> dict[str, PushFacts]:
    """What is known now about those of `tags`, by tag in their order."""
    after = dict(known)
    for facts in found:
        before = after.get(facts.tag)
        after[facts.tag] = short(facts) if before is None else completed(before, short(facts))
    return {tag: after[tag] for tag in tags if tag in after}


def completed(before: PushFacts, new: PushFacts) -> PushFacts:
    """Both together. About another image the newer one counts alone, whichever was looked up first."""
    if before.digest and new.digest and before.digest != new.digest:
        return before if before.before == new.digest else new
    told = {name: value for name in _FACTS if (value := getattr(new, name)) != _UNKNOWN[name]}
    if new.scan and (new.scan not in WAITING or before.scan in WAITING):
        told["scan"] = new.scan
    counts = (new if name in told else before for name in _LISTS)
    told["unnamed"] = tuple(facts.unnamed[place] for place, facts in enumerate(counts))
    return before.model_copy(update=told)


def short(facts: PushFacts) -> PushFacts:
    """The same in a size that a card can keep: the first names of each list, and how many more there are."""
    unnamed, kept = list(facts.unnamed), dict[str, object]()
    for place, (name, most) in enumerate(_LISTS.items()):
        listed: tuple[str, ...] | None = getattr(facts, name)
        if listed:
            unnamed[place] += max(0, len(listed) - most)
            kept[name] = tuple(one[:LONGEST] for one in listed[:most])
    return facts.model_copy(update={**kept, "unnamed": tuple(unnamed)})
