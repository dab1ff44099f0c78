"""What every test stands on."""

import asyncio
import logging
import os
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings

from bot.adapters import logs

pytest_plugins = ["tests.plugins.databases", "tests.plugins.secrecy"]

# A busy machine must not fail a law; in CI the same examples are tried every time.
settings.register_profile("quaybot", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("quaybot")

# pytest-asyncio asks for the current loop; CPython 3.11 would create one that nobody closes, and its ResourceWarning
# would fail some other test under `filterwarnings = error`.
asyncio.set_event_loop(None)


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """Whoever runs the program in a test configures the log of the whole process: the next test shall not notice."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in (*logs._CHATTY, logs._WARNS_TOO_MUCH)}
    yield
    root.handlers = [one for one in root.handlers if one in handlers] + [
        one for one in handlers if one not in root.handlers
    ]
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()
