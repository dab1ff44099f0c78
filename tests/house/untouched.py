"""Leaves the logging of the test run as it was."""

import logging
from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture
def untouched_logs() -> Iterator[None]:
    """For tests that configure logging, which belongs to the whole process."""
    root = logging.getLogger()
    names = ["", *(name for name in root.manager.loggerDict)]
    levels = {name: logging.getLogger(name).level for name in names}
    handlers, configured, before = root.handlers[:], structlog.is_configured(), structlog.get_config()
    yield
    root.handlers = handlers
    for name in {*levels, *root.manager.loggerDict}:
        logging.getLogger(name).setLevel(levels.get(name, logging.NOTSET))
    if configured:
        structlog.configure(**before)
    else:
        structlog.reset_defaults()
