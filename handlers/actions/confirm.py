"""The button that does what was shown."""

from handlers.command import Action
from handlers.offering import confirmed

ACTION = Action(id="confirm", run=confirmed)
