"""What somebody typed, as a choice of its own: a deleted tag, an image out of a log, a time. Pure."""

import re

from bot.domain.errors import UserError
from bot.rules.robot_names import is_namespace, is_robot
from bot.rules.subscribing import check_target
from handlers.command import Seek
from handlers.grammar import reference
from handlers.grammar.references import valid_tag
from handlers.subscription_finding import target_of

_ID = re.compile(r"[0-9a-fA-F-]{4,64}")


def own_words(seek: Seek, typed: str, quay_url: str) -> str:
    """The word that it stands for; "" if it cannot be one of its kind."""
    if seek is Seek.REPOSITORY:
        try:
            found = reference(typed, quay_url)
        except UserError:
            return ""
        return f"{found.repository}:{found.tag}" if found.tag else found.repository
    if seek is Seek.TARGET:
        try:
            found_target = target_of(typed, quay_url)
            check_target(found_target)
        except UserError:
            return ""
        return found_target
    return typed if _can_be(seek, typed) else ""


def _can_be(seek: Seek, typed: str) -> bool:
    if seek in (Seek.TAG, Seek.PAST_TAG):
        return valid_tag(typed)
    if seek in (Seek.DIGEST, Seek.TRIGGER):  # digests, "previous" and times; ids, services and sources
        return bool(typed) and typed.isprintable() and not typed.startswith("-")
    if seek is Seek.NAMESPACE:
        return is_namespace(typed)
    if seek is Seek.ROBOT:
        return is_robot(typed)
    return _ID.fullmatch(typed) is not None
