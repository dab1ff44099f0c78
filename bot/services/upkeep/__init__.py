"""Keeping subscriptions alive: compared with Quay, tried, mended, and what they missed fetched."""

from dataclasses import dataclass

from bot.services.upkeep.beating import Beating
from bot.services.upkeep.digesting import Digesting
from bot.services.upkeep.looking import Looking
from bot.services.upkeep.recovering import Recovering
from bot.services.upkeep.tending import Tended, Tending

__all__ = ["Beating", "Digesting", "Looking", "Recovering", "Tended", "Tending", "Upkeep"]


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Everything that goes on by itself."""

    tending: Tending
    beating: Beating
    recovering: Recovering
    looking: Looking
    digesting: Digesting
