"""Every button and what it does."""

from collections.abc import Mapping

from handlers.actions import (
    approve,
    audit_older,
    build_cancel,
    build_logs,
    build_retry,
    deny,
    link_cancel,
    link_code,
    link_start,
    list_paging,
    log_paging,
    open_quay,
    show_all,
)
from handlers.command import Action

ACTIONS: Mapping[str, Action] = {
    action.id: action
    for action in (
        approve.ACTION,
        audit_older.ACTION,
        build_cancel.ACTION,
        build_logs.ACTION,
        build_retry.ACTION,
        deny.ACTION,
        link_cancel.ACTION,
        link_code.ACTION,
        link_start.OPEN,
        link_start.PASTE,
        link_start.START,
        list_paging.CSV,
        list_paging.NEXT,
        list_paging.PREVIOUS,
        log_paging.OLDER,
        log_paging.NEWER,
        log_paging.REFRESH,
        open_quay.ACTION,
        show_all.ACTION,
    )
}
