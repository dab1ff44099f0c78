"""What we say to people about refusals to change tags and labels."""

from bot.adapters.quay.words import short
from bot.domain.said import short_digest

BAD_TAG = (
    "Quay cannot have a tag of that name. Tags have 1 to 128 letters, digits, dots, dashes and underscores, "
    "and start with a letter, a digit or an underscore."
)
PAST_EXPIRY = "Quay takes only times to come for the end of a tag. Please name a later one."
RESERVED_LABEL = "Labels with that beginning are Quay's own. Please choose another key."
BAD_LABEL = (
    "Quay cannot have a label with that key. Keys have small letters, digits, dots and dashes, "
    "and start and end with a letter or a digit."
)
FIXED_LABEL = "That label is part of the image itself, so it cannot be taken off."


def look_at_history(repository: str, tag: str) -> str:
    """What to do when nobody knows whether a tag was changed."""
    return (
        f"Please look at it with `/quay tag history {short(repository, 255)}:{short(tag, 128)}` before you ask again."
    )


def look_at_labels(repository: str) -> str:
    """What to do when nobody knows whether a label was changed."""
    return f"Please look at the image's labels in {short(repository)} before you ask again."


def immutable(repository: str, tag: str) -> str:
    """A 409: the tag is protected against every change."""
    return (
        f"The tag {short(tag, 128)} of {short(repository)} is immutable, so it can be neither moved nor deleted. "
        "Whoever protects it can change that in Quay."
    )


def collected(repository: str, digest: str) -> str:
    """A 404 for a digest: garbage collection has taken it, or it never was there."""
    return (
        f"Quay does not have the image {short(short_digest(digest))} in {short(repository)}: it never was there, or "
        "Quay has deleted it for good since."
    )
