"""The button that does what was shown."""

from handlers.acting.offering import confirmed
from handlers.command import Action

ACTION = Action(id="confirm", run=confirmed)
