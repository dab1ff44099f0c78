"""What a look at a change shows after it was made."""

from enum import StrEnum


class Sight(StrEnum):
    """Is it as it was wanted?"""

    YES = "yes"
    OTHER = "other"  # something else is there
    UNKNOWN = "unknown"  # it could not be looked at
