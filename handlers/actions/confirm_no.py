"""The button "Cancel" under what was shown."""

from handlers.command import Action
from handlers.offering import cancelled

ACTION = Action(id="confirm_no", run=cancelled)
