"""What can go wrong, by what has to be done next.

Three kinds, each with `say`, a sentence a person may read. Everything else a person should not see (status lines,
bodies, addresses) goes into the exception's own text, which is only ever logged.
"""


class BotError(Exception):
    """The root. `say` is safe to show to anyone; `detail` is for the log and holds no secret."""

    def __init__(self, say: str, *, detail: str = "") -> None:
        super().__init__(detail or say)
        self.say = say


class UserError(BotError):
    """The person who asked can mend it: tell them, in private, and log at info."""


class NotLinked(UserError):
    """The person has no usable Quay account linked (none yet, or its token is dead): offer `/quay link`."""


class TryLater(BotError):
    """Keep the work and come back. `after` is the number of seconds to wait at least.

    `doubtful`: it may have happened all the same (a time-out, a reset, a 5xx), so look before doing it again.
    """

    def __init__(self, say: str, *, after: float = 0.0, doubtful: bool = False, detail: str = "") -> None:
        super().__init__(say, detail=detail)
        self.after = after
        self.doubtful = doubtful


class GiveUp(BotError):
    """Set it aside with its reason and tell the operator: trying again cannot help."""


class Refused(GiveUp):
    """The form of what was said is refused, not the saying: its words alone may still be taken."""


class Gone(GiveUp):
    """What should be changed is not there any more, or cannot be changed any more: it has to be said anew."""
