"""What the words of the command line share: an event loop, plain lines on standard error, exit codes."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn, TypeVar

try:
    from uvloop import new_event_loop as _fast_loop

    new_event_loop: Callable[[], asyncio.AbstractEventLoop] = _fast_loop
except ImportError:  # not on every platform; the standard loop does the same more slowly
    new_event_loop = asyncio.new_event_loop

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Do this in an event loop of its own."""
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(work)


def fail(*lines: str) -> NoReturn:
    """Say these lines and end with exit code 1."""
    for line in lines:
        note(line)
    sys.exit(1)


def harmless(said: str | bytes) -> str:
    r"""Somebody else's words for a terminal: whatever is no picture (but a line's end) is spelled out, as \x1b is."""
    text = said.decode(errors="backslashreplace") if isinstance(said, bytes) else said
    return "".join(char if char.isprintable() or char == "\n" else ascii(char)[1:-1] for char in text)


def say(line: str) -> None:
    """Say a line of the result, which may repeat what somebody else wrote."""
    print(harmless(line))


def note(line: str) -> None:
    """Say a line that is not part of the result."""
    print(harmless(line), file=sys.stderr)
