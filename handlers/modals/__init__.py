"""Every form that can be sent. The windows of logs and lists send nothing: their buttons are actions."""

from collections.abc import Mapping

from handlers.command import ModalHandler
from handlers.modals import deny, link, link_code

MODALS: Mapping[str, ModalHandler] = {
    handler.callback: handler for handler in (deny.MODAL, link.MODAL, link_code.MODAL)
}
