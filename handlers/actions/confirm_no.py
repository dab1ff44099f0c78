"""The button "Cancel" under what was shown."""

from handlers.acting.offering import cancelled
from handlers.command import Action

ACTION = Action(id="confirm_no", run=cancelled)
