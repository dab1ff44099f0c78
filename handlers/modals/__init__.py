"""Every form that can be sent. The windows of logs and lists send nothing: their buttons are actions."""

from collections.abc import Mapping

from handlers.command import ModalHandler
from handlers.modals import link

MODALS: Mapping[str, ModalHandler] = {handler.callback: handler for handler in (link.MODAL,)}
