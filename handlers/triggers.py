"""Choosing the build trigger that somebody means. Pure."""

from collections.abc import Sequence

from bot.domain.errors import UserError
from bot.domain.repositories import Trigger
from handlers.build_wish import BuildWish

CUSTOM = "custom-git"
_ID_PREFIX = 4  # the fewest characters of an id that name a trigger
_SHOWN = 10


def choose(wish: BuildWish, triggers: Sequence[Trigger]) -> Trigger:
    """The trigger to start for this wish. Raises UserError that says what is missing, with the triggers there are."""
    usable = [trigger for trigger in triggers if trigger.active and trigger.enabled]
    if not triggers:
        raise UserError(f"{wish.repository} has no build triggers. Build an archive: add --archive-url https://…")
    if wish.trigger:
        chosen = named(wish.repository, wish.trigger, triggers)
    elif len(usable) == 1:
        chosen = usable[0]
    else:
        raise UserError(_which(wish, usable, triggers))
    if not (chosen.active and chosen.enabled):
        raise UserError(f"The trigger {short(chosen)} {_off(wish.repository, chosen)}")
    _fits(wish, chosen)
    return chosen


def short(trigger: Trigger) -> str:
    """A trigger by its service and the beginning of its id."""
    return f"{trigger.service} {trigger.id[:8]}"


def _which(wish: BuildWish, usable: Sequence[Trigger], triggers: Sequence[Trigger]) -> str:
    """Why none of several could be chosen, and what to type."""
    repository = wish.repository
    if len(triggers) == 1:
        return f"The only trigger, {short(triggers[0])}, {_off(repository, triggers[0])}"
    if not usable:
        on = f"`/quay trigger enable {repository} ID` switches one on."
        return f"{repository} has no trigger that is switched on. {listed(triggers)} {on}"
    start = f"--commit {wish.commit}" if wish.commit else f"--branch {wish.branch or 'NAME'}"
    example = f"`/quay trigger start {repository} {usable[0].id[:8]} {start}`"
    return f"{repository} has several triggers. Name the one to start, like this: {example}. {listed(triggers)}"


def _off(repository: str, trigger: Trigger) -> str:
    """That it does not work, and what to do about that."""
    if not trigger.active:
        return "is not set up to the end. Please finish its set-up in Quay first."
    return f"is switched off. `/quay trigger enable {repository} {trigger.id[:8]}` switches it on."


def listed(triggers: Sequence[Trigger]) -> str:
    """The triggers in one sentence of plain text; empty when there are none."""
    if not triggers:
        return ""
    names = [described(trigger) for trigger in triggers[:_SHOWN]]
    more = f" and {len(triggers) - _SHOWN} more" if len(triggers) > _SHOWN else ""
    return f"The triggers are: {', '.join(names)}{more}."


def described(trigger: Trigger) -> str:
    """A trigger in a few plain words: service, beginning of its id, source, and whether it works."""
    source = f" of {trigger.source[:120]}" if trigger.source else ""
    return short(trigger) + source + ("" if trigger.active and trigger.enabled else " (switched off)")


def named(repository: str, name: str, triggers: Sequence[Trigger]) -> Trigger:
    """The one trigger that `name` means: its id or the beginning of it, its service, its source; "" if there is one.

    Raises UserError with the triggers that there are.
    """
    if not triggers:
        raise UserError(f"{repository} has no build triggers.")
    if not name and len(triggers) == 1:
        return triggers[0]
    if not name:
        raise UserError(f"{repository} has several triggers. Name one by the beginning of its id. {listed(triggers)}")
    for is_it in (_has_id, _has_word, _ends_with):  # from the surest to the vaguest
        found = [trigger for trigger in triggers if is_it(trigger, name.lower())]
        if len(found) == 1:
            return found[0]
        if found:
            raise UserError(f"“{name[:60]}” could be several triggers. Name it by its id. {listed(found)}")
    raise UserError(f"{repository} has no trigger “{name[:60]}”. {listed(triggers)}")


def _has_id(trigger: Trigger, name: str) -> bool:
    return trigger.id.lower() == name or (len(name) >= _ID_PREFIX and trigger.id.lower().startswith(name))


def _has_word(trigger: Trigger, name: str) -> bool:
    return name in (trigger.service.lower(), trigger.source.lower())


def _ends_with(trigger: Trigger, name: str) -> bool:
    """`web` or `acme/web` means the source `https://git.example/acme/web.git`."""
    source = trigger.source.lower().rstrip("/").removesuffix(".git")
    return bool(name) and source.endswith(("/" + name, ":" + name))


def _fits(wish: BuildWish, trigger: Trigger) -> None:
    """Custom git starts from a commit, hosted git from a branch; Quay refuses anything else (facts §3.3)."""
    if trigger.service == CUSTOM and not wish.commit:
        raise UserError(f"The trigger {described(trigger)} starts from a commit. Add --commit SHA, without --branch.")
    if trigger.service != CUSTOM and not wish.branch:
        raise UserError(f"The trigger {described(trigger)} starts from a branch. Add --branch NAME, without --commit.")
