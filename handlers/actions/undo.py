"""The button "Undo" under an announcement."""

from handlers.acting.offering import undone
from handlers.command import Action

ACTION = Action(id="undo", run=undone)
