"""What one look at a subscription has found, and what follows from that. Pure."""

from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.subscriptions import State
from bot.services.upkeep.mending import Mended

SOON = timedelta(seconds=10)  # something has failed once or twice: at the third time Quay switches it off
RARELY = timedelta(minutes=10)  # what only people can mend
_FOR_EACH = timedelta(seconds=2)  # and repository: many of them are looked at less often
_SENTENCES = 4  # of a reason


@dataclass(frozen=True, slots=True)
class Tended:
    """What was done. `missing` are sentences about what could not be done."""

    made: int = 0
    reset: int = 0
    removed: int = 0
    rotated: int = 0
    missing: tuple[str, ...] = ()


@dataclass(slots=True)
class Look:
    """Sentences: `lost`, where the account may not look after it any more; `left`, where it never might; `missing`,
    what else could not be done. `fine` is how many repositories were looked at, `targets` how many there are.
    """

    targets: int = 1
    fine: int = 0
    username: str = ""
    shaky: bool = False
    dead: bool = False  # the account as such does not serve any more
    lost: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    mended: list[Mended] = field(default_factory=list)

    def add(self, mended: Mended) -> None:
        """One more repository that was looked at."""
        self.fine += 1
        self.mended.append(mended)
        self.shaky = self.shaky or mended.shaky
        self.missing += mended.refused

    @property
    def state(self) -> State:
        """An account that may look after nothing of it has lost it as well."""
        return State.ORPHANED if self.lost or (self.left and not self.fine) else State.ACTIVE

    @property
    def reason(self) -> str:
        """What is wrong with it, "" for nothing."""
        said = list(dict.fromkeys((*self.lost, *self.left, *self.missing)))
        more = f" And {len(said) - _SENTENCES} more like that." if len(said) > _SENTENCES else ""
        return " ".join(one[:400] for one in said[:_SENTENCES]) + more

    def next_in(self, often: timedelta) -> timedelta:
        """How long until the next look."""
        if self.shaky:
            return SOON
        usual = max(often, _FOR_EACH * self.targets)
        return max(usual, RARELY) if self.state is State.ORPHANED else usual

    def tended(self) -> Tended:
        """What was done in all of them."""
        return Tended(
            sum(one.made for one in self.mended),
            sum(one.reset for one in self.mended),
            sum(one.removed for one in self.mended),
            sum(one.rotated for one in self.mended),
            tuple(dict.fromkeys((*self.lost, *self.left, *self.missing))),
        )
