"""The button "Undo" under an announcement."""

from handlers.command import Action
from handlers.offering import undone

ACTION = Action(id="undo", run=undone)
