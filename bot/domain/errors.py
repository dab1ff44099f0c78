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


class Unseen(UserError):
    """The repository does not exist, or the person may not see it: Quay hides which (facts §3.5)."""

    def __init__(self, say: str, *, repository: str, detail: str = "") -> None:
        super().__init__(say, detail=detail)
        self.repository = repository


class NotLinked(UserError):
    """The person has no usable Quay account linked (none yet, or its token is dead): offer `/quay link`."""


class Denied(UserError):
    """The policy says no. `rule` is the name of the rule that decided.

    `unsure`: only because something could not be found out now, so the answer may be another one later.
    """

    def __init__(self, say: str, *, rule: str = "", unsure: bool = False, detail: str = "") -> None:
        super().__init__(say, detail=detail)
        self.rule = rule
        self.unsure = unsure


class Forbidden(UserError):
    """Quay let this person not do it, and so changed nothing. Somebody else may be let.

    Unlike Lacking and NeedsScope, it is not known that another token of theirs would help.
    """


class Lacking(UserError):
    """Quay let the person not do it: a role in the repository or a scope is missing, or both.

    `needs` is the role, and the end of the scope `repo:<role>`. Quay does not tell which of both it is (facts §4).
    Whoever does not even see the repository `needs` read first. `role` is the sentence for a token that surely has the
    scope: only the role is missing then.
    """

    def __init__(self, say: str, *, repository: str, needs: str, does: str, role: str = "", detail: str = "") -> None:
        super().__init__(say, detail=detail)
        self.repository = repository
        self.needs = needs
        self.does = does
        self.role = role


class NeedsScope(NotLinked):
    """The token is fine, but was made without a scope that this takes: linking anew with `scopes` mends it."""

    def __init__(self, say: str, *, scopes: frozenset[str], detail: str = "") -> None:
        super().__init__(say, detail=detail)
        self.scopes = scopes


class TryLater(BotError):
    """Keep the work and come back. `after` is the number of seconds to wait at least.

    `doubtful`: it may have happened all the same (a time-out, a reset, a 5xx), so look before doing it again.
    """

    def __init__(self, say: str, *, after: float = 0.0, doubtful: bool = False, detail: str = "") -> None:
        super().__init__(say, detail=detail)
        self.after = after
        self.doubtful = doubtful


class Busy(TryLater):
    """The other side is well, and asks for patience (429): `after` is a pace, not a failure.

    `method` is the call that was refused; nothing has happened.
    """

    def __init__(self, say: str, *, after: float = 0.0, method: str = "", detail: str = "") -> None:
        super().__init__(say, after=after, detail=detail)
        self.method = method


class MendToken(TryLater):
    """The bot's own token does not work: only the operator can mend it, and everything is kept until then."""


class Odd(TryLater):
    """One thing was answered in a way that nobody understands: that is its own trouble, nobody else has to wait.

    A few tries may help; then it has to be set aside.
    """


class GiveUp(BotError):
    """Set it aside with its reason and tell the operator: trying again cannot help."""


class Locked(GiveUp):
    """What is sealed cannot be opened now: its key is gone, or it was changed. Linking anew mends it for the person."""


class Refused(GiveUp):
    """The form of what was said is refused, not the saying: its words alone may still be taken."""


class Barred(GiveUp):
    """Nothing can be said in that channel, whatever it is, until somebody mends it. `advice` says how."""

    def __init__(self, say: str, *, advice: str = "", detail: str = "") -> None:
        super().__init__(say, detail=detail)
        self.advice = advice


class Gone(GiveUp):
    """What should be changed is not there any more, or cannot be changed any more: it has to be said anew."""
