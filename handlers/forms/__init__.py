"""Commands as forms: made from what a command says about its fields (handlers.command.Form)."""

from handlers.forms.button import form_button, form_id
from handlers.forms.opening import form_actions, open_form, opening, opens_alone
from handlers.forms.sending import form_modals
from handlers.forms.words import Misfits

__all__ = ["Misfits", "form_actions", "form_button", "form_id", "form_modals", "open_form", "opening", "opens_alone"]
