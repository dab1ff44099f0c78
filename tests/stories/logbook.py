"""What the bot logs in a story, all of it."""

import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from bot.adapters import logs


class Log(logging.Handler):
    """Everything that is logged, before secrets are masked: the mask is the last defence, not the only one."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it.

        A logger that was first used by a command line in this process keeps the ways of then: it hands over the facts
        themselves, for somebody else to write down.
        """
        line = json.dumps(record.msg, default=repr) if isinstance(record.msg, dict) else self.format(record)
        self.lines.append(f"{record.name} {line}")

    def tail(self) -> str:
        """The end of it, for those who wonder why."""
        return "\n".join(self.lines[-25:])


@asynccontextmanager
async def logging_everything() -> AsyncIterator[Log]:
    """Log as in production, but unmasked, and from our own packages everything."""
    root, log = logging.getLogger(), Log()
    handlers, level = root.handlers, root.level
    levels = {name: logging.getLogger(name).level for name in logs._CHATTY}
    logs.configure(level="DEBUG", form="json")
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(default=repr),
        ],
        cache_logger_on_first_use=False,
    )
    root.handlers = [log]
    for name in logs._CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        yield log
    finally:
        root.handlers = handlers
        root.setLevel(level)
        for name, before in levels.items():
            logging.getLogger(name).setLevel(before)
        structlog.reset_defaults()
