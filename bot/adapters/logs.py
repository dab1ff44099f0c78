"""Structured logs: facts as key=value (or JSON lines), never payloads, never tokens."""

import logging
import re
import sys
from typing import Any, TextIO

import structlog

# The last line of defence: nothing that looks like a capability or a token leaves the process, whoever logs it.
# A value ends at a backslash, too: in JSON one stands before a quotation mark inside the text.
_SECRETS = re.compile(
    r"(/webhooks/quay/|/quay/(?:link|reveal)/(?=[\w-]{43}))[\w~-]+|([?&](?:code|state)=)[^&\s\"'\\]+"
    r"|(xox[a-z]-|xoxe\.|xapp-)[\w-]+|((?:bearer|basic)\s+)[\w.+/=~-]{8,}"
    r"|((?:access_token|client_secret|token|ticket|password)=)[^&\s\"'\\]+"
    r"|(hooks\.slack(?:-gov)?\.com/)[^\s\"'\\]+"  # answers to a person go there, without any other key
    r"|(://[^/\s:@\"']*:)[^/\s@\"'\\]+(?=@)",  # the password in a database's address
    re.IGNORECASE,
)
_SECRET_NAMES = re.compile(r"token|secret|password|authorization", re.IGNORECASE)
_CHATTY = (
    "httpx",
    "httpcore",
    "slack_sdk",
    "slack_bolt",
    "aiohttp.access",
    "aiosqlite",
    "asyncio",
    "alembic",
)
# It warns of each run that is left out because the last one is not over: once a second while the database hangs.
_WARNS_TOO_MUCH = "apscheduler"


def masked(text: str) -> str:
    """`text` with *** for whatever looks like a webhook capability, a token, a password or an answer's address."""
    return _SECRETS.sub(lambda match: f"{next(group for group in match.groups() if group)}***", text)


def _mask(_: Any, __: str, facts: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {key: _hidden(key, value) for key, value in facts.items()}


def _hidden(key: str, value: Any) -> Any:
    if isinstance(value, str | bytes) and _SECRET_NAMES.search(key):
        return "***"
    return masked(value) if isinstance(value, str) else value


def _mask_line(_: Any, __: str, line: Any) -> str:
    # Lists, exceptions and everything else became text only now.
    return masked(str(line))


def configure(*, level: str = "INFO", form: str = "text", stream: TextIO | None = None) -> None:
    """Send the logs of everybody (ours and the libraries') to `stream` (standard error), one line a fact.

    `form` is "text" for people or "json" for machines.
    """
    stream = stream or sys.stderr
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _mask,
    ]
    last: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,  # a few microseconds a line; so whoever configures again is heard everywhere
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _mask, last, _mask_line],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # Libraries that name addresses (with tokens in them) or payloads at INFO and DEBUG say only what went wrong.
    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))
    logging.getLogger(_WARNS_TOO_MUCH).setLevel(max(logging.ERROR, root.level))
