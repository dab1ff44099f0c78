"""What one look at a subscription has found, and what follows from that. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.subscriptions import State
from bot.services.upkeep.mending import Mended
from bot.services.upkeep.permits import Ruling

SOON = timedelta(seconds=10)  # something has failed once or twice: at the third time Quay switches it off
RARELY = timedelta(minutes=10)  # what only people can mend
_FOR_EACH = timedelta(seconds=2)  # and repository: many of them are looked at less often
_SENTENCES = 4  # of a reason
LEFT_OUT = "{} left out."  # whoever looks after it has been told which


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
    """Sentences: `lost`, by repository, where the account may not look after it any more; `missing`, what else could
    not be done. `fine` is how many repositories were looked at, of `targets` that there are.

    `apart`, by repository, is for whoever looks after it alone: what the policy keeps apart, or the account was never
    an admin of. Everybody else hears only how many these are; those in `left` it may not look after. `rulings` are what
    the policy says about them.
    """

    targets: int = 1
    fine: int = 0
    username: str = ""
    shaky: bool = False
    dead: bool = False  # the account as such does not serve any more
    lost: dict[str, str] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)
    apart: dict[str, str] = field(default_factory=dict)
    rulings: Mapping[str, Ruling] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    mended: list[Mended] = field(default_factory=list)

    def forbids(self, target: str, wanted: str) -> bool:
        """Does the policy surely say no to this repository of a pattern?"""
        ruling = self.rulings.get(target)
        return ruling is not None and not ruling.asks and not ruling.unsure and target != wanted

    def add(self, mended: Mended, *, fine: bool = True) -> None:
        """One more repository that was looked at; `fine`: it is one that may be looked after."""
        self.fine += fine
        self.mended.append(mended)
        self.shaky = self.shaky or mended.shaky
        self.missing += mended.refused

    def deny(self, target: str, why: str, said: str) -> None:
        """The policy says no to it; `said` is for everybody, "" if its name is not for them."""
        self.leave_out(target, why, lost=not said)
        if said:
            self.lost[target] = said

    def leave_out(self, target: str, why: str, *, lost: bool) -> None:
        """Only whoever looks after it hears about it; `lost`: the account may not look after it."""
        self.apart[target] = why
        if lost:
            self.left.add(target)

    @property
    def state(self) -> State:
        """It is an orphan if the account may look after nothing of it any more: a part of it is better than that."""
        return State.ORPHANED if self.dead or ((self.lost or self.left) and not self.fine) else State.ACTIVE

    @property
    def reason(self) -> str:
        """What is wrong with it, "" for nothing."""
        said = self._said
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
            tuple(self._said),
        )

    @property
    def _said(self) -> list[str]:
        """For everybody in the channel."""
        number = len(self.apart.keys() - self.lost.keys())
        left_out = (
            [LEFT_OUT.format("1 repository is" if number == 1 else f"{number} repositories are")] if number else []
        )
        return list(dict.fromkeys((*self.lost.values(), *left_out, *self.missing)))
